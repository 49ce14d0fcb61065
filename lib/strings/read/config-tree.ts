import { at, type Tree, textsOf } from "#lib/yaml/tree.ts";
import { isAdoNet, readAdoNet } from "./ado-net.ts";
import { contentsIn, type Material, rejectsUnauthorized, sortedMaterial, withMaterial } from "./material.ts";
import type { StringForm } from "./raw-connection.ts";
import { connectionsAmong, type Found, isPostgresUrl } from "./settings-map.ts";
import { readUrl } from "./url-forms.ts";

/**
 * Finds connections anywhere in a configuration file: a map that names a host and a database or user, or a URL.
 * Rails' `database.yml`, Spring's `application.yml`, Compose files and JSON settings come to this.
 */
export function readConfigTree(tree: Tree, form: StringForm = "env"): readonly Found[] {
  const found: Found[] = [];
  const walk = (node: Tree, path: readonly string[]): void => {
    if (found.length >= 200) return;
    if (node instanceof Map) {
      const settings = settingsOf(node);
      const engine = settings.get("adapter") ?? settings.get("type") ?? "postgres";
      if (!/^(?:mysql2?|sqlite3?|mariadb|mssql|mongodb)$/.test(engine) && !isTemplate(settings)) {
        const here = [...connectionsAmong(settings, form, true), ...withoutHost(settings, form)];
        const own = here.length === 0 ? {} : ownContents(node);
        for (const one of here) {
          found.push({
            read: one.read.ok ? { ok: true, value: withMaterial(one.read.value, own) } : one.read,
            name: one.name === "" || path.length > 0 ? path.join(".") || one.name : one.name,
          });
        }
      }
      for (const [name, below] of node) {
        // .NET's `ConnectionStrings`, whatever they are called.
        if (typeof below === "string" && found.length < 200 && isAdoNet(below))
          found.push({ name: [...path, name].join("."), read: readAdoNet(below) });
        if (typeof below !== "string" && below !== null && !isPart(name, below)) walk(below, [...path, name]);
      }
    } else if (Array.isArray(node)) {
      const urls = (node as readonly Tree[]).filter((one) => typeof one === "string" && isPostgresUrl(one));
      for (const url of urls) found.push({ name: path.join("."), read: readUrl(String(url)) });
      const variables = variablesOf(node as readonly Tree[]);
      if (variables !== undefined) walk(variables, path);
      else for (const below of node as readonly Tree[]) walk(below, path);
    }
  };
  walk(tree, []);
  const [only, ...others] = found;
  if (only === undefined || others.length > 0 || !only.read.ok) return found;
  // Of one connection alone it is told by nothing else whose the certificates beside it are.
  const material = sortedMaterial(contentsIn(tree));
  return [{ ...only, read: { ok: true, value: withMaterial(only.read.value, material) } }];
}

/** A map's texts, and those of the parts that frameworks split it into: Quarkus' `jdbc.url`, Spring's `hikari`. */
function settingsOf(map: ReadonlyMap<string, Tree>): ReadonlyMap<string, string> {
  const grafana = grafanaSettings(map);
  if (grafana !== undefined) return grafana;
  const outputs = terraformOutputs(map);
  if (outputs !== undefined) return outputs;
  const parts = [...map].filter(([name, below]) => isPart(name, below)).map(([, below]) => textsOf(below));
  return new Map([...parts.flatMap((part) => [...part]), ...nodeTls(map), ...textsOf(map)]);
}

/** What stands in a connection's own settings for TLS, and not in those of another below it. */
function ownContents(map: ReadonlyMap<string, Tree>): Material {
  const below = [...map].filter(([, one]) => !(one instanceof Map && textsOf(one).has("host")));
  return sortedMaterial(contentsIn(new Map(below)));
}

/** What programs on Node hand to node-postgres: `ssl`, with SQLTools below `pgOptions`. An object there verifies. */
function nodeTls(map: ReadonlyMap<string, Tree>): readonly (readonly [string, string])[] {
  const ssl = at(map, "pgOptions", "ssl") ?? map.get("ssl");
  if (typeof ssl === "string") return [["ssl", ssl]];
  const rejects = rejectsUnauthorized(ssl);
  return rejects === undefined ? [] : [["ssl.rejectUnauthorized", rejects]];
}

/** A data source of Grafana's: its `url` is a host and port, the rest stands in two maps below. */
function grafanaSettings(map: ReadonlyMap<string, Tree>): ReadonlyMap<string, string> | undefined {
  const own = textsOf(map);
  const address = /^([\w.-]{1,253})(?::(\d{1,5}))?$/.exec(own.get("url") ?? "");
  if (address === null || !/postgres/.test(own.get("type") ?? "")) return undefined;
  const more = [...textsOf(map.get("jsonData")), ...textsOf(map.get("secureJsonData"))];
  return new Map([
    ...[...more].filter(([name]) => /^(?:database|sslmode|password)$/.test(name)),
    ...[...own].filter(([name, value]) => name !== "url" && name !== "name" && value !== ""),
    ["host", address[1] ?? ""],
    ...(address[2] === undefined ? [] : [["port", address[2]] as const]),
  ]);
}

/** `terraform output -json`: each value in a map of its own, which says whether it is sensitive. */
function terraformOutputs(map: ReadonlyMap<string, Tree>): ReadonlyMap<string, string> | undefined {
  const values = [...map].map(([name, below]) => [name, at(below, "value")] as const);
  const isOutput =
    values.length > 1 &&
    [...map.values()].every(
      (below) =>
        below instanceof Map &&
        below.has("value") &&
        [...below.keys()].every((key) => /^(?:value|type|sensitive|description)$/.test(key)),
    );
  if (!isOutput) return undefined;
  return new Map(
    values.flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : [])),
  );
}

function isPart(name: string, below: Tree): boolean {
  return /^(?:jdbc|reactive|hikari|auth)$/.test(name) && below instanceof Map;
}

/** Rails names an adapter in what others take over by `<<`, too: that is no connection before it names a database. */
function isTemplate(settings: ReadonlyMap<string, string>): boolean {
  return settings.has("adapter") && !settings.has("database") && !settings.has("url");
}

/** Rails leaves the host out where it is this machine. */
function withoutHost(settings: ReadonlyMap<string, string>, form: StringForm): readonly Found[] {
  if (!/^(?:postgresql|postgis)$/.test(settings.get("adapter") ?? "")) return [];
  const database = settings.get("database");
  if (database === undefined || settings.has("host") || settings.has("url")) return [];
  return connectionsAmong(new Map([["host", ""], ...settings]), form, true);
}

/** An environment as a list: Compose's `- NAME=value`, Kubernetes' `- name: NAME` with its `value`. */
function variablesOf(list: readonly Tree[]): ReadonlyMap<string, string> | undefined {
  const variables = new Map<string, string>();
  for (const item of list) {
    const variable = typeof item === "string" ? /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(item) : null;
    const name = variable?.[1] ?? at(item, "name");
    const value = variable === null ? at(item, "value") : variable[2];
    if (typeof name !== "string" || (variable === null && item instanceof Map && item.size > 2))
      return undefined;
    if (typeof value === "string") variables.set(name, value);
  }
  return variables.size === 0 ? undefined : variables;
}

/** Whether a document is a Kubernetes Secret, or a list of them. */
export function isKubernetesSecret(tree: Tree): boolean {
  return at(tree, "kind") === "Secret" || at(tree, "kind") === "List";
}

/** Reads a Kubernetes Secret: `data` in base64, `stringData` as it is; certificates and keys come along. */
export function readKubernetesSecret(tree: Tree): readonly Found[] {
  if (at(tree, "kind") === "List") {
    const items = at(tree, "items");
    return Array.isArray(items) ? (items as readonly Tree[]).flatMap(readKubernetesSecret) : [];
  }
  if (at(tree, "kind") !== "Secret") return [];
  const name = at(tree, "metadata", "name");
  const settings = new Map<string, string>();
  for (const [key, value] of textsOf(at(tree, "data"))) {
    const text = fromBase64(value);
    if (text !== undefined) settings.set(key, text);
  }
  for (const [key, value] of textsOf(at(tree, "stringData"))) settings.set(key, value);
  return connectionsAmong(settings, "kubernetes-secret", true).map((found) => ({
    name: typeof name === "string" ? name : found.name,
    read: found.read,
  }));
}

function fromBase64(text: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/\s/g, "")), (letter) => letter.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
