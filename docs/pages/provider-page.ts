import { guideSources } from "#lib/guides/guide-sections.ts";
import type { PlatformStep } from "#lib/guides/platform-guide.ts";
import { psqlCommands } from "#lib/guides/psql-commands.ts";
import { trustSteps } from "#lib/guides/trust-steps.ts";
import { problem } from "#lib/problems/problem.ts";
import { problemWords } from "#lib/problems/words.ts";
import { factsOf } from "#lib/providers/facts-of.ts";
import type { RecommendedSetting, Statement } from "#lib/providers/guide.ts";
import type { Provider } from "#lib/providers/list.ts";
import { providerGuides } from "#lib/providers/pages.ts";
import { say as statement } from "#lib/providers/shared-statements.ts";
import { type Source, type SourceId, sources } from "#lib/providers/sources.ts";
import { block, code, list, page, plain, say, table } from "./markdown.ts";

/** The whole guide of one provider. What only a running console knows (which roots its host has) is left out. */
export function providerPage(provider: Provider): string {
  const guide = providerGuides[provider.id];
  const numbers = guideSources(guide);
  const said = (one: Statement) => withMarks(one, numbers);
  const saidList = (all: readonly Statement[], ordered = false) => list(all.map(said), ordered);
  const part = (id: string, ...parts: readonly string[]) =>
    parts.some((one) => one !== "") ? [`## ${say(`guides.sections.${id}`)}`, ...parts] : [];
  const { roots } = factsOf(provider);
  return page(
    provider.name,
    "`lib/providers`, `lib/guides` and `messages/en`",
    said(guide.lead),
    ...part("notes", list(provider.noteIds.map((id) => say(`providers.${id}`)))),
    ...part("start", saidList(guide.start, true)),
    ...part(
      "settings",
      table(
        [say("guides.page.setting"), say("guides.page.value"), say("guides.page.why")],
        guide.settings.map((one) => [say(`form.labels.${one.field}`), valueWords(one), said(one.why)]),
      ),
    ),
    ...part(
      "roots",
      list(
        roots.map(
          ({ name, sha256, notAfter }) => `${plain(name)}, until ${notAfter.slice(0, 10)}: ${code(sha256)}`,
        ),
      ),
      saidList(guide.roots),
    ),
    ...part(
      "platforms",
      ...guide.trust.flatMap((trust) => [
        `### ${say(`guides.trust.${trust.kind}`)}`,
        ...trustSteps(trust, guide).flatMap(({ platform, steps }) => [
          `#### ${say(`guides.platforms.${platform}`)}`,
          ...steps.flatMap(stepParts),
        ]),
      ]),
    ),
    ...part(
      "psql",
      saidList([
        statement(guide.psql.tokenCommand === undefined ? "psql-asks" : "psql-token"),
        ...(guide.psql.rootCert === "system" ? [statement("psql-system", "postgres-libpq")] : []),
      ]),
      ...psqlCommands(guide.psql).flatMap(({ shell, text }) => [
        `${say(`guides.shells.${shell}`)}:`,
        block(text, shell),
      ]),
    ),
    ...part("sign-in", saidList(guide.signIn)),
    ...part(
      "ports",
      list(
        guide.ports.map(
          ({ port, note }) => `${port === "own" ? say("guides.page.ownPort") : port}: ${said(note)}`,
        ),
      ),
    ),
    ...part("network", saidList(guide.network)),
    ...part(
      "errors",
      list(
        guide.errors.map(({ text, code: id, note }) => {
          const { title, fix } = problemWords(problem(id), say);
          return `${code(text)}: [${title}](../problems/${id}.md). ${note === undefined ? fix : said(note)}`;
        }),
      ),
    ),
    ...part(
      "sources",
      numbers.size === 0 ? say("guides.page.noSources") : say("guides.page.sourcesLead"),
      list([...numbers.keys()].map(sourceLine), true),
    ),
  );
}

function withMarks(one: Statement, numbers: ReadonlyMap<SourceId, number>): string {
  const { id, values, source, disputed } = one;
  const number = source === undefined || source === "unconfirmed" ? undefined : numbers.get(source);
  return [
    say(`guides.say.${id}`, values),
    number === undefined ? "" : `[${number}](#${say("guides.sections.sources").toLowerCase()})`,
    source === "unconfirmed" ? `*(${say("guides.page.unconfirmed")})*` : "",
    disputed ? `*(${say("guides.page.disputed")})*` : "",
  ]
    .filter((text) => text !== "")
    .join(" ");
}

function stepParts({ id, values, commands, expect }: PlatformStep): string[] {
  return [
    say(`guides.steps.${id}`, values),
    ...commands.map(({ shell, text }) => block(text, shell)),
    ...(expect === undefined ? [] : [say("guides.page.expect"), block(expect.join("\n"))]),
  ];
}

function sourceLine(id: SourceId): string {
  const { title, address, dated, read }: Source = sources[id];
  const days = [
    ...(dated === undefined ? [] : [say("guides.page.dated", { date: dated })]),
    say("guides.page.read", { date: read }),
  ];
  return `[${plain(title)}](${address}), ${days.join(", ")}`;
}

/** A choice by its label on the form; anything else as it is typed. */
function valueWords({ field, value }: RecommendedSetting): string {
  switch (field) {
    case "mode":
      return say(`form.modes.${value}.title`);
    case "trust":
      return say(`form.trusts.${value}.title`);
    case "negotiation":
    case "channelBinding":
    case "signIn":
      return say(`form.choices.${field}.${value}`);
    case "sni":
      return say("guides.page.on");
    default:
      return value === "own" ? say("guides.page.ownPort") : code(value);
  }
}
