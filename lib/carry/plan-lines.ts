import "server-only";
import { fieldMessage } from "#lib/problems/field-messages.ts";
import { fieldWords, problemWords, type Translate } from "#lib/problems/words.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { isLibpqNote, type StringNote } from "#lib/strings/libpq/libpq-parameters.ts";
import { visibly } from "#lib/visible-text.ts";
import type { PlannedEntry } from "./import-plan.ts";

/** What becomes of an entry of a file, in a word or two. */
export function stateOf({ outcome, act }: PlannedEntry, say: Translate): string {
  return say(`carry.states.${outcome === "conflict" ? `conflict-${act}` : outcome}`);
}

/** What is to be known of it, a sentence a line: what differs, what comes along, what was not taken and why. */
export function planLines(entry: PlannedEntry, say: Translate): readonly string[] {
  const { isWeak, outcome, changes, secrets, notes, stringNotes, differences, problems, problem } = entry;
  const isRefused = outcome === "refused";
  const lines = [
    ...(problem === undefined ? [] : [wordsOf(problem, say)]),
    ...Object.entries(problems?.fields ?? {}).map(([field, found]) =>
      say("carry.fieldLine", {
        label: say(`form.labels.${field}`),
        reason: fieldWords(fieldMessage(found), say, found.facts),
      }),
    ),
    ...changes.map(({ field, from, to }) => say("audit.change", { field, from: from || "–", to: to || "–" })),
    ...(outcome === "conflict" && changes.length === 0 ? [say("carry.secretsNotCompared")] : []),
    ...(secrets.length === 0 || isRefused
      ? []
      : [say("carry.withSecrets", { list: secretWords(secrets, say) })]),
    ...(isWeak && !isRefused && outcome !== "same" ? [say("carry.weak")] : []),
    ...notes.map(({ id, list }) =>
      say(`carry.notes.${id}`, {
        list: id === "secrets-missing" ? secretWords(list.split(", "), say) : list,
      }),
    ),
    ...stringNotes.map((note) => noteText(note, entry, say)),
    ...differences.map((id) => say(`import.${id}`)),
  ];
  return lines.map(visibly);
}

/** Secrets by the names of their boxes. */
function secretWords(fields: readonly string[], say: Translate): string {
  return fields.map((field) => say(`form.labels.${field}`)).join(", ");
}

function wordsOf(problem: NonNullable<PlannedEntry["problem"]>, say: Translate): string {
  const { title, cause } = problemWords(problem, say);
  return `${title}. ${cause}`;
}

function noteText({ id, facts }: StringNote, { mode }: PlannedEntry, say: Translate): string {
  const place = isLibpqNote(id) ? "form.string.notes" : "strings.notes";
  return say(`${place}.${id}`, { mode, seconds: newFormValues.connectTimeout, ...facts });
}
