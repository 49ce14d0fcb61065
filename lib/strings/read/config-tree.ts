import type { RawConnection, StringForm } from "./raw-connection.ts";
import { connectionsAmong, type Found } from "./settings-map.ts";
import { at, type Tree, textsOf } from "./small-yaml.ts";

/**
 * Finds connections anywhere in a configuration file: a map that names a host and a database or user, or a URL.
 * Rails' `database.yml`, Spring's `application.yml`, Compose files and JSON settings come to this.
 */
export function readConfigTree(tree: Tree, form: StringForm = "env"): readonly Found[] {
  const found: Found[] = [];
  const walk = (node: Tree, path: readonly string[]): void => {
    if (found.length >= 200) return;
    if (node instanceof Map) {
      const engine = textsOf(node).get("adapter") ?? textsOf(node).get("type") ?? "postgres";
      if (!/^(?:mysql2?|sqlite3?|mariadb|mssql|mongodb)$/.test(engine)) {
        for (const one of connectionsAmong(textsOf(node), form, true)) {
          found.push({
            ...one,
            name: one.name === "" || path.length > 0 ? path.join(".") || one.name : one.name,
          });
        }
      }
      for (const [name, below] of node) {
        if (typeof below !== "string") walk(below, [...path, name]);
      }
    } else if (typeof node !== "string") {
      for (const below of node as readonly Tree[]) walk(below, path);
    }
  };
  walk(tree, []);
  return found;
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
  const material = materialOf(settings);
  return connectionsAmong(settings, "kubernetes-secret", true).map((found) => ({
    name: typeof name === "string" ? name : found.name,
    read: found.read.ok ? { ok: true, value: withMaterial(found.read.value, material) } : found.read,
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

interface Material {
  readonly ca?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
}

/** By the names that operators give them, and by what they are. */
function materialOf(settings: ReadonlyMap<string, string>): Material {
  const pick = (names: RegExp, label: RegExp) =>
    [...settings].find(([name, value]) => names.test(name) && label.test(value.slice(0, 2000)))?.[1];
  const ca = pick(
    /^(?:ca|root|server-ca|sslrootcert|service-ca)(?:[._-](?:crt|pem|cert|certificate))?$/i,
    certificate,
  );
  const clientCertificate = pick(
    /^(?:tls|client|sslcert|postgresql)(?:[._-](?:crt|pem|cert))?$/i,
    certificate,
  );
  const clientKey = pick(
    /^(?:tls|client|sslkey|postgresql)(?:[._-](?:key))?$/i,
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  );
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    ...(clientKey === undefined ? {} : { clientKey }),
  };
}

const certificate = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----/;

/** Content takes the place of the file that a parameter names. */
export function withMaterial(written: RawConnection, material: Material): RawConnection {
  const { clientKey, ...values } = material;
  const parameters = new Map(written.parameters);
  if (material.ca !== undefined) parameters.delete("sslrootcert");
  if (material.clientCertificate !== undefined) parameters.delete("sslcert");
  if (clientKey !== undefined) parameters.delete("sslkey");
  return {
    ...written,
    parameters,
    change: { ...written.change, ...values, ...(material.ca === undefined ? {} : { trust: "own" as const }) },
    clientKey: clientKey ?? written.clientKey,
  };
}
