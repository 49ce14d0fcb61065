import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { explain } from "#app/_server/answer.ts";
import { pageActor } from "#app/_server/guard.ts";
import { catalogue, problemCodes, type Step } from "#lib/problems/catalogue.ts";
import { examples } from "#lib/problems/examples.ts";
import { problem } from "#lib/problems/problem.ts";
import { HelpTabs } from "../help-tabs.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("help"))("problems.title") };
}

/** The catalogue: what happened, why, what to do. The anchor of each entry is its code. */
export default async function ProblemsPage() {
  await pageActor("connections:read");
  const t = await getTranslations("help.problems");
  const groups = [...new Set(problemCodes.map((code): Step => catalogue[code].step))];
  const entries = await Promise.all(problemCodes.map((code) => explain(problem(code))));
  return (
    <>
      <HelpTabs current="problems" />
      <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mt-1 max-w-2xl text-muted">{t("intro")}</p>
      {groups.map((group) => (
        <section key={group} aria-labelledby={`group-${group}`} className="mt-8">
          <h2 id={`group-${group}`} className="mb-3 text-lg font-semibold">
            {t(`groups.${group}`)}
          </h2>
          <div className="flex flex-col gap-3">
            {entries
              .filter((entry) => entry.problem.step === group)
              .map((entry) => (
                <article
                  key={entry.problem.code}
                  id={entry.problem.code}
                  className="scroll-mt-16 rounded-lg border border-line bg-surface px-4 py-3 target:border-accent target:bg-accent-soft"
                >
                  <h3 className="flex flex-wrap items-baseline gap-x-3 font-medium">
                    {entry.title}
                    <a
                      href={`#${entry.problem.code}`}
                      className="font-mono text-muted text-xs hover:text-accent"
                    >
                      {entry.problem.code}
                    </a>
                  </h3>
                  <dl className="mt-1.5 grid gap-x-4 gap-y-1 sm:grid-cols-[6rem_minmax(0,1fr)]">
                    <dt className="text-muted">{t("cause")}</dt>
                    <dd>{entry.cause}</dd>
                    <dt className="text-muted">{t("fix")}</dt>
                    <dd>
                      {entry.fix}
                      {entry.fixes.length > 0 ? (
                        <ul className="mt-1 list-disc pl-4 marker:text-muted">
                          {entry.fixes.map((fix) => (
                            <li key={fix.id}>{fix.title}</li>
                          ))}
                        </ul>
                      ) : null}
                    </dd>
                    {examples[entry.problem.code] === undefined ? null : (
                      <>
                        <dt className="text-muted">{t("example")}</dt>
                        <dd className="min-w-0 whitespace-pre-wrap break-words font-mono text-xs leading-5">
                          {examples[entry.problem.code]}
                        </dd>
                      </>
                    )}
                  </dl>
                </article>
              ))}
          </div>
        </section>
      ))}
    </>
  );
}
