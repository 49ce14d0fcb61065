"use client";

import { useFormatter, useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Alert, type Tone } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Spinner } from "#components/ui/spinner.tsx";
import type { Facts } from "#lib/problems/problem.ts";
import { readableMs } from "#lib/rounded-ms.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { AttemptReport, Verified } from "#lib/wire/report.ts";
import type { AttemptEnd } from "./attempt-state.ts";
import { ChainSeen } from "./chain-seen.tsx";
import { FixCards, isCard } from "./fix-cards.tsx";
import type { OutcomePlace } from "./outcome-place.ts";
import { ProviderGuideLink } from "./provider-guide-link.tsx";
import { WhatWasSeen } from "./what-was-seen.tsx";

/** How a test ended: connected, or what kept it from it; loaded with the first test. */
export function AttemptOutcome({ end, place }: { readonly end: AttemptEnd; readonly place: OutcomePlace }) {
  const t = useTranslations("form.result");
  switch (end.type) {
    case "cancelled":
      return (
        <Alert tone="info" title={t("cancelled")} className={beside}>
          <Acts of={place} />
        </Alert>
      );
    case "failed":
      return (
        <Alert
          tone="danger"
          role="alert"
          problem="unexpected"
          title={t(failureWords[end.failure])}
          className={beside}
        >
          <Acts of={place} />
        </Alert>
      );
    case "problem":
      return <Failure explained={end.explained} also={[]} place={place} />;
    default:
      return end.explained === null ? (
        <Success report={end.report} place={place} />
      ) : (
        <Failure explained={end.explained} also={end.also} report={end.report} place={place} />
      );
  }
}

const failureWords = { lost: "lost", stale: "stale", "signed-out": "signedOut" } as const;

/** That a test is under way, of which server, and the way to end it. */
export function Running({ host, onCancel }: { readonly host: string; readonly onCancel: () => void }) {
  const t = useTranslations("form");
  return (
    <div
      className={classes(
        beside,
        "flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-sunken px-3 py-2.5",
      )}
    >
      <Spinner className="size-4 shrink-0 text-accent" />
      <p className="min-w-0 flex-1 wrap-anywhere">
        <span className="text-base font-semibold">{t("result.running")}</span>{" "}
        <span className="text-muted">{host}</span>
      </p>
      <Button size="sm" onClick={onCancel}>
        {t("actions.cancel")}
      </Button>
    </div>
  );
}

/** The place at the right of the steps, where there are any. */
const beside = "w-full self-start lg:col-start-2 lg:row-start-1";

interface FailureProps {
  readonly explained: Explained;
  readonly also: readonly { readonly code: string; readonly title: string }[];
  /** Left out where nothing was tried. */
  readonly report?: AttemptReport;
  readonly place: OutcomePlace;
}

/** A problem with its words and its evidence, and under them its fixes. */
export function Failure({ explained, also, report, place }: FailureProps) {
  const t = useTranslations("form.result");
  const { problem, title, cause, fix } = explained;
  return (
    <>
      <Alert
        tone="danger"
        role="alert"
        problem={problem.code}
        title={<Title>{title}</Title>}
        className={beside}
      >
        <div className="mt-1.5 flex max-w-[72ch] flex-col gap-2.5 text-sm">
          <p>{cause}</p>
          {problem.code === "tls-pin-changed" && <PinComparison facts={problem.facts} />}
          <div>
            <p className="text-[0.8125rem] font-medium text-muted">{t("next")}</p>
            <p>{fix}</p>
            <ByHand explained={explained} place={place} />
            <Acts of={place} />
          </div>
          {also.length > 0 && (
            <div>
              <p className="text-[0.8125rem] font-medium text-muted">{t("also")}</p>
              <ul className="list-disc pl-4">
                {also.map((other) => (
                  <li key={other.code} data-also={other.code}>
                    {other.title}
                  </li>
                ))}
              </ul>
            </div>
          )}
          <Evidence facts={problem.facts} />
          <div className="flex flex-wrap gap-x-4 text-[0.8125rem] *:py-1">
            {report !== undefined && <WhatWasSeen explained={{ problem, title, cause }} report={report} />}
            <a
              href={`/help/problems/${problem.code}`}
              className="rounded-sm text-accent underline-offset-2 hover:underline"
            >
              {t("help")}
            </a>
            <ProviderGuideLink host={place.values().host} />
          </div>
        </div>
      </Alert>
      <div className="flex min-w-0 flex-col gap-5 empty:hidden lg:col-span-2 lg:row-start-2">
        <FixCards explained={explained} place={place} />
        {report !== undefined && <ChainSeen problem={problem} report={report} />}
      </div>
    </>
  );
}

function Acts({ of: { acts } }: { readonly of: OutcomePlace }) {
  return acts === undefined ? null : <div className="mt-2.5 flex flex-wrap gap-2">{acts}</div>;
}

function Title({ children }: { readonly children: ReactNode }) {
  return <span className="text-base leading-6 font-semibold">{children}</span>;
}

/** What a person does elsewhere, or in a field of the form. */
function ByHand({ explained: { problem, fixes }, place }: Pick<FailureProps, "explained" | "place">) {
  const t = useTranslations("outcome");
  const labels = useTranslations("form.labels");
  const advice = problem.fixes.flatMap((fix, index) =>
    isCard(fix) ? [] : [{ id: fix.id, title: fixes[index]?.title ?? fix.id, field: fieldOf[fix.id] }],
  );
  const { onGoTo } = place;
  if (advice.length === 0) return null;
  return (
    <ul className="mt-1 list-disc pl-4">
      {advice.map(({ id, title, field }) => (
        <li key={id}>
          {title}
          {field !== undefined && onGoTo !== undefined && (
            <button
              type="button"
              onClick={() => onGoTo(field)}
              className="ml-2 rounded-sm py-0.5 text-[0.8125rem] text-accent underline-offset-2 hover:underline"
            >
              {t("goTo", { field: labels(field) })}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Where the advice is followed, where that is a field which is always there. */
const fieldOf: Readonly<Partial<Record<string, Exclude<keyof FormValues, "secretActs">>>> = {
  "check-database": "database",
  "check-host": "host",
  "check-port": "port",
  "check-user": "user",
  "give-client-key": "clientKey",
};

/** The certificate that was trusted beside the one that came, to be compared before anybody agrees. */
function PinComparison({ facts }: { readonly facts: Facts }) {
  const t = useTranslations("form.result.pin");
  const format = useFormatter();
  const day = (fact: Facts[string] | undefined) =>
    typeof fact === "string" && !Number.isNaN(Date.parse(fact))
      ? format.dateTime(new Date(fact), { dateStyle: "medium" })
      : "?";
  const sides = [
    ["old", facts.expectedSubject, facts.expectedNotBefore, facts.expectedNotAfter, facts.expected],
    ["new", facts.subject, facts.notBefore, facts.notAfter, facts.sha256],
  ] as const;
  return (
    <table className="w-full table-fixed text-[0.8125rem]">
      <caption className="sr-only">{t("caption")}</caption>
      <thead>
        <tr className="text-left text-muted">
          {sides.map(([side]) => (
            <th key={side} scope="col" className="pr-3 pb-0.5 font-medium">
              {t(side)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr className="align-top">
          {sides.map(([side, subject, from, until, sha256]) => (
            <td key={side} className="pr-3">
              <p className="break-words">{String(subject ?? "?")}</p>
              <p className="text-muted">{t("valid", { from: day(from), until: day(until) })}</p>
              <p className="font-mono break-all">{String(sha256 ?? "?")}</p>
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function Evidence({ facts }: { readonly facts: Facts }) {
  const t = useTranslations("form.result");
  const words = useTranslations("steps.facts");
  const seen = Object.entries(facts).filter(([, fact]) => fact !== null && fact !== "");
  if (seen.length === 0) return null;
  return (
    <details>
      <summary className="w-fit rounded-sm text-[0.8125rem] font-medium text-muted">{t("evidence")}</summary>
      <dl className="mt-1 grid grid-cols-[minmax(0,auto)_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-[0.8125rem]">
        {seen.map(([name, fact]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{words.has(name) ? words(name) : name}</dt>
            <dd className="font-mono wrap-anywhere">
              {Array.isArray(fact) ? fact.join(", ") : String(fact)}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

const toneOf: Readonly<Record<Verified | "plain", Tone>> = {
  full: "success",
  ca: "success",
  pinned: "success",
  none: "warn",
  plain: "warn",
};

function Success({ report, place }: { readonly report: AttemptReport; readonly place: OutcomePlace }) {
  const t = useTranslations("form.result");
  const words = useTranslations("outcome");
  const id = useId();
  const { tls, server, fallback } = report;
  const proved = tls === null ? "plain" : tls.verified;
  const warnings = [
    tls?.unverifiedReason && t("unverified", { reason: tls.unverifiedReason }),
    fallback !== null && t(fallback === "to-plaintext" ? "fallbackPlain" : "fallbackTls"),
    server?.superuser === true && t("superuser"),
  ].filter((words) => typeof words === "string");
  return (
    <Alert
      tone={toneOf[proved]}
      title={<Title>{t(server === null ? "looked" : "connected", { ms: readableMs(report.ms) })}</Title>}
      className={beside}
    >
      <div className="mt-1.5 flex flex-col gap-2.5 text-sm">
        <p className="font-medium">{t(`verified.${proved}`)}</p>
        <SuccessFacts report={report} />
        {warnings.length > 0 && (
          <ul className="flex flex-col gap-0.5 text-warn">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        )}
        {server === null && (
          <div className="text-[0.8125rem]">
            <WhatWasSeen report={report} />
          </div>
        )}
        {server !== null && place.onConnect !== undefined && (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <Button look="primary" aria-describedby={id} onClick={place.onConnect}>
              {words("connectNow")}
            </Button>
            <span id={id} className="text-[0.8125rem] text-muted">
              {words("nothingSaved")}
            </span>
          </div>
        )}
      </div>
    </Alert>
  );
}

/** What the connection is: the session, TLS as it was agreed on, and who was proved to answer. */
function SuccessFacts({ report: { tls, server } }: { readonly report: AttemptReport }) {
  const t = useTranslations("form.result");
  const words = useTranslations("outcome.facts");
  const names = useTranslations("steps.facts");
  const leaf = tls?.chain[0];
  const rows = [
    server !== null && {
      term: words("session"),
      value: t("server", { version: server.version, user: server.user, database: server.database }),
    },
    tls && { term: names("protocol"), value: tls.protocol },
    tls && { term: names("cipher"), value: tls.cipher },
    tls?.anchor && { term: words("anchor"), value: tls.anchor.certificate.subject },
    leaf && { term: words("certificate"), value: leaf.subject },
    leaf && { term: words("ends"), value: words("days", { days: leaf.daysLeft }) },
  ].filter((row) => row !== null && row !== undefined && row !== false);
  return (
    <dl className="grid gap-x-6 gap-y-1.5 text-[0.8125rem] sm:grid-cols-2">
      {rows.map(({ term, value }) => (
        <div key={term} className="min-w-0">
          <dt className="text-muted">{term}</dt>
          <dd className="wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
