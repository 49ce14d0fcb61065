import type { ProviderGuide, Statement } from "#lib/providers/guide.ts";
import type { SourceId } from "#lib/providers/sources.ts";

/** The sections of every guide, in the order of the page; each is an anchor. */
export const guideSections = [
  "notes",
  "start",
  "settings",
  "roots",
  "platforms",
  "psql",
  "sign-in",
  "ports",
  "network",
  "errors",
  "sources",
] as const;
export type GuideSectionId = (typeof guideSections)[number];

/** Everything a guide says, in reading order. */
export function statementsOf(guide: ProviderGuide): readonly Statement[] {
  return [
    guide.lead,
    ...guide.start,
    ...guide.settings.map(({ why }) => why),
    ...guide.roots,
    // What the page itself says of psql rests on its manual.
    ...(guide.psql.rootCert === "system" ? [{ id: "psql-system", source: "postgres-libpq" } as const] : []),
    ...guide.signIn,
    ...guide.ports.map(({ note }) => note),
    ...guide.network,
    ...guide.errors.flatMap(({ note }) => note ?? []),
  ];
}

/** The sources a guide rests on, each with its number on the page, from 1. */
export function guideSources(guide: ProviderGuide): ReadonlyMap<SourceId, number> {
  const ids = statementsOf(guide)
    .map(({ source }) => source)
    .filter((source) => source !== undefined && source !== "unconfirmed");
  return new Map([...new Set(ids)].map((id, index) => [id, index + 1]));
}
