import "server-only";
import { KeyOpener } from "#lib/certificates/unlock-key.ts";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import { fieldProblem } from "#lib/problems/field-problem.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type ChangedSetting, changedSettings } from "#lib/profiles/changed-settings.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import type { LeadAnswer } from "#lib/profiles/may-lead.ts";
import type { ConnectionProfile, ProfileDraft } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import { secretActs } from "#lib/profiles/secret-acts.ts";
import { hostCredentialsAtRisk } from "#lib/profiles/secrets-at-risk.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import { type Label, labelAfter } from "#lib/saved/labels.ts";
import type { SavedProfile, WrittenOver } from "#lib/saved/profile-store.ts";
import { checksOfForm } from "#lib/settings/checks-of.ts";
import { eachSecret } from "#lib/settings/fields.ts";
import {
  type FormValues,
  type SecretField,
  type SslMode,
  secretFields,
  sslModes,
} from "#lib/settings/form-values.ts";
import type { StringNote } from "#lib/strings/libpq/libpq-parameters.ts";
import { visibly } from "#lib/visible-text.ts";
import type { CarriedEntry, CarriedRead, CarryNote } from "./carried-entry.ts";

/** What to do where there is a connection of that name already. */
export const conflictChoices = ["skip", "rename", "replace"] as const;
export type ConflictChoice = (typeof conflictChoices)[number];

/** What an import meets, and what whoever imports may do with it. */
export interface Meeting {
  /** The connections that they may see. What they may not see is no conflict: its name would be told. */
  readonly existing: readonly SavedProfile[];
  readonly labels: ReadonlyMap<string, Label>;
  mayReplace(id: string): boolean;
  /** With the secrets, of one that may be replaced. */
  open(id: string): Promise<Result<ConnectionProfile | undefined>>;
  readonly roots: GivenRoots;
  /** Whether a secret that stays may be led on, and whether the host's own cloud credentials may be used. */
  mayLead(field: SecretField, previous: ConnectionProfile): LeadAnswer;
  mayLeadHost(): LeadAnswer;
  readonly onConflict: ConflictChoice;
  /** For some of them, by their place in the file. */
  readonly choices?: ReadonlyMap<number, ConflictChoice>;
  /** Opens the keys of all on one budget; left out, each has its own. */
  readonly keys?: KeyOpener;
}

/** What will become of one entry of a file: plain data without any secret. */
export interface PlannedEntry {
  /** As it will be called. */
  readonly name: string;
  /** `user@host:port/database`; "" where it could not be read. */
  readonly place: string;
  readonly mode: SslMode;
  /** Whether less than the chain and the name is checked. */
  readonly isWeak: boolean;
  /** The secrets that come along: names. */
  readonly secrets: readonly SecretField[];
  readonly outcome: "new" | "same" | "conflict" | "refused";
  readonly act: "create" | "replace" | "skip";
  /** What differs from the one that is there. */
  readonly changes: readonly ChangedSetting[];
  /** What can be chosen; empty where there is nothing to choose. */
  readonly choices: readonly ConflictChoice[];
  readonly notes: readonly CarryNote[];
  readonly stringNotes: readonly StringNote[];
  /** How Cloak DB 0.3 differed: ids of `import.json`. */
  readonly differences: readonly string[];
  /** Why it is refused. */
  readonly problems?: FieldProblems;
  readonly problem?: Problem;
}

/** What an import will do, and with what. */
export interface ImportPlan {
  readonly entries: readonly PlannedEntry[];
  readonly create: readonly { readonly draft: ProfileDraft; readonly label: Label | undefined }[];
  readonly over: readonly (WrittenOver & {
    readonly previous: ConnectionProfile;
    readonly label: Label | undefined;
  })[];
}

/**
 * Says what will become of each entry of a file. Nothing is written.
 * @returns the plan, or what keeps the vault from being read
 */
export async function planImport(
  reads: readonly CarriedRead[],
  meeting: Meeting,
): Promise<Result<ImportPlan>> {
  const planned: Planned[] = [];
  const names = new Names(meeting.existing);
  for (const [index, read] of reads.entries()) {
    const keys = meeting.keys ?? new KeyOpener();
    await keys.breathe();
    const choice = meeting.choices?.get(index) ?? meeting.onConflict;
    const one = read.ok ? await planOne(read.value, { meeting, names, keys, choice }) : ok(unread(read));
    if (!one.ok) return one;
    planned.push(one.value);
  }
  return ok({
    entries: planned.map(({ entry }) => entry),
    create: planned.flatMap(({ create }) => create ?? []),
    over: planned.flatMap(({ over }) => over ?? []),
  });
}

/** Whether all that was chosen can be done: a replacement may be refused, as a save of the form is. */
export function isWhole({ entries }: ImportPlan): boolean {
  return entries.every(({ outcome, problems }) => outcome === "refused" || problems === undefined);
}

/** Whether something is refused only until whoever imports shows who they are. */
export function wantsConfirmation({ entries }: ImportPlan): boolean {
  const reasons = entries.flatMap(({ problems }) =>
    Object.values(problems?.fields ?? {}).map(({ facts }) => facts.reason),
  );
  return reasons.some((reason) => reason === "token-credentials-confirm" || reason === "secret-confirm");
}

interface Planned {
  readonly entry: PlannedEntry;
  readonly create?: ImportPlan["create"][number];
  readonly over?: ImportPlan["over"][number];
}

interface Around {
  readonly meeting: Meeting;
  readonly names: Names;
  readonly keys: KeyOpener;
  readonly choice: ConflictChoice;
}

function unread({ name, problem: found }: Exclude<CarriedRead, { ok: true }>): Planned {
  const entry = {
    name,
    place: "",
    mode: "disable",
    isWeak: false,
    secrets: [],
    changes: [],
    choices: [],
  } as const;
  return {
    entry: {
      ...entry,
      outcome: "refused",
      act: "skip",
      notes: [],
      stringNotes: [],
      differences: [],
      problem: found,
    },
  };
}

async function planOne(entry: CarriedEntry, around: Around): Promise<Result<Planned>> {
  const { meeting, names, keys } = around;
  const seen = seenOf(entry);
  const parsed = await draftOf(entry.values, undefined, meeting, keys);
  if (!parsed.ok) {
    return ok({ entry: { ...seen, outcome: "refused", act: "skip", problems: parsed.problem } });
  }
  const draft = withNote(parsed.value, entry);
  const isNamed = entry.name.trim() !== "";
  const met = isNamed ? names.called(draft.name) : names.at(draft);
  if (met === undefined) return ok(created(seen, { ...draft, name: names.take(draft) }, entry, "new"));
  if (met === "in-file") {
    const { name } = seen;
    if (around.choice === "rename" || !isNamed)
      return ok(created(seen, { ...draft, name: names.take(draft) }, entry, isNamed ? "conflict" : "new"));
    return ok({ entry: { ...seen, name, outcome: "conflict", act: "skip", choices: ["skip", "rename"] } });
  }
  const changes = changesTo(draft, entry.label, met, meeting, isNamed);
  if (changes.length === 0 && seen.secrets.length === 0)
    return ok({ entry: { ...seen, outcome: "same", act: "skip" } });
  return meets({ entry, seen: { ...seen, changes }, draft, met, around });
}

/** One that is there in another form, or whose secrets may be others: those are never compared, as that would tell them. */
async function meets({
  entry,
  seen,
  draft,
  met,
  around,
}: {
  readonly entry: CarriedEntry;
  readonly seen: Seen;
  readonly draft: ProfileDraft;
  readonly met: SavedProfile;
  readonly around: Around;
}): Promise<Result<Planned>> {
  const { meeting, names, keys, choice } = around;
  const isSeveral = names.areSeveral(met);
  const mayReplace = meeting.mayReplace(met.id) && !names.isReplaced(met.id) && !isSeveral;
  const choices = mayReplace ? conflictChoices : (["skip", "rename"] as const);
  const notes = isSeveral ? [...seen.notes, { id: "name-several", list: met.name } as const] : seen.notes;
  const conflict = { ...seen, notes, outcome: "conflict", choices } as const;
  if (choice === "rename")
    return ok(created({ ...seen, choices }, { ...draft, name: names.take(draft) }, entry, "conflict"));
  if (choice === "skip" || !mayReplace) return ok({ entry: { ...conflict, act: "skip" } });
  const opened = await meeting.open(met.id);
  if (!opened.ok) return opened;
  const previous = opened.value;
  if (previous === undefined) return failed(problem("vault-changed-meanwhile"));
  const parsed = await draftOf(entry.values, previous, meeting, keys);
  if (!parsed.ok) return ok({ entry: { ...conflict, act: "skip", problems: parsed.problem } });
  names.replace(met.id);
  const over = {
    id: met.id,
    baseRev: previous.rev,
    draft: {
      ...withNote(parsed.value, entry),
      name: entry.name.trim() === "" ? met.name : parsed.value.name,
    },
    acts: secretActs(parsed.value, previous),
    previous,
    label: entry.label,
  };
  return ok({ entry: { ...conflict, act: "replace" }, over });
}

type Seen = Omit<PlannedEntry, "outcome" | "act">;

function created(
  seen: Seen,
  draft: ProfileDraft,
  { label }: CarriedEntry,
  outcome: "new" | "conflict",
): Planned {
  return { entry: { ...seen, name: draft.name, outcome, act: "create" }, create: { draft, label } };
}

/** What can be said of an entry before it is checked: others may have written anything there. */
function seenOf(entry: CarriedEntry): Seen {
  const { values } = entry;
  const text = (value: unknown) => (typeof value === "string" ? visibly(value.slice(0, 300)) : "");
  const [host, user, database] = [text(values.host), text(values.user), text(values.database)];
  const place = `${host.includes(":") ? `[${host}]` : host}:${text(values.port)}`;
  const ssl = values.ssl === true;
  return {
    name: text(entry.name) || host,
    place: `${user === "" ? "" : `${user}@`}${place}${database === "" ? "" : `/${database}`}`,
    mode: ssl ? (sslModes.find((mode) => mode === values.mode) ?? "disable") : "disable",
    isWeak: checksOfForm({ ...values, ssl, ca: text(values.ca) }).server !== "chain-and-name",
    secrets: secretFields.filter((field) => typeof values[field] === "string" && values[field] !== ""),
    changes: [],
    choices: [],
    notes: entry.notes,
    stringNotes: entry.stringNotes,
    differences: entry.imported?.differences ?? [],
  };
}

/** As the form would be saved. A client certificate that has run out since keeps no connection from being moved. */
async function draftOf(
  values: FormValues,
  previous: ConnectionProfile | undefined,
  meeting: Meeting,
  keys: KeyOpener,
): Promise<Result<ProfileDraft, FieldProblems>> {
  const form = {
    ...values,
    secretActs: eachSecret((field) => (values[field] === "" || previous === undefined ? "keep" : "replace")),
  };
  const mayLead = (field: SecretField) =>
    previous === undefined ? "give" : meeting.mayLead(field, previous);
  const at = (now: Date) => parseProfileForm(form, previous, now, meeting.roots, mayLead, keys);
  const now = new Date();
  const first = await at(now);
  const parsed = first.ok ? first : await at(expiryOf(first.problem) ?? now);
  if (!parsed.ok || !hostCredentialsAtRisk(parsed.value, previous)) return parsed;
  const answer = meeting.mayLeadHost();
  if (answer === "lead") return parsed;
  const reason = answer === "confirm" ? "token-credentials-confirm" : "token-credentials-of-host";
  return failed({ fields: { tokenCredentials: fieldProblem(reason) } });
}

function expiryOf({ fields }: FieldProblems): Date | undefined {
  const { code, facts } = fields.clientCertificate ?? {};
  return code === "client-certificate-expired" ? new Date(String(facts?.notAfter)) : undefined;
}

function withNote(draft: ProfileDraft, { imported }: CarriedEntry): ProfileDraft {
  return imported === undefined ? draft : { ...draft, imported };
}

function changesTo(
  draft: ProfileDraft,
  label: Label | undefined,
  met: SavedProfile,
  { labels }: Meeting,
  isNamed: boolean,
): readonly ChangedSetting[] {
  const there = formValues({ ...met, secrets: {} });
  const next = formValues({ ...draft, secrets: {} });
  const settings = changedSettings(isNamed ? next : { ...next, name: there.name }, there);
  if (label === undefined) return settings;
  const told = (one: Label | undefined) => ({ group: one?.group ?? "", tags: (one?.tags ?? []).join(", ") });
  const [from, to] = [
    told(labels.get(met.id)),
    told(
      labelAfter(undefined, {
        addTags: label.tags ?? [],
        ...(label.group !== undefined && { group: label.group }),
      }),
    ),
  ];
  const belongings = (["group", "tags"] as const)
    .filter((field) => from[field] !== to[field])
    .map((field) => ({ field, from: from[field], to: to[field] }));
  return [...settings, ...belongings];
}

/** The names and places that are taken: of the connections that are there, and of those that the file brings. */
class Names {
  readonly #called = new Map<string, SavedProfile | "in-file">();
  readonly #at = new Map<string, SavedProfile | "in-file">();
  readonly #replaced = new Set<string>();
  readonly #several = new Set<string>();

  constructor(existing: readonly SavedProfile[]) {
    for (const one of existing) {
      if (this.#called.has(keyOf(one.name))) this.#several.add(keyOf(one.name));
      this.#called.set(keyOf(one.name), one);
      this.#at.set(placeOf(one), one);
    }
  }

  called(name: string): SavedProfile | "in-file" | undefined {
    return this.#called.get(keyOf(name));
  }

  /** One without a name of its own is known by where it goes. */
  at(draft: ProfileDraft): SavedProfile | "in-file" | undefined {
    return this.#at.get(placeOf(draft));
  }

  /** A name for a new one: its own, or its own with a number. */
  take(draft: ProfileDraft): string {
    let name = draft.name;
    for (let number = 2; this.#called.has(keyOf(name)); number += 1) name = `${draft.name} (${number})`;
    this.#called.set(keyOf(name), "in-file");
    this.#at.set(placeOf(draft), "in-file");
    return name;
  }

  /** Whether others have its name as well: nobody can tell which one is to be replaced. */
  areSeveral({ name }: SavedProfile): boolean {
    return this.#several.has(keyOf(name));
  }

  isReplaced(id: string): boolean {
    return this.#replaced.has(id);
  }

  replace(id: string): void {
    this.#replaced.add(id);
  }
}

function keyOf(name: string): string {
  return name.trim().toLowerCase();
}

function placeOf({ host, networkAddress, port, database, user }: Omit<ProfileDraft, "secrets">): string {
  return JSON.stringify([host, networkAddress ?? "", port, database, user]);
}
