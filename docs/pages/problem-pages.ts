import { fixCost } from "#lib/help/fix-costs.ts";
import { phrases } from "#lib/help/phrases.ts";
import { type ProgramId, programs } from "#lib/help/programs.ts";
import { relatedProblems } from "#lib/help/related-problems.ts";
import { sqlstatesOf } from "#lib/help/sqlstates-of.ts";
import { usualAt } from "#lib/help/usual-at.ts";
import { catalogue, type FixId, type ProblemCode, problemCodes } from "#lib/problems/catalogue.ts";
import { examples } from "#lib/problems/examples.ts";
import { problem } from "#lib/problems/problem.ts";
import { problemWords } from "#lib/problems/words.ts";
import { block, code, list, page, plain, say, table } from "./markdown.ts";

const source = "`lib/problems`, `lib/help` and `messages/en`";

/** All that is known of one problem. */
export function problemPage(id: ProblemCode): string {
  const { title, cause, fix, fixes } = problemWords(problem(id), say);
  const { step, retry } = catalogue[id];
  const states = sqlstatesOf(id);
  const providers = usualAt(id).map(
    ({ id: provider, name }) => `[${plain(name)}](../providers/${provider}.md)`,
  );
  const related = relatedProblems(id).map((other) => `[${titleOf(other)}](${other}.md) (${code(other)})`);
  return page(
    unescaped(title),
    source,
    list([
      `${say("help.problem.code")}: ${code(id)}`,
      `${say("help.problem.step")}: ${say(`help.problems.groups.${step}`)}`,
      `${say("help.problem.retry")}: ${say(retry ? "help.problem.retryYes" : "help.problem.retryNo")}`,
      ...(states.length === 0 ? [] : [`SQLSTATE: ${states.map(code).join(", ")}`]),
      ...(providers.length === 0 ? [] : [`${say("help.problem.providers")}: ${providers.join(", ")}`]),
    ]),
    `## ${say("help.problems.cause")}`,
    cause,
    `## ${say("help.problems.fix")}`,
    fix,
    ...(fixes.length === 0
      ? []
      : [
          `## ${say("help.problem.fixes")}`,
          list(
            catalogue[id].fixes.map((one, at) => `**${fixes[at]?.title ?? ""}.** ${costOf(one)}.`),
            true,
          ),
        ]),
    ...looks(id),
    ...(related.length === 0 ? [] : [`## ${say("help.problem.related")}`, list(related)]),
  );
}

/** Every problem, by the step where it shows. */
export function problemIndexPage(): string {
  const steps = [...new Set(problemCodes.map((id) => catalogue[id].step))];
  return page(
    unescaped(say("help.problems.title")),
    source,
    say("help.problems.intro"),
    "The console finds them by the words of other programs under Help; `cloak-db problems CODE` prints one.",
    ...steps.flatMap((step) => [
      `## ${say(`help.problems.groups.${step}`)}`,
      table(
        ["Problem", "Code"],
        problemCodes
          .filter((id) => catalogue[id].step === step)
          .map((id) => [titleOf(id), `[${code(id)}](${id}.md)`]),
      ),
    ]),
  );
}

function looks(id: ProblemCode): string[] {
  const said = phrases[id] ?? {};
  const example = examples[id];
  const ids = (Object.keys(programs) as ProgramId[]).filter((program) => said[program] !== undefined);
  if (ids.length === 0 && example === undefined) return [];
  return [
    `## ${say("help.problem.looks")}`,
    ids.length === 0 ? "" : say("help.problem.looksLead"),
    ...(example === undefined ? [] : [block(example)]),
    ...ids.flatMap((program) => [`**${plain(programs[program])}**`, block((said[program] ?? []).join("\n"))]),
  ];
}

/** What a fix gives up, in the words in which the form says it. */
function costOf(id: FixId): string {
  const cost = fixCost(id);
  if (cost === "keeps" || cost === "compare") return say(`help.costs.${cost}`);
  return say("help.costs.givesUp", { what: say(`outcome.givesUp.${cost}`) });
}

function titleOf(id: ProblemCode): string {
  return problemWords(problem(id), say).title;
}

/** A title for `page`, which escapes it itself. */
function unescaped(text: string): string {
  return text.replace(/\\(?=[\\*<>|[\]`_])/g, "");
}
