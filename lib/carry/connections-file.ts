import "server-only";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ProfileDraft, ProfileSecrets } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import { mostTags } from "#lib/saved/label-limits.ts";
import { labelName } from "#lib/saved/label-name.ts";
import type { Label } from "#lib/saved/labels.ts";
import { fieldNames, fields } from "#lib/settings/fields.ts";
import { type FormValues, type SecretField, secretFields } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { visibly } from "#lib/visible-text.ts";
import { type AgeTarget, sealAge } from "./age-file.ts";
import type { CarriedEntry, CarriedRead, CarryNote } from "./carried-entry.ts";

/** A connection as it is taken out. */
export interface TakenOut {
  /** Its secrets are written where they are asked for, and never otherwise. */
  readonly draft: Omit<ProfileDraft, "secrets">;
  readonly label: Label | undefined;
  /** The names of all that it has. */
  readonly stored: readonly SecretField[];
  /** Those that go along; left out, none does. */
  readonly secrets?: ProfileSecrets;
}

export const connectionsFormat = "cloak-connections";
const version = 1;

/**
 * Takes connections out as one file (docs/export-and-import.md): readable JSON without any secret; or the same with the
 * secrets that they bring along, sealed as a whole.
 * @param at     when
 * @param sealed for whom; left out, no secret is written, whatever a connection brings
 * @param logN   as of `sealAge`
 * @returns `setting-invalid` of `recipient`
 */
export async function takeOut(
  connections: readonly TakenOut[],
  at: Date,
  sealed?: AgeTarget,
  logN?: number,
): Promise<Result<string>> {
  const entries = connections.map((one) => entryOf(one, sealed === undefined ? {} : one.secrets));
  const file = { format: connectionsFormat, version, exportedAt: at.toISOString(), connections: entries };
  const text = `${JSON.stringify(file, null, 2)}\n`;
  return sealed === undefined ? ok(text) : sealAge(text, sealed, logN);
}

function entryOf({ draft, label, stored }: TakenOut, secrets: ProfileSecrets = {}) {
  const values = formValues({ ...draft, secrets: {} });
  const given = secretFields.flatMap((field) => {
    const secret = secrets[field];
    return secret === undefined ? [] : [[field, secret.reveal()] as const];
  });
  return {
    name: draft.name,
    ...(label?.group === undefined ? {} : { group: label.group }),
    ...(label?.tags === undefined ? {} : { tags: label.tags }),
    settings: Object.fromEntries(settingNames.map((name) => [name, values[name]])),
    hasSecrets: stored,
    ...(given.length === 0 ? {} : { secrets: Object.fromEntries(given) }),
  };
}

/** Every field of a connection that may be read, but its name, which stands above them. */
export const settingNames = fieldNames.filter(
  (name): name is Exclude<keyof FormValues, SecretField | "secretActs" | "name"> =>
    fields[name].kept === "shown" && name !== "name",
);

/** Whether JSON says of itself that it is such a file. */
export function isConnectionsFile(json: unknown): boolean {
  return typeof json === "object" && json !== null && Object(json).format === connectionsFormat;
}

/**
 * Reads such a file, whoever wrote it. What it does not say of a connection is as a new one has it; what is not known is
 * named and left.
 * @param most how many connections are taken
 * @returns `import-unreadable` for the file as a whole
 */
export function readConnectionsFile(json: unknown, most: number): Result<readonly CarriedRead[]> {
  const head = headSchema.safeParse(json);
  if (!head.success) return failed(problem("import-unreadable", { reason: "shape" }));
  if (head.data.version > version) return failed(problem("import-unreadable", { reason: "version" }));
  const { connections } = head.data;
  if (connections.length > most)
    return failed(problem("import-unreadable", { reason: "too-many", most: String(most) }));
  return ok(connections.map(readEntry));
}

const headSchema = z.object({
  format: z.literal(connectionsFormat),
  version: z.int().min(1),
  connections: z.array(z.unknown()),
});

const entrySchema = z.object({
  name: z.string().max(1024),
  group: z.unknown().optional(),
  tags: z.array(z.unknown()).max(100).optional(),
  settings: z.record(z.string(), z.unknown()),
  hasSecrets: z.array(z.unknown()).max(100).optional(),
  secrets: z.record(z.string(), z.unknown()).optional(),
});

function readEntry(given: unknown): CarriedRead {
  const parsed = entrySchema.safeParse(given);
  if (!parsed.success) {
    const name = typeof given === "object" && given !== null ? Object(given).name : undefined;
    return {
      ok: false,
      name: typeof name === "string" ? visibly(name.slice(0, 200)) : "",
      problem: problem("import-unreadable", { reason: "shape" }),
    };
  }
  const { name, settings, secrets = {}, hasSecrets = [] } = parsed.data;
  const values: Record<string, unknown> = { ...newFormValues, name };
  for (const field of settingNames) {
    if (Object.hasOwn(settings, field)) values[field] = asFormHas(field, settings[field]);
  }
  for (const field of secretFields) {
    const secret = Object.hasOwn(secrets, field) ? secrets[field] : undefined;
    if (secret !== undefined) values[field] = secret;
  }
  const missing = secretFields.filter((field) => hasSecrets.includes(field) && values[field] === "");
  const { label, refused } = labelOf(parsed.data);
  const notes: readonly CarryNote[] = [
    ...noteOf("unknown", [...unknownOf(settings, settingNames), ...unknownOf(secrets, secretFields)]),
    ...noteOf("label-refused", refused),
    ...noteOf("secrets-missing", missing),
  ];
  // Whatever stands there is a form's to check: `parseProfileForm` takes nothing for granted.
  return {
    ok: true,
    value: { name, values: values as unknown as FormValues, label, notes, stringNotes: [] },
  };
}

/** Others may write a port as a number. */
function asFormHas(field: keyof FormValues, value: unknown): unknown {
  const isText = typeof newFormValues[field] === "string";
  return isText && typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
}

/** Names that mean nothing here, fit to be shown. */
function unknownOf(given: Readonly<Record<string, unknown>>, known: readonly string[]): readonly string[] {
  return Object.keys(given).filter((name) => !known.includes(name));
}

function labelOf({ group, tags }: z.infer<typeof entrySchema>): {
  readonly label: CarriedEntry["label"];
  readonly refused: readonly string[];
} {
  if (group === undefined && tags === undefined) return { label: undefined, refused: [] };
  const refused: string[] = [];
  const named = (given: unknown): string[] => {
    const parsed = labelName.safeParse(given);
    if (!parsed.success) refused.push(typeof given === "string" ? given : typeof given);
    return parsed.success ? [parsed.data] : [];
  };
  const [newGroup] = group === undefined || group === null ? [] : named(group);
  const newTags = [...new Set((tags ?? []).flatMap(named))];
  refused.push(...newTags.slice(mostTags));
  return {
    label: {
      ...(newGroup === undefined ? {} : { group: newGroup }),
      ...(newTags.length === 0 ? {} : { tags: newTags.slice(0, mostTags) }),
    },
    refused,
  };
}

/** Ten names of a length that can be read. */
export function noteOf(id: CarryNote["id"], names: readonly string[]): readonly CarryNote[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 10).map((name) => visibly(name.slice(0, 60)));
  return [{ id, list: [...shown, ...(names.length > 10 ? ["…"] : [])].join(", ") }];
}
