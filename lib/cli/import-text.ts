import "server-only";
import type { PlannedEntry } from "#lib/carry/import-plan.ts";
import { fieldMessage } from "#lib/problems/field-messages.ts";
import { fieldWords, problemWords } from "#lib/problems/words.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { isLibpqNote, type StringNote } from "#lib/strings/libpq/libpq-parameters.ts";
import { visibly } from "#lib/visible-text.ts";
import { say } from "./words.ts";

/** What becomes of one entry of a file, and under it what is to be known of that. */
export function importText(entry: PlannedEntry): string {
  const { name, place, mode, outcome, act } = entry;
  const state = say(
    `carry.states.${outcome === "new" || outcome === "same" || outcome === "refused" ? outcome : `conflict-${act}`}`,
  );
  const head = [name, place, ...(place === "" ? [] : [`sslmode=${mode}`])].filter((part) => part !== "");
  return [
    `${state}: ${visibly(head.join(" · "))}`,
    ...linesOf(entry).map((line) => `  ${visibly(line)}`),
  ].join("\n");
}

/** The sum of it. */
export function summaryText(
  entries: readonly PlannedEntry[],
  { dryRun, owner }: { readonly dryRun: boolean; readonly owner: string | undefined },
): string {
  const count = (act: PlannedEntry["act"]) => String(entries.filter((one) => one.act === act).length);
  const facts = { created: count("create"), replaced: count("replace"), skipped: count("skip") };
  const sum = say(dryRun ? "cli.carry.wouldImport" : "cli.carry.imported", facts);
  if (dryRun || facts.created === "0") return sum;
  return `${sum}\n${owner === undefined ? say("cli.carry.ownersManage") : say("cli.carry.userManages", { name: owner })}`;
}

function linesOf(entry: PlannedEntry): readonly string[] {
  const { isWeak, outcome, changes, secrets, notes, stringNotes, differences, problems, problem } = entry;
  const isRefused = outcome === "refused";
  return [
    ...(problem === undefined ? [] : [wordsOf(problem)]),
    ...Object.entries(problems?.fields ?? {}).map(
      ([field, found]) =>
        `${say(`form.labels.${field}`)}: ${fieldWords(fieldMessage(found), say, found.facts)}`,
    ),
    ...changes.map(({ field, from, to }) => say("audit.change", { field, from: from || "–", to: to || "–" })),
    ...(outcome === "conflict" && changes.length === 0 ? [say("carry.secretsNotCompared")] : []),
    ...(secrets.length === 0 || isRefused ? [] : [say("carry.withSecrets", { list: secrets.join(", ") })]),
    ...(isWeak && !isRefused && outcome !== "same" ? [say("carry.weak")] : []),
    ...notes.map(({ id, list }) => say(`carry.notes.${id}`, { list })),
    ...stringNotes.map((note) => noteText(note, entry)),
    ...differences.map((id) => say(`import.${id}`)),
  ];
}

function wordsOf(problem: NonNullable<PlannedEntry["problem"]>): string {
  const { title, cause } = problemWords(problem, say);
  return `${title}. ${cause}`;
}

function noteText({ id, facts }: StringNote, { mode }: PlannedEntry): string {
  const place = isLibpqNote(id) ? "form.string.notes" : "strings.notes";
  return say(`${place}.${id}`, { mode, seconds: newFormValues.connectTimeout, ...facts });
}
