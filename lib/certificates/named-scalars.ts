import { ok, type Result } from "#lib/problems/result.ts";
import { readYaml } from "#lib/yaml/read-yaml.ts";

/** One text of a manifest and the name it stands under: `ca.crt` and its content. */
export interface NamedScalar {
  readonly name: string;
  readonly value: string;
}

/** Whether a text looks like a Kubernetes manifest (a Secret, a ConfigMap, a list of them) or a kubeconfig. */
export function looksLikeManifest(text: string): boolean {
  return /^[ \t]*(- +)?["']?(apiVersion|kind|data|stringData|clusters|users)["']?[ \t]*:/m.test(text);
}

/** Whether a text may be settings that hold certificates beside other things: JSON, or lines of `NAME=value`. */
export function looksLikeSettings(text: string): boolean {
  return /^\s*[{[]/.test(text) || namedLine.test(text);
}

const namedLine =
  /^[ \t]*(?:export[ \t]+|set[ \t]+|\$env:)?["']?([A-Za-z_][\w.-]{0,100})["']?[ \t]*[=:][ \t]*(\S.*)$/im;

/** The values of lines as an environment file has them, those over several lines left out. */
export function namedLines(text: string): readonly NamedScalar[] {
  const all = [...text.matchAll(new RegExp(namedLine.source, "gim"))].slice(0, mostScalars);
  return all.map(([, name = "", value = ""]) => ({
    name,
    value: value.trim().replace(/^(["'`])(.*)\1[,;]?$/, "$2"),
  }));
}

/** Far beyond any manifest: what comes after is left unread. */
const mostScalars = 2000;

/**
 * The texts of a YAML or JSON document with their names, wherever they stand in it.
 * @returns `yaml-unread` for YAML that cannot be read
 */
export function namedScalars(text: string): Result<readonly NamedScalar[]> {
  const json = jsonRoot(text);
  if (json !== undefined) return ok(scalarsOf(json));
  const yaml = readYaml(text);
  return yaml.ok ? ok(scalarsOf(yaml.value)) : yaml;
}

function jsonRoot(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function scalarsOf(root: unknown): readonly NamedScalar[] {
  const found: NamedScalar[] = [];
  const waiting: { readonly name: string; readonly value: unknown }[] = [{ name: "", value: root }];
  for (let next = waiting.pop(); next !== undefined && found.length < mostScalars; next = waiting.pop()) {
    const { name, value } = next;
    if (typeof value === "string") found.push({ name, value });
    else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of entriesOf(value, name).reverse()) {
        // `{"ca":{"certificate":…}}`: what is inside has its name from what it is inside of.
        const of = /^(?:ca|root|client|tls|ssl)\w{0,20}$/i.test(name) && key !== name ? `${name}.` : "";
        waiting.push({ name: of + key, value: inner });
      }
    }
  }
  return found;
}

/** What stands in a list has the list's name. */
function entriesOf(value: object, name: string): [string, unknown][] {
  if (value instanceof Map) return [...(value as ReadonlyMap<string, unknown>)];
  if (Array.isArray(value)) return value.map((inner: unknown) => [name, inner]);
  return Object.entries(value);
}
