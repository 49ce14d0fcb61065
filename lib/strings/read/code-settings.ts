import type { FormChange } from "#lib/settings/form-values.ts";
import type { StringNote } from "#lib/strings/libpq/libpq-parameters.ts";
import type { CodeEntry, CodeValue } from "./code-values.ts";
import { pemOf } from "./material.ts";
import { parameterNamed } from "./parameter-names.ts";

/** The settings of a call or an object, taken apart: what is known, and what only the running program knows. */
export interface CodeDraft {
  readonly parameters: Map<string, string>;
  readonly change: FormChange;
  readonly notes: StringNote[];
  readonly unknown: { name: string; value: string }[];
  clientKey?: string;
}

export function codeDraft(): CodeDraft {
  return { parameters: new Map(), change: {}, notes: [], unknown: [] };
}

/** Entries by key; what comes without one is left out. */
export function byKey(entries: readonly CodeEntry[]): ReadonlyMap<string, CodeValue> {
  return new Map(entries.flatMap(({ key, value }) => (key === undefined ? [] : [[key, value] as const])));
}

/** The values that stand without a key, in order. */
export function inOrder(entries: readonly CodeEntry[]): readonly CodeValue[] {
  return entries.flatMap(({ key, value }) => (key === undefined ? [value] : []));
}

/** A text, or nothing where it is another thing or open. */
export function textOf(value: CodeValue | undefined): string | undefined {
  return value?.kind === "text" ? value.text : undefined;
}

/**
 * Puts settings under libpq's names. Texts are taken; what is open is named in a note; a setting of another name is
 * unknown, and shown without its value where that is no plain word or number.
 */
export function takeSettings(
  draft: CodeDraft,
  settings: Iterable<readonly [string, CodeValue]>,
  names: Readonly<Record<string, string>>,
): void {
  const open: string[] = [];
  for (const [key, value] of settings) {
    // Settings of a connection go by the names of every form; those of TLS alone have a table of their own.
    const name =
      names[key] ?? names[key.toLowerCase()] ?? ("host" in names ? parameterNamed(key) : undefined);
    if (name === undefined) draft.unknown.push({ name: key, value: plainly(value) });
    else if (value.kind === "text") draft.parameters.set(name, value.text);
    else if (value.kind === "switch") draft.parameters.set(name, String(value.on));
    else if (value.kind !== "nothing") open.push(name);
  }
  if (open.includes("sslrootcert")) draft.change.trust = "own";
  if (open.length > 0) draft.notes.push({ id: "value-elsewhere", facts: { list: open.join(", ") } });
}

/** Certificates and keys: content where it is written out, a file where one is read. */
export function takeMaterial(
  draft: CodeDraft,
  ssl: ReadonlyMap<string, CodeValue>,
  names: Readonly<Record<string, "sslrootcert" | "sslcert" | "sslkey" | "sslcrl">>,
): void {
  for (const [key, parameter] of Object.entries(names)) {
    const value = ssl.get(key);
    if (value === undefined) continue;
    const content = value.kind === "list" ? value.entries[0]?.value : value;
    const text = textOf(content);
    // `Buffer.from("LS0t…", "base64")` holds it, too.
    const written = text ?? (content?.kind === "call" ? textOf(inOrder(content.entries)[0]) : undefined);
    const pem = pemOf(written ?? "", parameter);
    if (pem !== undefined) {
      if (parameter === "sslrootcert") Object.assign(draft.change, { ca: pem, trust: "own" });
      else if (parameter === "sslcert") draft.change.clientCertificate = pem;
      else if (parameter === "sslcrl") draft.change.crl = pem;
      else draft.clientKey = pem;
      continue;
    }
    // `fs.readFileSync("ca.pem").toString()` names a file; a variable names nothing.
    const file =
      text ??
      (content?.kind === "call"
        ? inOrder(content.entries)
            .map(textOf)
            .find((one) => one !== undefined)
        : undefined);
    if (file !== undefined) draft.parameters.set(parameter, file);
    else {
      if (parameter === "sslrootcert") draft.change.trust = "own";
      draft.notes.push({ id: "value-elsewhere", facts: { list: parameter } });
    }
  }
}

function plainly(value: CodeValue): string {
  if (value.kind === "switch") return String(value.on);
  return value.kind === "text" && /^(?:\d{1,9}|true|false)$/.test(value.text) ? value.text : "…";
}
