import "server-only";
import { getTranslations } from "next-intl/server";
import { providers } from "#lib/providers/list.ts";
import { type Actor, can } from "#lib/team/access.ts";
import { themes } from "#lib/team/preference-values.ts";
import { kinds, type PaletteEntry, type PaletteIndex, pageKeys, paletteWords } from "./palette-entry.ts";

/** All that this person may reach besides connections and problems, in their language. */
export async function paletteIndex(actor: Actor): Promise<PaletteIndex> {
  const t = await getTranslations("palette");
  // The browser fills them, without a translator.
  const open = { search: "{search}", count: "{count}" };
  return {
    words: eachOf(paletteWords, (word) => t(`words.${word}`, open)),
    kinds: eachOf(kinds, (kind) => t(`kinds.${kind}`)),
    keys: eachOf([...pageKeys, "title", "close", "single", "singleHint", "more"], (word) =>
      t(`pageKeys.${word}`),
    ),
    entries: [
      ...(can(actor, "connections:save")
        ? [
            {
              id: "new",
              kind: "action" as const,
              title: t("new"),
              more: t("newMore"),
              href: "/connections/new",
            },
          ]
        : []),
      ...(await pages(actor)),
      ...(await actions()),
      ...providers.map(({ id, name }) => ({
        id: `provider ${id}`,
        kind: "provider" as const,
        title: name,
        more: id,
        href: `/help/providers/${id}`,
      })),
    ],
  };
}

function eachOf<K extends string>(
  names: readonly K[],
  say: (name: K) => string,
): Readonly<Record<K, string>> {
  return Object.fromEntries(names.map((name) => [name, say(name)])) as Record<K, string>;
}

async function actions(): Promise<readonly PaletteEntry[]> {
  const t = await getTranslations("palette");
  const look = await getTranslations("settings.preferences");
  const shell = await getTranslations("shell");
  const action = { kind: "action" } as const;
  return [
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
    ...helpPages.map(([id, href]) => ({
      id: `help ${id}`,
      kind: "help" as const,
      title: help(`${id}.title`),
      more: shell("help"),
      href,
    })),
  ];
}

const helpPages = [
  ["home", "/help"],
  ["problems", "/help/problems"],
  ["providers", "/help/providers"],
  ["tlsModes", "/help/tls-modes"],
  ["pinning", "/help/pinning"],
  ["keys", "/help/keys"],
  ["storage", "/help/storage"],
] as const;
