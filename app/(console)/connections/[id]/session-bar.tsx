"use client";

import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { readableMs } from "#lib/rounded-ms.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { TlsBadge } from "./tls/tls-badge.tsx";

interface Props {
  readonly report: AttemptReport;
  /** `host:port` as it is saved. */
  readonly host: string;
  /** One round trip on the open session, ms; undefined when it was not measured on this one. */
  readonly latencyMs: number | undefined;
  /** ISO 8601 of the moment that the uptime counts to. */
  readonly now: string;
  readonly allowSelfSigned: boolean;
  readonly psql: string;
}

/** What the session is: the server, the database, the user, and the truth about its TLS. */
export function SessionBar({ report, host, latencyMs, now, allowSelfSigned, psql }: Props) {
  const t = useTranslations("session.facts");
  const id = useId();
  const [open, setOpen] = useState(false);
  const { server } = report;
  const minutes = Math.floor((Date.parse(report.token?.expiresAt ?? now) - Date.parse(now)) / 60_000);
  const tokenLife = minutes < 1 ? t("tokenUsed") : t("tokenMinutes", { minutes });
  const facts = [
    [t("server"), server ? t("version", { version: server.version }) : t("unknown")],
    [t("host"), host],
    [t("database"), server?.database ?? t("unknown")],
    [t("user"), server?.user ?? t("unknown")],
    ...(report.token === undefined ? [] : [[t("token"), tokenLife] as const]),
    [t("uptime"), useUptime(server?.startedAt ?? null, now)],
    // It is measured as the page opens; a run that opens a session of its own has no such number.
    ...(latencyMs === undefined ? [] : [[t("latency"), t("ms", { ms: readableMs(latencyMs) })] as const]),
  ] as const;
  return (
    <section aria-label={t("label")} className="mb-2 flex flex-wrap items-center gap-x-6 gap-y-1.5">
      <TlsBadge report={report} psql={psql} />
      <Marks report={report} allowSelfSigned={allowSelfSigned} />
      <Button
        size="sm"
        look="quiet"
        className="ml-auto sm:hidden"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <ChevronDown aria-hidden className={classes("size-4", open && "rotate-180")} />
        {t("label")}
      </Button>
      <dl id={id} className={classes("flex flex-wrap gap-x-6 gap-y-1.5", !open && "max-sm:hidden")}>
        {facts.map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="text-xs text-muted leading-4">{name}</dt>
            <dd className="flex items-center gap-1.5 text-[0.8125rem] [overflow-wrap:anywhere]">
              <CellText text={value} />
              {name === t("user") && server?.superuser === true && (
                <Badge tone="warn">{t("superuser")}</Badge>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What this connection gives up, in words that stay in sight. */
function Marks({ report, allowSelfSigned }: Pick<Props, "report" | "allowSelfSigned">) {
  const t = useTranslations("session.marks");
  const marks = [
    report.fallback === "to-plaintext" && ([t("toPlaintext"), t("toPlaintextWhy"), "danger"] as const),
    report.fallback === "to-tls" && ([t("toTls"), t("toTlsWhy"), "warn"] as const),
    report.tls !== null &&
      allowSelfSigned &&
      ([t("allowSelfSigned"), t("allowSelfSignedWhy"), "warn"] as const),
  ].filter((mark) => mark !== false);
  if (marks.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-2">
      {marks.map(([title, why, tone]) => (
        <li key={title} title={why}>
          <Badge tone={tone}>{title}</Badge>
          <span className="sr-only">{why}</span>
        </li>
      ))}
    </ul>
  );
}

function useUptime(startedAt: string | null, now: string): string {
  const t = useTranslations("session.facts");
  if (startedAt === null) return t("unknown");
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(startedAt)) / 60_000));
  if (minutes < 60) return t("upMinutes", { minutes });
  if (minutes < 48 * 60) return t("upHours", { hours: Math.floor(minutes / 60) });
  return t("upDays", { days: Math.floor(minutes / 1440) });
}
