"use client";

import { useFormatter, useTranslations } from "next-intl";
import { AttemptChains } from "#app/(console)/chain/attempt-chains.tsx";
import { CellText } from "#components/cell-text.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { endsDisagree } from "#lib/connect/ends-disagree.ts";
import { tlsTruth } from "#lib/connect/tls-truth.ts";
import {
  builtTitle,
  certificateSection,
  chainsOf,
  problemSection,
  type ReportCertificate,
  type ReportSection,
  reportJson,
  reportMarkdown,
  serverSection,
  sessionSection,
  stepsSection,
  type Told,
} from "./tls-report-sections.ts";

interface Props {
  readonly report: Told;
  readonly psql: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Everything that is known of the TLS of a session, or of an attempt at one, from our end and from the server's. */
export function TlsReportDialog({ report, psql, open, onClose }: Props) {
  const t = useTranslations("session.tls");
  const words = useTranslations("steps");
  const format = useFormatter();
  const { tls, failed } = report;
  const truth = tlsTruth(tls);
  const chains = chainsOf(report);
  const copied = { copiedLabel: t("copied"), failedLabel: t("copyFailed") };
  return (
    <Dialog
      open={open}
      title={t("report")}
      onClose={onClose}
      sheet
      foot={
        <>
          <CopyButton
            text={() => reportMarkdown(report, psql, t, words, format)}
            label={t("copyMarkdown")}
            {...copied}
          />
          <CopyButton text={() => reportJson(report)} label={t("copyJson")} {...copied} />
          <Button onClick={onClose}>{t("close")}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        {failed === undefined ? (
          <Alert
            tone={truth === "plaintext" ? "danger" : truth === "unverified" ? "warn" : "success"}
            title={t(`truth.${truth}`)}
          >
            <p className="max-w-[70ch] text-[0.8125rem]">{t(`meaning.${truth}`)}</p>
            {tls?.unverifiedReason && (
              <p className="mt-1 text-[0.8125rem]">
                {t("unverifiedReason", { reason: tls.unverifiedReason })}
              </p>
            )}
          </Alert>
        ) : (
          <Alert tone="danger" title={failed.title}>
            <p className="max-w-[70ch] text-[0.8125rem]">{failed.cause}</p>
          </Alert>
        )}
        <AttemptChains report={report} problem={failed?.problem} />
        <div className="grid items-start gap-x-10 gap-y-6 lg:grid-cols-2">
          {failed !== undefined && (
            <>
              <Section section={problemSection(failed, t, words)} />
              <Section section={stepsSection(failed, t, words)} />
            </>
          )}
          {tls !== null && <Section section={sessionSection(report, t)} />}
          {failed === undefined && <ServerView report={report} />}
        </div>
        <div className="grid items-start gap-x-10 gap-y-6 lg:grid-cols-2">
          <Chain title={t("chain")} certificates={chains.sent} />
          <Chain title={builtTitle(report, t)} certificates={chains.built} />
          <Chain title={t("clientChain")} certificates={chains.client} />
        </div>
        {psql !== "" && (
          <section>
            <div className="flex items-center justify-between gap-2">
              <h3 className="font-semibold text-[0.8125rem]">{t("psql")}</h3>
              <CopyButton text={() => psql} label={t("copyPsql")} {...copied} />
            </div>
            <pre className="mt-1 whitespace-pre-wrap break-all rounded-md bg-sunken p-3 font-mono text-xs">
              {psql}
            </pre>
          </section>
        )}
      </div>
    </Dialog>
  );
}

function ServerView({ report }: { readonly report: Told }) {
  const t = useTranslations("session.tls");
  const section = serverSection(report, t);
  const differences = endsDisagree(report.tls, report.server?.sees);
  const sees = report.server?.sees;
  return (
    <Section section={section}>
      {section.rows.length === 0 && <p className="text-[0.8125rem] text-muted">{t("serverNotTold")}</p>}
      {section.rows.length > 0 && differences.length === 0 && (
        <p className="mt-1.5 text-[0.8125rem] text-success">{t("agree")}</p>
      )}
      {differences.length > 0 && (
        <Alert tone="warn" role="note" title={t("disagree.title")} className="mt-2">
          {differences.map((difference) => (
            <p key={difference} className="text-[0.8125rem]">
              {t(`disagree.${difference}`, {
                ours: (difference === "cipher" ? report.tls?.cipher : report.tls?.protocol) ?? "",
                theirs: (difference === "cipher" ? sees?.cipher : sees?.version) ?? "",
              })}
            </p>
          ))}
        </Alert>
      )}
    </Section>
  );
}

function Section({
  section,
  children,
}: {
  readonly section: ReportSection;
  readonly children?: React.ReactNode;
}) {
  return (
    <section>
      <h3 className="mb-1.5 font-semibold text-[0.8125rem]">{section.title}</h3>
      <Rows rows={section.rows} />
      {children}
    </section>
  );
}

function Rows({ rows }: { readonly rows: ReportSection["rows"] }) {
  if (rows.length === 0) return null;
  return (
    <dl className="grid grid-cols-1 gap-x-5 gap-y-0.5 text-[0.8125rem] sm:grid-cols-[11rem_minmax(0,1fr)]">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted max-sm:mt-1">{name}</dt>
          <dd className="min-w-0 break-words [overflow-wrap:anywhere]">
            <CellText text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface ChainProps {
  readonly title: string;
  readonly certificates: readonly ReportCertificate[];
}

/** Every certificate with all that it says, once it is opened. */
function Chain({ title, certificates }: ChainProps) {
  if (certificates.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1.5 font-semibold text-[0.8125rem]">{title}</h3>
      <ol className="flex flex-col gap-2">
        {certificates.map((certificate) => (
          <li key={certificate.facts.sha256}>
            <Certificate certificate={certificate} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Certificate({ certificate }: { readonly certificate: ReportCertificate }) {
  const t = useTranslations("session.tls");
  const format = useFormatter();
  const { role, facts } = certificate;
  const left = facts.daysLeft;
  return (
    <details className="rounded-md border border-line bg-surface px-3 py-2">
      <summary className="rounded-sm text-[0.8125rem]">
        <span className="ml-0.5 inline-flex max-w-[calc(100%-1.5rem)] flex-wrap items-center gap-x-2 gap-y-0.5 align-middle">
          <Badge tone={role === "anchor" ? "accent" : "neutral"}>{t(`certificate.${role}`)}</Badge>
          <span className="font-medium [overflow-wrap:anywhere]">
            <CellText text={facts.subject} />
          </span>
          {facts.selfSigned && <Badge>{t("certificate.selfSigned")}</Badge>}
          <Badge tone={left < 0 ? "danger" : left < 30 ? "warn" : "success"}>
            {left < 0 ? t("certificate.expired", { days: -left }) : t("certificate.daysLeft", { days: left })}
          </Badge>
        </span>
      </summary>
      <div className="mt-2">
        <Rows rows={certificateSection(certificate, t, format).rows} />
      </div>
    </details>
  );
}
