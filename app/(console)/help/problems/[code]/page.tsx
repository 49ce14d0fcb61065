import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { explain } from "#app/_server/answer.ts";
import { pageActor } from "#app/_server/guard.ts";
import { ChainPicture } from "#app/(console)/chain/chain-picture.tsx";
import { CopyableCommand } from "#components/ui/copyable-command.tsx";
import { exampleChain } from "#lib/guides/example-chain.ts";
import { relatedProblems } from "#lib/help/related-problems.ts";
import { sqlstatesOf } from "#lib/help/sqlstates-of.ts";
import { usualAt } from "#lib/help/usual-at.ts";
import { catalogue, type ProblemCode } from "#lib/problems/catalogue.ts";
import { problem } from "#lib/problems/problem.ts";
import { SoftLink } from "../../../soft-link.tsx";
import { HelpTabs } from "../../help-tabs.tsx";
import { ProblemLines } from "../../problem-lines.tsx";
import { FixList } from "./fix-list.tsx";
import { SaidByPrograms } from "./said-by-programs.tsx";

interface Props {
  readonly params: Promise<{ readonly code: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { code } = await params;
  if (isCode(code)) return { title: (await explain(problem(code))).title };
  return { title: (await getTranslations("help"))("problem.unknown.title") };
}

/** All that is known of one problem: what happened, why, what to do, what each fix gives up, how others say it. */
export default async function ProblemPage({ params }: Props) {
  await pageActor("connections:read");
  const { code } = await params;
  if (!isCode(code)) notFound();
  const t = await getTranslations("help");
  const { title, cause, fix, problem: found, fixes } = await explain(problem(code));
  const related = relatedProblems(code);
  const chains = await getTranslations("chain");
  const chain = exampleChain(code);
  return (
    <>
      <HelpTabs current="problems" here={title} />
      <article id={code} className="grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-7">
          <header>
            <h1 className="max-w-[40ch] text-2xl font-semibold tracking-tight text-balance">{title}</h1>
            <code className="text-muted [overflow-wrap:anywhere]">{code}</code>
          </header>
          <Part title={t("problems.cause")}>
            <p className="max-w-[70ch]">{cause}</p>
            {chain.length === 0 ? null : (
              <div className="mt-4">
                <ChainPicture drawing={chain} label={chains("label")} />
              </div>
            )}
          </Part>
          <Part title={t("problems.fix")}>
            <p className="max-w-[70ch]">{fix}</p>
          </Part>
          {fixes.length === 0 ? null : (
            <Part title={t("problem.fixes")}>
              <FixList ids={catalogue[found.code].fixes} titles={fixes.map((one) => one.title)} />
            </Part>
          )}
          <SaidByPrograms code={code} />
          {related.length === 0 ? null : (
            <Part title={t("problem.related")}>
              <ProblemLines lines={related.map((other) => ({ code: other }))} />
            </Part>
          )}
        </div>
        <Facts code={code} />
      </article>
    </>
  );
}

function isCode(name: string): name is ProblemCode {
  return Object.hasOwn(catalogue, name);
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section>
      <h2 className="mb-2 text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}

async function Facts({ code }: { readonly code: ProblemCode }) {
  const t = await getTranslations("help");
  const { step, retry } = catalogue[code];
  const states = sqlstatesOf(code);
  const providers = usualAt(code);
  return (
    <aside
      aria-label={t("problem.facts")}
      className="flex h-fit flex-col gap-4 rounded-lg border border-line bg-surface p-4 shadow-card lg:sticky lg:top-16"
    >
      <dl className="flex flex-col gap-3">
        <Fact name={t("problem.step")}>
          <SoftLink
            href={`/help/problems#step-${step}`}
            className="rounded-sm text-accent underline-offset-2 hover:underline"
          >
            {t(`problems.groups.${step}`)}
          </SoftLink>
        </Fact>
        <Fact name={t("problem.retry")}>{t(retry ? "problem.retryYes" : "problem.retryNo")}</Fact>
        {states.length === 0 ? null : (
          <Fact name={t("problem.sqlstate")}>
            <code>{states.join(", ")}</code>
          </Fact>
        )}
        {providers.length === 0 ? null : (
          <Fact name={t("problem.providers")}>
            <ul className="flex flex-col">
              {providers.map(({ id, name }) => (
                <li key={id}>
                  <SoftLink
                    href={`/help/providers/${id}#errors`}
                    className="inline-block rounded-sm py-0.5 text-accent underline-offset-2 hover:underline"
                  >
                    {name}
                  </SoftLink>
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
      <CopyableCommand
        command={`cloak-db problems ${code}`}
        shell={t("problem.cli")}
        copyLabel={t("problem.copyCli")}
        copiedLabel={t("problem.copied")}
        failedLabel={t("problem.copyFailed")}
      />
    </aside>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-[0.8125rem] text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
