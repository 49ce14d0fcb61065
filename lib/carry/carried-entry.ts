import "server-only";
import type { Problem } from "#lib/problems/problem.ts";
import type { ImportNote } from "#lib/profiles/profile.ts";
import type { Label } from "#lib/saved/labels.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { StringNote } from "#lib/strings/libpq/libpq-parameters.ts";

/** The files that connections are brought in from. Their names for people stand under `carry.sources`. */
export const carrySources = ["cloak-connections", "cloak-db-0.3", "pgadmin", "dbeaver", "strings"] as const;
export type CarrySource = (typeof carrySources)[number];

/** What of an entry is not taken over as it stood, and why. Words: `carry.notes.<id>`. */
export interface CarryNote {
  readonly id: (typeof carryNotes)[number];
  /** What it is about: names, never values that could be secret. */
  readonly list: string;
}

export const carryNotes = [
  /** Names that mean nothing here. */
  "unknown",
  /** Parameters whose meaning is not carried out here. */
  "unsupported",
  /** Files of another machine: they are not read. */
  "file-not-read",
  /** Several connections here bear its name: which one it is to replace nobody can tell. */
  "name-several",
  /** The CA that checked the server was such a file: until it is given, the system's roots and Verify Full do. */
  "ca-not-read",
  /** Secrets that it has where it comes from, and the file does not hold. */
  "secrets-missing",
  /** A group or a tag that cannot be one here. */
  "label-refused",
] as const;

/** One connection of a file, in the form's own terms: nothing about it is checked yet. */
export interface CarriedEntry {
  /** What it is called in the file; "" where it has no name of its own. */
  readonly name: string;
  /** As a form would send it, with its secrets in clear: never to be logged or sent. */
  readonly values: FormValues;
  /** Undefined where the file says nothing of groups and tags. */
  readonly label: Label | undefined;
  readonly notes: readonly CarryNote[];
  /** What a connection string means beside its values. */
  readonly stringNotes: readonly StringNote[];
  /** What is kept with it: how Cloak DB 0.3 labelled it. */
  readonly imported?: ImportNote;
}

/** One entry of a file, or why it is none. */
export type CarriedRead =
  | { readonly ok: true; readonly value: CarriedEntry }
  | { readonly ok: false; readonly name: string; readonly problem: Problem };
