"use client";

import { FileBadge, KeyRound, ListX } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { ChainPicture } from "#app/(console)/chain/chain-picture.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { CertificateFacts, CrlFacts, KeyFacts } from "#lib/certificates/material.ts";
import type { MaterialBox } from "#lib/certificates/pem-kind.ts";
import { givenClientChain } from "#lib/connect/chain/client-chain.ts";
import { givenCaChain } from "#lib/connect/chain/way-chain.ts";
import type { Reading } from "./use-material-facts.ts";

/** What was understood of a box's content, in words. */
export function MaterialSummary({ box, reading }: { readonly box: MaterialBox; readonly reading: Reading }) {
  const t = useTranslations("form.material");
  const { state, facts } = reading;
  if (state === "unread") return <p className="text-xs text-warn">{t("unread")}</p>;
  if (facts === undefined) {
    return (
      <p className="flex items-center gap-1.5 text-xs text-muted">
        <Spinner className="size-3.5" /> {t("reading")}
      </p>
    );
  }
  return (
    <div aria-live="polite" className="flex flex-col gap-1.5">
      {box !== "clientCertificate" && <Certificates certificates={facts.certificates} />}
      {facts.key && <KeyLine facts={facts.key} />}
      {box === "crl" &&
        facts.crls.map((crl) => <CrlLine key={`${crl.issuer} ${crl.thisUpdate}`} facts={crl} />)}
    </div>
  );
}

/** The client's certificate and key in one picture, once there is a certificate. */
export function ClientPicture({
  certificate,
  clientKey,
}: {
  readonly certificate: Reading | undefined;
  readonly clientKey: Reading | undefined;
}) {
  const t = useTranslations("chain");
  const certificates = certificate?.facts?.certificates ?? [];
  return (
    <div aria-live="polite" className="empty:hidden">
      <ChainPicture
        whole
        drawing={givenClientChain(certificates, clientKey?.facts?.key)}
        label={t("clientLabel")}
      />
    </div>
  );
}

/** One chain is drawn; what is none, as a bundle of roots, is a list. */
function Certificates({ certificates }: { readonly certificates: readonly CertificateFacts[] }) {
  const t = useTranslations("chain");
  const drawing = givenCaChain(certificates);
  if (drawing.length === 0) return <CertificateList certificates={certificates} />;
  return <ChainPicture whole drawing={drawing} label={t("label")} />;
}

/** How many of a long bundle are shown at once. */
const atOnce = 3;

/** Certificates, each with who, by whom, until when and its fingerprint; the rest of a long bundle folds away. */
function CertificateList({ certificates }: { readonly certificates: readonly CertificateFacts[] }) {
  const t = useTranslations("form.material");
  const rest = certificates.slice(atOnce);
  return (
    <>
      {certificates.slice(0, atOnce).map((facts) => (
        <CertificateLine key={facts.sha256} facts={facts} />
      ))}
      {rest.length > 0 && (
        <details className="text-xs">
          <summary className="w-fit rounded-sm py-0.5 text-accent">
            {t("more", { count: rest.length })}
          </summary>
          <div className="mt-1.5 flex max-h-72 flex-col gap-1.5 overflow-y-auto">
            {rest.map((facts) => (
              <CertificateLine key={facts.sha256} facts={facts} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

const line = "flex gap-2 rounded-md bg-sunken px-2.5 py-2 text-xs";

function CertificateLine({ facts }: { readonly facts: CertificateFacts }) {
  const t = useTranslations("form.material");
  const format = useFormatter();
  return (
    <div className={line}>
      <FileBadge aria-hidden className="mt-px size-4 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <span className="font-medium break-all">{facts.subject}</span>
          {facts.selfSigned ? <Badge>{t("selfSigned")}</Badge> : facts.ca && <Badge>{t("authority")}</Badge>}
          <Lifetime facts={facts} />
        </p>
        <p className="break-words text-muted">
          {!facts.selfSigned && <>{t("issuer", { issuer: facts.issuer })} · </>}
          {t("until", { date: format.dateTime(new Date(facts.notAfter), { dateStyle: "medium" }) })} ·{" "}
          {facts.key}
        </p>
        <p className="text-muted">
          {t("fingerprint")} <span className="font-mono text-xs break-all">{facts.sha256}</span>
        </p>
      </div>
    </div>
  );
}

/** Days left, the redder the fewer. */
function Lifetime({ facts }: { readonly facts: CertificateFacts }) {
  const t = useTranslations("form.material");
  const format = useFormatter();
  const begins = new Date(facts.notBefore);
  if (begins.getTime() > Date.now()) {
    return (
      <Badge tone="danger">{t("notYet", { date: format.dateTime(begins, { dateStyle: "medium" }) })}</Badge>
    );
  }
  if (facts.daysLeft < 0) return <Badge tone="danger">{t("expired", { days: -facts.daysLeft })}</Badge>;
  return (
    <Badge tone={facts.daysLeft < 30 ? "warn" : "success"}>{t("daysLeft", { days: facts.daysLeft })}</Badge>
  );
}

/** A key: its kind and size where it could be opened, whether it is encrypted and whether it belongs. */
export function KeyLine({ facts }: { readonly facts: KeyFacts }) {
  const t = useTranslations("form.material");
  return (
    <div className={line}>
      <KeyRound aria-hidden className="mt-px size-4 shrink-0 text-muted" />
      <p className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-0.5">
        <span className="font-medium">{facts.description ?? t("key")}</span>
        <span className="text-muted">{facts.kind}</span>
        <Badge tone={facts.encrypted ? "success" : "neutral"}>
          {facts.encrypted ? t("encrypted") : t("notEncrypted")}
        </Badge>
        {facts.belongs !== undefined && (
          <Badge tone={facts.belongs ? "success" : "danger"}>
            {facts.belongs ? t("belongs") : t("belongsNot")}
          </Badge>
        )}
      </p>
    </div>
  );
}

function CrlLine({ facts }: { readonly facts: CrlFacts }) {
  const t = useTranslations("form.material");
  const format = useFormatter();
  const date = (iso: string) => format.dateTime(new Date(iso), { dateStyle: "medium" });
  return (
    <div className={line}>
      <ListX aria-hidden className="mt-px size-4 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-all">{t("crl", { issuer: facts.issuer })}</p>
        <p className="text-muted">
          {facts.nextUpdate === undefined
            ? t("crlDate", { from: date(facts.thisUpdate) })
            : t("crlDates", { from: date(facts.thisUpdate), until: date(facts.nextUpdate) })}
          {" · "}
          {t("crlCount", { count: facts.revoked })}
        </p>
      </div>
    </div>
  );
}
