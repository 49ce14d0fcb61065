import { BookOpen, Cloud, HardDrive, Keyboard, type LucideIcon, Pin, ShieldCheck } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { foundProblems } from "#app/_server/found-problems.ts";
import { pageActor } from "#app/_server/guard.ts";
import { commonProblems } from "#lib/help/common-problems.ts";
import { longestSearch } from "#lib/help/find-problems.ts";
import { examples } from "#lib/problems/examples.ts";
import { SoftLink } from "../soft-link.tsx";

import { HelpSearch } from "./help-search.tsx";
import { HelpTabs } from "./help-tabs.tsx";
import { ProblemLines } from "./problem-lines.tsx";

interface Props {
  readonly searchParams: Promise<{ readonly q?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("help"))("home.title") };
}

/** The help: what is searched with the words of other programs, and the way to every other page of it. */
export default async function HelpPage({ searchParams }: Props) {
  await pageActor("connections:read");
  const { q } = await searchParams;
  const search = (typeof q === "string" ? q : "").slice(0, longestSearch);
  const t = await getTranslations("help.home");
  const found = await foundProblems(search);
  const isSearched = search.trim() !== "";
  return (
    <>
      <HelpTabs current="search" />
      <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mt-1 mb-4 max-w-[70ch] text-muted">{t("lead")}</p>
      <div className="rounded-lg border border-line bg-surface p-4 shadow-card sm:p-5">
        <HelpSearch
          live
          search={search}
          labels={{ label: t("label"), hint: t("hint"), submit: t("submit") }}
        />
      </div>
      <div className="mt-6 grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <section aria-labelledby="answers" className="min-w-0">
          <h2 id="answers" role={isSearched ? "status" : undefined} className="mb-3 text-lg font-semibold">
            {isSearched ? t("found", { count: found.length }) : t("common")}
          </h2>
          {isSearched && found.length === 0 ? (
            <p className="max-w-[70ch]">{t("nothing")}</p>
          ) : (
            <ProblemLines
              lines={
                isSearched
                  ? found.map(({ code, text }) => ({ code, said: text === code ? undefined : text }))
                  : commonProblems.map((code) => ({ code, said: examples[code] }))
              }
            />
          )}
          <p className="mt-3">
            <SoftLink
              href="/help/problems"
              className="rounded-sm text-accent underline-offset-2 hover:underline"
            >
              {t("all")}
            </SoftLink>
          </p>
        </section>
        <Guides />
      </div>
    </>
  );
}

const guides: readonly (readonly [
  name: "problems" | "providers" | "tlsModes" | "pinning" | "keys" | "storage",
  href: string,
  icon: LucideIcon,
])[] = [
  ["providers", "/help/providers", Cloud],
  ["tlsModes", "/help/tls-modes", ShieldCheck],
  ["pinning", "/help/pinning", Pin],
  ["keys", "/help/keys", Keyboard],
  ["storage", "/help/storage", HardDrive],
  ["problems", "/help/problems", BookOpen],
];

async function Guides() {
  const t = await getTranslations("help");
  return (
    <nav aria-labelledby="guides">
      <h2 id="guides" className="mb-3 text-lg font-semibold">
        {t("home.pages")}
      </h2>
      <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-1">
        {guides.map(([name, href, Icon]) => (
          <li
            key={name}
            className="relative flex gap-3 rounded-lg border border-line bg-surface px-4 py-3 shadow-card hover:border-accent"
          >
            <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-accent" />
            <div className="min-w-0">
              <SoftLink href={href} className="rounded-sm font-medium after:absolute after:inset-0">
                {t(`${name}.title`)}
              </SoftLink>
              <p className="text-[0.8125rem] text-muted">{t(`home.about.${name}`)}</p>
            </div>
          </li>
        ))}
      </ul>
    </nav>
  );
}
