import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { explain } from "#app/_server/answer.ts";
import { pageActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { ChainPicture } from "#app/(console)/chain/chain-picture.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { CopyableCommand } from "#components/ui/copyable-command.tsx";
import { guideSections, guideSources } from "#lib/guides/guide-sections.ts";
import { hostPlatform } from "#lib/guides/host-platform.ts";
import { providerChain } from "#lib/guides/provider-chain.ts";
import { psqlCommands } from "#lib/guides/psql-commands.ts";
import { findGuide } from "#lib/providers/provider-guides.ts";
import { findProvider } from "#lib/providers/recognise-provider.ts";
import { say } from "#lib/providers/shared-statements.ts";
import { rootsHere } from "#lib/trust/roots-here.ts";
import { HelpTabs } from "../../help-tabs.tsx";
import { GuideSection } from "./guide-section.tsx";
import { NoteList } from "./note-list.tsx";
import { PlatformGuides } from "./platform-guides.tsx";
import { RootTable } from "./root-table.tsx";
import { SettingTable } from "./setting-table.tsx";
import { SourceList } from "./source-list.tsx";
import { Said, SaidList } from "./statement.tsx";
import { UsualErrors } from "./usual-errors.tsx";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: findProvider((await params).id)?.name ?? null };
}

/** Everything there is to know of one provider: what to set and why, its roots, commands, errors, and where that was read. */
export default async function ProviderPage({ params }: Props) {
  await pageActor("connections:read");
  const { id } = await params;
  const provider = findProvider(id);
  const guide = findGuide(id);
  if (provider === undefined || guide === undefined) notFound();
  const t = await getTranslations("guides");
  const opened = await workspace();
  const [roots, platform] = await Promise.all([
    rootsHere(provider, opened.ok ? opened.value.trustStores : {}),
    hostPlatform(),
  ]);
  const numbers = guideSources(guide);
  const usesSystem = guide.psql.rootCert === "system";
  return (
    <>
      <HelpTabs current="providers" here={provider.name} />
      <h1 className="text-2xl font-semibold tracking-tight">{provider.name}</h1>
      <p className="mt-1 max-w-[70ch] text-muted">
        <Said statement={guide.lead} numbers={numbers} />
      </p>
      <div className="mt-5 grid gap-x-8 gap-y-5 lg:grid-cols-[13rem_minmax(0,1fr)]">
        <nav aria-label={t("page.contents")} className="h-fit lg:sticky lg:top-16 lg:border-line lg:border-l">
          <ul className="flex flex-wrap gap-x-4 lg:flex-col">
            {guideSections.map((section) => (
              <li key={section}>
                <a
                  href={`#${section}`}
                  className="inline-block rounded-sm py-1 text-accent underline-offset-2 hover:underline lg:px-3 lg:text-muted lg:hover:text-accent"
                >
                  {t(`sections.${section}`)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="flex min-w-0 flex-col gap-5">
          <GuideSection id="notes">
            <NoteList provider={provider} />
          </GuideSection>
          <GuideSection id="start">
            <SaidList statements={guide.start} numbers={numbers} ordered />
          </GuideSection>
          <GuideSection id="settings">
            <SettingTable settings={guide.settings} numbers={numbers} />
          </GuideSection>
          <GuideSection id="roots">
            {roots.ok ? (
              <>
                <ChainPicture drawing={providerChain(provider, guide, roots.value)} />
                <RootTable here={roots.value} isPublic={provider.rootsSource === "mozilla"} />
              </>
            ) : (
              <Alert
                tone="danger"
                problem={roots.problem.code}
                title={(await explain(roots.problem)).title}
              />
            )}
            <SaidList statements={guide.roots} numbers={numbers} />
          </GuideSection>
          <GuideSection id="platforms">
            <PlatformGuides guide={guide} host={platform} />
          </GuideSection>
          <GuideSection id="psql">
            <SaidList
              statements={[
                say(guide.psql.tokenCommand === undefined ? "psql-asks" : "psql-token"),
                ...(usesSystem ? [say("psql-system", "postgres-libpq")] : []),
              ]}
              numbers={numbers}
            />
            {psqlCommands(guide.psql).map(({ shell, text }) => (
              <CopyableCommand
                key={shell}
                command={text}
                shell={t(`shells.${shell}`)}
                copyLabel={t("page.copyCommand", { command: `psql, ${t(`shells.${shell}`)}` })}
                copiedLabel={t("page.copied")}
                failedLabel={t("page.copyFailed")}
              />
            ))}
          </GuideSection>
          <GuideSection id="sign-in">
            <SaidList statements={guide.signIn} numbers={numbers} />
          </GuideSection>
          <GuideSection id="ports">
            <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[6rem_minmax(0,1fr)]">
              {guide.ports.map(({ port, note }) => (
                <div key={note.id} className="contents">
                  <dt className={port === "own" ? "" : "font-mono"}>
                    {port === "own" ? t("page.ownPort") : port}
                  </dt>
                  <dd>
                    <Said statement={note} numbers={numbers} />
                  </dd>
                </div>
              ))}
            </dl>
          </GuideSection>
          <GuideSection id="network">
            <SaidList statements={guide.network} numbers={numbers} />
          </GuideSection>
          <GuideSection id="errors">
            <UsualErrors errors={guide.errors} numbers={numbers} />
          </GuideSection>
          <GuideSection id="sources">
            <SourceList numbers={numbers} />
          </GuideSection>
        </div>
      </div>
    </>
  );
}
