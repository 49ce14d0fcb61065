import "server-only";
import { getTranslations } from "next-intl/server";
import { workspace } from "#app/_server/workspace.ts";
import type { SavedProfile } from "#lib/saved/profile-store.ts";
import { type Actor, can, levelOf } from "#lib/team/access.ts";
import type { PaletteEntry } from "./palette-entry.ts";
import { type Searchable, scorer, searchable, wordsOf } from "./rank.ts";

/** As many as one looks at. */
const most = 8;

interface Question {
  readonly search: string;
  /** Ids of connections that were used lately, the latest first. */
  readonly recent: readonly string[];
}

/**
 * The connections that this person may see and that fit best; without words, those used lately and then the first of the
 * others. The best one brings what else can be done with it.
 */
export async function findConnections(
  actor: Actor,
  { search, recent }: Question,
): Promise<readonly PaletteEntry[]> {
  const opened = await workspace();
  if (!opened.ok) return [];
  const { profiles, grants } = opened.value;
  const [listed, book] = [await profiles.list(), await grants.read()];
  if (!listed.ok || !book.ok) return [];
  const t = await getTranslations("palette");
  const wanted = wordsOf(search);
  const score = scorer(wanted);
  const found = prepared(listed.value, t("verbs"))
    .filter(({ profile }) => levelOf(actor, book.value.of(profile.id)) !== "none")
    .flatMap(({ profile, words }) => {
      const place = recent.indexOf(profile.id);
      const fit = score(words);
      if (fit === undefined) return [];
      // Of those that fit alike, what was used lately.
      return [{ profile, fit: fit + (place < 0 ? 0 : (recent.length - place) / 1000) }];
    })
    .sort((a, b) => b.fit - a.fit || a.profile.name.localeCompare(b.profile.name))
    .slice(0, most);
  const entries = found.map(({ profile }) => entryOf(profile));
  const best = found[0]?.profile;
  if (best === undefined || wanted.length === 0 || !can(actor, "connections:save")) return entries;
  const { id, name } = best;
  const settings = `/settings/connections/${encodeURIComponent(id)}`;
  const ofBest: readonly PaletteEntry[] = [
    ...entries.slice(0, 1),
    { id: `test ${id}`, kind: "action", title: t("test", { name }), href: settings, act: "test" },
    { id: `edit ${id}`, kind: "action", title: t("edit", { name }), href: settings },
  ];
  // Who begins with "test" means that.
  const closeness = ({ title, detail = "" }: PaletteEntry) => score(searchable(title, detail)) ?? 0;
  return [
    ...[...ofBest].sort((a, b) => Math.round(closeness(b) * 10) - Math.round(closeness(a) * 10)),
    ...entries.slice(1),
  ];
}

function entryOf({ id, name, host, port, database }: SavedProfile): PaletteEntry {
  return {
    id,
    kind: "connection",
    title: name,
    detail: `${host}:${port}${database === "" ? "" : `/${database}`}`,
    href: `/connections/${encodeURIComponent(id)}`,
  };
}

interface Prepared {
  readonly profile: SavedProfile;
  readonly words: Searchable;
}

/**
 * Taken apart once for as long as the list stays the same.
 * @param verbs what can be done with any connection: "test orchard" finds it too
 */
function prepared(profiles: readonly SavedProfile[], verbs: string): readonly Prepared[] {
  if (latest?.of !== profiles || latest.verbs !== verbs) {
    latest = {
      of: profiles,
      verbs,
      taken: profiles.map((profile) => ({
        profile,
        words: searchable(profile.name, [profile.host, profile.database, profile.user, verbs].join(" ")),
      })),
    };
  }
  return latest.taken;
}

let latest:
  | { readonly of: readonly SavedProfile[]; readonly verbs: string; readonly taken: readonly Prepared[] }
  | undefined;
