import "server-only";
import type { PlannedEntry } from "#lib/carry/import-plan.ts";
import { planLines, stateOf } from "#lib/carry/plan-lines.ts";
import { visibly } from "#lib/visible-text.ts";
import { say } from "./words.ts";

/** What becomes of one entry of a file, and under it what is to be known of that. */
export function importText(entry: PlannedEntry): string {
  const { name, place, mode } = entry;
  const head = [name, place, ...(place === "" ? [] : [`sslmode=${mode}`])].filter((part) => part !== "");
  const lines = planLines(entry, say).map((line) => `  ${line}`);
  return [`${stateOf(entry, say)}: ${visibly(head.join(" · "))}`, ...lines].join("\n");
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
