import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { acquireClient } from "#app/_server/acquire-client.ts";
import { explain } from "#app/_server/answer.ts";
import { demoNotes } from "#app/_server/demo.ts";
import { problem } from "#lib/problems/problem.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { formValues, profileView } from "#lib/profiles/profile-view.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import type { Refusal } from "#lib/session/pooled-session.ts";
import { type SessionFacts, sessionFacts } from "#lib/session/session-facts.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import { writeAs } from "#lib/strings/write/write-as.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { OutcomeWords } from "../attempt/outcome-words.tsx";
import { confirmOwnPassword } from "../confirm-actions.ts";
import { demoClientCertificate } from "../demo-actions.ts";
import { connectUnsaved } from "../unsaved-actions.ts";
import type { CitusPlace } from "./citus/citus-place.ts";
import { FixLink } from "./fix-link.tsx";
import { NotConnected } from "./not-connected.tsx";
import { ReconnectButton, Workbench } from "./workbench.tsx";

interface Props {
  readonly actor: Actor;
  readonly connection: FoundConnection;
  /** The connection being opened, by `openSession`. */
  readonly opening: Promise<Look>;
  /** Whether the person may change the connection. */
  readonly manages: boolean;
  readonly readOnlyFirst: boolean;
  readonly mayWrite: boolean;
  /** Asks to write where that can be unlocked. */
  readonly unlock: ReactNode;
}

/** Shows what the session is that was opened; or why there is none. */
export async function OpenedSession(props: Props) {
  const { actor, connection, opening, manages, readOnlyFirst, mayWrite, unlock } = props;
  const connectionId = connection.profile.id;
  const looked = await opening;
  if ("refusal" in looked) {
    return refusedView(actor, connection, manages, looked.refusal);
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

/** Opens the connection, or takes the live one. That may have died unnoticed: then a second is asked for, once. */
export async function openSession(actor: Actor, profileId: string): Promise<Look> {
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

async function refusedView(actor: Actor, connection: FoundConnection, manages: boolean, refusal: Refusal) {
  const t = await getTranslations("session");
  const explained = await explain(refusal.problem);
  const { problem: found } = explained;
  const also = await Promise.all(
    found.also.map(async (code) => ({ code, title: (await explain(problem(code, found.facts))).title })),
  );
  const { id } = connection.profile;
  return (
    <OutcomeWords>
      <NotConnected
        // Another look at the page is another attempt: what was tried on the last one is over.
        key={new Date().toISOString()}
        view={profileView(connection.profile, actor.id)}
        explained={explained}
        also={also}
        report={refusal.report}
        confirm={confirmOwnPassword}
        {...(manages && { connect: connectUnsaved })}
        {...((await demoNotes()) && { demoClient: demoClientCertificate })}
      >
        <FixLink connectionId={id} label={t("fix")} />
        <ReconnectButton label={t("tryAgain")} />
      </NotConnected>
    </OutcomeWords>
  );
}
