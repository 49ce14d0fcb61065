import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { catalogue, problemCodes, type Step } from "#lib/problems/catalogue.ts";
import { HelpTabs } from "../help-tabs.tsx";
import { ProblemLines } from "../problem-lines.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("help"))("problems.title") };
}

/** The catalogue in short, by step. The anchor of each line is its code; all else stands on the page of the code. */
export default async function ProblemsPage() {
  await pageActor("connections:read");
  const t = await getTranslations("help.problems");
  const groups = [...new Set(problemCodes.map((code): Step => catalogue[code].step))];
  return (
    <>
      <HelpTabs current="problems" />
      <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mt-1 max-w-[70ch] text-muted">{t("intro")}</p>
      <nav aria-label={t("steps")} className="mt-3 flex flex-wrap gap-x-4">
        {groups.map((group) => (
          <a
            key={group}
            href={`#step-${group}`}
            className="rounded-sm py-1 text-accent underline-offset-2 hover:underline"
          >
            {t(`groups.${group}`)}
          </a>
        ))}
      </nav>
      {groups.map((group) => (
        <section key={group} aria-labelledby={`step-${group}`} className="mt-7">
          <h2 id={`step-${group}`} className="mb-3 scroll-mt-16 text-lg font-semibold">
            {t(`groups.${group}`)}
          </h2>
          <ProblemLines
            anchors
            lines={problemCodes.filter((code) => catalogue[code].step === group).map((code) => ({ code }))}
          />
        </section>
      ))}
    </>
  );
}
