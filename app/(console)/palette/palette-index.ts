import "server-only";
import { getTranslations } from "next-intl/server";
import { explain } from "#app/_server/answer.ts";
import { problemCodes } from "#lib/problems/catalogue.ts";
import { examples } from "#lib/problems/examples.ts";
import { problem } from "#lib/problems/problem.ts";
import { providers } from "#lib/providers/list.ts";
import { type Actor, can } from "#lib/team/access.ts";
import { themes } from "#lib/team/preference-values.ts";
import { kinds, type PaletteEntry, type PaletteIndex, pageKeys, paletteWords } from "./palette-entry.ts";

/** All that this person may reach besides connections, in their language. */
export async function paletteIndex(actor: Actor): Promise<PaletteIndex> {
  const t = await getTranslations("palette");
  // The browser fills them, without a translator.
  const open = { search: "{search}", count: "{count}" };
  return {
    words: eachOf(paletteWords, (word) => t(`words.${word}`, open)),
    kinds: eachOf(kinds, (kind) => t(`kinds.${kind}`)),
    keys: eachOf([...pageKeys, "title", "close", "single", "singleHint"], (word) => t(`pageKeys.${word}`)),
    entries: [
      ...(await actions(actor)),
      ...(await pages(actor)),
      ...providers.map(({ id, name }) => ({
        id: `provider ${id}`,
        kind: "provider" as const,
        title: name,
        more: id,
        href: `/help/providers/${id}`,
      })),
      ...(await problems()),
    ],
  };
}

function eachOf<K extends string>(
  names: readonly K[],
  say: (name: K) => string,
): Readonly<Record<K, string>> {
  return Object.fromEntries(names.map((name) => [name, say(name)])) as Record<K, string>;
}

async function actions(actor: Actor): Promise<readonly PaletteEntry[]> {
  const t = await getTranslations("palette");
  const look = await getTranslations("settings.preferences");
  const shell = await getTranslations("shell");
  const action = { kind: "action" } as const;
  return [
    ...(can(actor, "connections:save")
      ? [{ ...action, id: "new", title: t("new"), more: t("newMore"), href: "/connections/new" }]
      : []),
    ...themes.map((theme) => ({
      ...action,
      id: `theme ${theme}`,
      title: t("theme", { theme: look(`themes.${theme}`) }),
      act: `theme-${theme}` as const,
    })),
    { ...action, id: "keys", title: t("keys"), act: "keys" },
    { ...action, id: "sign out", title: shell("signOut"), more: t("signOutMore"), act: "sign-out" },
  ];
}

async function pages(actor: Actor): Promise<readonly PaletteEntry[]> {
  const shell = await getTranslations("shell");
  const sections = await getTranslations("settings.sections");
  const help = await getTranslations("help");
  const settings = [
    ["connections", "/settings"],
    ["access", "/settings/access"],
    ["preferences", "/settings/preferences"],
    ["security", "/settings/security"],
    ["trust", "/settings/trust"],
    ...(can(actor, "team:manage") ? [["team", "/settings/team"] as const] : []),
    ...(can(actor, "audit:read") ? [["audit", "/settings/audit"] as const] : []),
    ["about", "/settings/about"],
  ] as const;
  return [
    { id: "connections", kind: "page", title: shell("connections"), href: "/connections" },
    ...settings.map(([id, href]) => ({
      id: `settings ${id}`,
      kind: "settings" as const,
      title: sections(id),
      more: shell("settings"),
      href,
    })),
    { id: "help", kind: "page", title: shell("help"), more: help("home.tab"), href: "/help" },
    ...helpPages.map(([id, href]) => ({
      id: `help ${id}`,
      kind: "page" as const,
      title: help(`${id}.title`),
      more: shell("help"),
      href,
    })),
  ];
}

const helpPages = [
  ["problems", "/help/problems"],
  ["providers", "/help/providers"],
  ["tlsModes", "/help/tls-modes"],
  ["pinning", "/help/pinning"],
  ["keys", "/help/keys"],
  ["storage", "/help/storage"],
] as const;

async function problems(): Promise<readonly PaletteEntry[]> {
  return Promise.all(
    problemCodes.map(async (code) => {
      const { title } = await explain(problem(code));
      return {
        id: `problem ${code}`,
        kind: "problem" as const,
        title,
        detail: code,
        more: `${code} ${examples[code] ?? ""}`,
        href: `/help/problems/${code}`,
      };
    }),
  );
}
