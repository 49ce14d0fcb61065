import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { acquireClient } from "#app/_server/acquire-client.ts";
import { explain } from "#app/_server/answer.ts";
import { ProblemCard } from "#components/problem-card.tsx";
import { problem } from "#lib/problems/problem.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import type { Refusal } from "#lib/session/pooled-session.ts";
import { type SessionFacts, sessionFacts } from "#lib/session/session-facts.ts";
import { writeAs } from "#lib/strings/write/write-as.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { ProviderGuideLink } from "../attempt/provider-guide-link.tsx";
import { WhatWasSeen } from "../attempt/what-was-seen.tsx";
import type { CitusPlace } from "./citus/citus-place.ts";
import { FixLink } from "./fix-link.tsx";
import { PassedSteps } from "./passed-steps.tsx";
import { ReconnectButton, Workbench } from "./workbench.tsx";

interface Props {
  readonly actor: Actor;
  readonly connectionId: string;
  readonly host: string;
  readonly readOnlyFirst: boolean;
  readonly mayWrite: boolean;
  /** Asks to write where that can be unlocked. */
  readonly unlock: ReactNode;
}

/** Opens the connection, or takes the live one, and shows what it is; or why there is none. */
export async function OpenedSession({ actor, connectionId, host, readOnlyFirst, mayWrite, unlock }: Props) {
  const looked = await look(actor, connectionId);
  if ("refusal" in looked) {
    return <NotConnected connectionId={connectionId} host={host} refusal={looked.refusal} />;
  }
  const { profile, report, facts } = looked;
  return (
    <Workbench
      connectionId={connectionId}
      rev={profile.rev}
      report={report}
      host={`${profile.host}:${profile.port}`}
      latencyMs={facts.latencyMs}
      unbound={facts.unbound}
      citus={facts.citus === null ? null : citusPlace(facts.citus, profile)}
      now={new Date().toISOString()}
      allowSelfSigned={profile.tls.allowSelfSigned}
      psql={writeAs("psql-sh", formValues(profile)).text}
      readOnlyFirst={readOnlyFirst}
      mayWrite={mayWrite}
      unlock={unlock}
      production={profile.environment === "production"}
    />
  );
}

function citusPlace(version: string, { host, port }: ConnectionProfile): CitusPlace {
  const { ports, worker, coordinator } = recogniseProvider(host)?.citus ?? {};
  return {
    version,
    service: ports ?? "other",
    port,
    coordinator: worker?.test(host) && coordinator !== undefined ? host.replace(worker, coordinator) : null,
  };
}

type Look =
  | {
      readonly profile: ConnectionProfile;
      readonly report: AttemptReport;
      readonly facts: SessionFacts;
    }
  | { readonly refusal: Refusal };

/** A live client may have died unnoticed: then a second one is asked for, once. */
async function look(actor: Actor, profileId: string): Promise<Look> {
  const ask = { profileId, mode: "read-only", onlyLooks: true } as const;
  for (let attempt = 1; ; attempt += 1) {
    const acquired = await acquireClient(actor, ask);
    if (!acquired.ok) return { refusal: acquired.problem };
    const { profile, session } = acquired.value;
    try {
      const facts = await sessionFacts(session);
      const { report } = session.connection;
      session.release();
      return { profile, report, facts };
    } catch {
      session.discard();
      if (attempt === 2) return { refusal: { problem: problem("net-closed"), report: null } };
    }
  }
}

async function NotConnected({
  connectionId,
  host,
  refusal,
}: {
  readonly connectionId: string;
  readonly host: string;
  readonly refusal: Refusal;
}) {
  const t = await getTranslations("session");
  const { problem: found, title, cause, fix, fixes } = await explain(refusal.problem);
  const also = await Promise.all(
    found.also.map(async (code) => ({ code, title: (await explain(problem(code, found.facts))).title })),
  );
  return (
    <div className="grid max-w-7xl grid-cols-[minmax(0,1fr)] items-start gap-6 pb-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <ProblemCard
        code={found.code}
        facts={found.facts}
        words={{ title, cause, fix, also, fixes: fixes.map((one) => one.title) }}
        labels={{
          next: t("problem.next"),
          also: t("problem.also"),
          evidence: t("problem.evidence"),
          help: t("problem.help"),
        }}
      >
        <div className="flex flex-wrap gap-2">
          <FixLink connectionId={connectionId} label={t("fix")} />
          <ReconnectButton label={t("tryAgain")} />
        </div>
        <ProviderGuideLink host={host} />
      </ProblemCard>
      {refusal.report !== null && (
        <section className="rounded-lg border border-line bg-surface px-4 py-3 shadow-card">
          <h2 className="mb-1.5 font-semibold text-sm">{t("steps")}</h2>
          <PassedSteps steps={refusal.report.steps} />
          <div className="mt-2 text-[0.8125rem]">
            <WhatWasSeen explained={{ problem: found, title, cause }} report={refusal.report} />
          </div>
        </section>
      )}
    </div>
  );
}
