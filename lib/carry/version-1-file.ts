import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type ProfileMeta, profileMeta } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import { importVersion1 } from "#lib/saved/import-v1.ts";
import type { Secret } from "#lib/secret.ts";
import { secretFields } from "#lib/settings/form-values.ts";
import { visibly } from "#lib/visible-text.ts";
import type { CarriedRead } from "./carried-entry.ts";
import { noteOf } from "./connections-file.ts";

interface Version1 {
  readonly version: 1;
  readonly connections: readonly unknown[];
}

/** Whether JSON is the plaintext file of Cloak DB 0.3. */
export function isVersion1(json: unknown): json is Version1 {
  const { version, connections } = Object(json);
  return version === 1 && Array.isArray(connections) && connections.every(hasString);
}

/**
 * Reads it as the vault does that finds it in its place; a string that cannot be read is no connection here.
 * @param most how many connections are taken
 */
export function readVersion1(json: Version1, most: number): Result<readonly CarriedRead[]> {
  if (json.connections.length > most)
    return failed(problem("import-unreadable", { reason: "too-many", most: String(most) }));
  const records = importVersion1(json);
  if (!records.ok) return failed(problem("import-unreadable", { reason: "shape" }));
  return ok(
    records.value.flatMap(({ meta, secrets }) => {
      const parsed = profileMeta.safeParse(meta);
      return parsed.success ? [entryOf(parsed.data, secrets ?? {})] : [];
    }),
  );
}

function entryOf(meta: ProfileMeta, secrets: Readonly<Record<string, Secret>>): CarriedRead {
  const { imported } = meta;
  if (imported?.unparsed !== undefined) {
    const unread = problem("string-unknown-form", { looksLike: "nothing-known" });
    return { ok: false, name: visibly(meta.name), problem: unread };
  }
  const given = secretFields.flatMap((field) => {
    const secret = secrets[field];
    return secret === undefined ? [] : [[field, secret.reveal()] as const];
  });
  return {
    ok: true,
    value: {
      name: meta.name,
      values: { ...formValues({ ...meta, secrets: {} }), ...Object.fromEntries(given) },
      label: undefined,
      notes: noteOf("unsupported", imported?.leftOver ?? []),
      stringNotes: [],
      ...(imported && { imported: { legacyId: imported.legacyId, differences: imported.differences } }),
    },
  };
}

function hasString(one: unknown): boolean {
  return typeof one === "object" && one !== null && typeof Object(one).connectionString === "string";
}
