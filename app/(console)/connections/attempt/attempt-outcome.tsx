"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useFormContext } from "react-hook-form";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Badge } from "#components/ui/badge.tsx";
import type { Facts, Fix } from "#lib/problems/problem.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import type { AttemptReport, Verified } from "#lib/wire/report.ts";
import { DemoClientOffer } from "../form/demo-client-offer.tsx";
import { useFieldChanges } from "../form/field-changes.ts";
import { FixButton } from "../form/fix-button.tsx";
import { milliseconds } from "./connection-steps.tsx";
import { type Promised, promisedChecks } from "./promised-checks.ts";
import { ProviderGuideLink } from "./provider-guide-link.tsx";
import type { AttemptEnd } from "./use-attempt.ts";
import { WhatWasSeen } from "./what-was-seen.tsx";

/** How a test ended: connected, or what kept it from it; loaded with the first test. */
export function AttemptOutcome({
  end,
  onApply,
}: {
  readonly end: AttemptEnd;
  readonly onApply: (change: FormChange) => void;
}) {
  const t = useTranslations("form.result");
  switch (end.type) {
    case "cancelled":
      return <Alert tone="info" title={t("cancelled")} />;
    case "failed":
      return (
        <Alert
          tone="danger"
          role="alert"
          problem="unexpected"
          title={t(end.failure === "stale" ? "stale" : "lost")}
        />
      );
    case "problem":
      return <Failure explained={end.explained} also={[]} onApply={onApply} />;
    default:
      return end.explained === null ? (
        <Success report={end.report} />
      ) : (
        <Failure explained={end.explained} also={end.also} report={end.report} onApply={onApply} />
      );
  }
}

interface FailureProps {
  readonly explained: Explained;
  readonly also: readonly { readonly code: string; readonly title: string }[];
  /** Left out where nothing was tried. */
  readonly report?: AttemptReport;
  readonly onApply: (change: FormChange) => void;
}

/** A problem with its words, its fixes and its evidence. */
export function Failure({ explained, also, report, onApply }: FailureProps) {
  const t = useTranslations("form.result");
  const { getValues } = useFormContext<FormValues>();
  const { problem, title, cause, fix, fixes } = explained;
  return (
    <Alert tone="danger" role="alert" problem={problem.code} title={title}>
      <div className="mt-1 flex flex-col gap-2.5 text-[0.8125rem]">
        <p>{cause}</p>
        {problem.code === "tls-pin-changed" && <PinComparison facts={problem.facts} />}
        <div>
          <p className="text-xs font-medium text-muted">{t("next")}</p>
          <p>{fix}</p>
        </div>
        <DemoClientOffer code={problem.code} onApply={onApply} />
        <Fixes fixes={problem.fixes} titles={fixes.map((one) => one.title)} onApply={onApply} />
        {also.length > 0 && (
          <div>
            <p className="text-xs font-medium text-muted">{t("also")}</p>
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
        {report !== undefined && <WhatWasSeen explained={{ problem, title, cause }} report={report} />}
        <p className="flex flex-wrap gap-x-4 gap-y-1">
          <a
            href={`/help/problems#${problem.code}`}
            className="rounded-sm text-accent underline-offset-2 hover:underline"
          >
            {t("help")}
          </a>
          <ProviderGuideLink host={getValues("host")} />
        </p>
      </div>
    </Alert>
  );
}

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
    <table className="w-full table-fixed text-xs">
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
              <p className="font-mono text-xs break-all">{String(sha256 ?? "?")}</p>
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

interface FixesProps {
  readonly fixes: readonly Fix[];
  readonly titles: readonly string[];
  readonly onApply: (change: FormChange) => void;
}

/** One button a fix, with what it changes in the form; fixes that need a person's hand stand as a line. */
function Fixes({ fixes, titles, onApply }: FixesProps) {
  const t = useTranslations("form.result");
  const { getValues } = useFormContext<FormValues>();
  const { changes } = useFieldChanges();
  const values = getValues();
  if (fixes.length === 0) return null;
  return (
    <ul className="flex flex-col gap-2">
      {fixes.map((fix, index) => {
        const title = titles[index] ?? fix.id;
        const { change } = fix;
        if (change === undefined) {
          return (
            <li key={fix.id} className="ml-4 list-disc">
              {title}
            </li>
          );
        }
        return (
          <li key={fix.id} className="flex flex-col items-start gap-1 rounded-md bg-surface p-2">
            <FixButton title={title} change={change} onApply={onApply} />
            <ul className="text-xs text-muted">
              {changes(change, values).map(({ field, label, from, to }) => (
                <li key={field} className="break-words">
                  {t("changes", { field: label, from, to })}
                </li>
              ))}
              {typeof fix.facts?.replaces === "string" && (
                <li>
                  {t("pin.old")}{" "}
                  <span className="font-mono text-xs break-all text-ink">{fix.facts.replaces}</span>
                </li>
              )}
              {typeof fix.facts?.sha256 === "string" && (
                <li>
                  {t("fingerprint")}{" "}
                  <span className="font-mono text-xs break-all text-ink">{fix.facts.sha256}</span>
                </li>
              )}
            </ul>
            {weakens(change, values) && <Badge tone="warn">{t("weakens")}</Badge>}
          </li>
        );
      })}
    </ul>
  );
}

/** How much each promise proves. */
const proves: Readonly<Record<Promised, number>> = {
  plain: 0,
  opportunistic: 1,
  "self-signed": 2,
  unchecked: 2,
  chain: 3,
  full: 4,
};

function weakens(change: FormChange, values: FormValues): boolean {
  const after = { ...values, ...change };
  return (
    proves[promisedChecks(after)] < proves[promisedChecks(values)] ||
    (after.allowWeakPassword && !values.allowWeakPassword)
  );
}

function Evidence({ facts }: { readonly facts: Facts }) {
  const t = useTranslations("form.result");
  const words = useTranslations("steps.facts");
  const seen = Object.entries(facts).filter(([, fact]) => fact !== null && fact !== "");
  if (seen.length === 0) return null;
  return (
    <details>
      <summary className="w-fit rounded-sm text-xs font-medium text-muted">{t("evidence")}</summary>
      <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-xs">
        {seen.map(([name, fact]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{words.has(name) ? words(name) : name}</dt>
            <dd className="font-mono break-words">{Array.isArray(fact) ? fact.join(", ") : String(fact)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Success({ report }: { readonly report: AttemptReport }) {
  const t = useTranslations("form.result");
  const { tls, server, fallback } = report;
  const leaf = tls?.chain[0];
  const proved: Verified | "plain" = tls === null ? "plain" : tls.verified;
  const sound = proved === "full" || proved === "ca" || proved === "pinned";
  return (
    <Alert
      tone={sound ? "success" : "warn"}
      title={t(server === null ? "looked" : "connected", { ms: milliseconds(report.ms) })}
    >
      <ul className="mt-1 flex flex-col gap-0.5 text-[0.8125rem]">
        <li className="font-medium">{t(`verified.${proved}`)}</li>
        {server && (
          <li>{t("server", { version: server.version, user: server.user, database: server.database })}</li>
        )}
        {tls && <li>{t("encrypted", { protocol: tls.protocol, cipher: tls.cipher })}</li>}
        {tls?.anchor && (
          <li className="break-words">{t("anchor", { subject: tls.anchor.certificate.subject })}</li>
        )}
        {leaf && (
          <li className="break-words">{t("certificate", { subject: leaf.subject, days: leaf.daysLeft })}</li>
        )}
        {tls?.unverifiedReason && (
          <li className="text-warn">{t("unverified", { reason: tls.unverifiedReason })}</li>
        )}
        {fallback !== null && (
          <li className="text-warn">{t(fallback === "to-plaintext" ? "fallbackPlain" : "fallbackTls")}</li>
        )}
        {server?.superuser === true && <li className="text-warn">{t("superuser")}</li>}
      </ul>
      {server === null && <WhatWasSeen report={report} />}
    </Alert>
  );
}
