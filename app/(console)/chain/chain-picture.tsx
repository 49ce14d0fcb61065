import { X } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Chain, type ChainCard } from "#components/chain/chain.tsx";
import { FingerprintText } from "#components/chain/fingerprint-text.tsx";
import type { CertificateFacts } from "#lib/certificates/material.ts";
import type { ChainDrawing, ChainFault, ChainLink, ChainPlace } from "#lib/connect/chain/chain-drawing.ts";

interface Props {
  readonly drawing: ChainDrawing;
  /** What chain it is, where it is not the server's. */
  readonly label?: string;
  /** Whole subjects and fingerprints: where somebody has just pasted them. */
  readonly whole?: boolean;
}

/** A chain drawn, in words: on the server and in the browser alike. The words are `chain`. */
export function ChainPicture({ drawing, label, whole = false }: Props) {
  const t = useTranslations("chain");
  if (drawing.length === 0) return null;
  return (
    <Chain
      label={label ?? t("serverLabel")}
      cards={drawing.map((place, index) => cardOf(place, index, whole, t))}
    />
  );
}

type Words = ReturnType<typeof useTranslations<"chain">>;

function cardOf(place: ChainPlace, index: number, whole: boolean, t: Words): ChainCard {
  const { role, mark, gap = false, loop, facts, sha256, fault, link } = place;
  return {
    key: `${index} ${role}`,
    role,
    mark,
    gap,
    title: t(`roles.${role}`),
    name: whole && facts !== undefined ? facts.subject : nameOf(place, t),
    ...(loop !== undefined && {
      loop: { mark: loop, words: t(loop === "broken" ? "loop.broken" : "loop.sound") },
    }),
    // That it signed itself is said already, and for how long it is over below.
    ...(fault !== undefined &&
      fault !== "tls-self-signed" &&
      !(facts !== undefined && ofDates.has(fault)) && { fault: t(`faults.${fault}`) }),
    children: (
      <>
        {facts !== undefined && <Facts facts={facts} from={place.from} whole={whole} />}
        {facts === undefined && sha256 !== undefined && <Fingerprint sha256={sha256} whole={whole} />}
        {gap && (role === "root" || role === "intermediate" || role === "client") && (
          <p className="mt-0.5">{t(`gap.${role}`)}</p>
        )}
      </>
    ),
    ...(link !== undefined && {
      link: { mark: link.mark, pinned: link.tie === "pinned", words: linkWords(link, t) },
    }),
  };
}

const ofDates: ReadonlySet<ChainFault> = new Set([
  "tls-expired",
  "tls-not-yet-valid",
  "client-certificate-expired",
]);

function linkWords({ tie, mark, fault }: ChainLink, t: Words): string {
  if (fault !== undefined) return t(`faults.${fault}`);
  return t(`ties.${tie}.${mark === "sound" ? "sound" : "open"}`);
}

function nameOf({ role, name, mark }: ChainPlace, t: Words): string {
  if (role === "store")
    return storesOf(name)
      .map((store) => t(`stores.${store}`))
      .join(", ");
  if (role === "pin" && (name === "own" || name === "")) return t("pinName");
  if (role === "server") return t(mark === "sound" ? "serverTook" : "serverName");
  return role === "host" ? name : commonName(name);
}

/** Several may answer for one chain. */
function storesOf(ids: string) {
  const stores = ids.split(",").filter(isStore);
  return stores.length === 0 ? (["none"] as const) : stores;
}

function isStore(name: string): name is "system" | "mozilla" | "provider" | "own" {
  return name === "system" || name === "mozilla" || name === "provider" || name === "own";
}

/** The name people know it by; the whole subject where it has none. */
function commonName(subject: string): string {
  // A comma of a value's own has a backslash before it: what follows that is no attribute, whatever it looks like.
  const attributes = subject.match(/(?:\\.|[^\\,+])+/g)?.map((attribute) => attribute.trimStart()) ?? [];
  return attributes.find((attribute) => attribute.startsWith("CN="))?.slice("CN=".length) ?? subject;
}

function Facts({
  facts,
  from,
  whole,
}: {
  readonly facts: CertificateFacts;
  readonly from: ChainPlace["from"] | undefined;
  readonly whole: boolean;
}) {
  const t = useTranslations("chain");
  return (
    <div className="mt-1 flex flex-wrap gap-x-3 gap-y-0.5 @3xl:flex-col">
      <Lifetime facts={facts} />
      <p className="text-muted">{facts.key}</p>
      {from !== undefined && <p className="text-muted">{t(`from.${from}`)}</p>}
      <Fingerprint sha256={facts.sha256} whole={whole} />
    </div>
  );
}

/** A month is time enough to renew. */
const soon = 30;

function Lifetime({ facts: { daysLeft, notBefore } }: { readonly facts: CertificateFacts }) {
  const t = useTranslations("chain");
  const format = useFormatter();
  const begins = new Date(notBefore);
  const isEarly = begins.getTime() > Date.now();
  if (daysLeft < 0 || isEarly) {
    const date = format.dateTime(begins, { dateStyle: "medium" });
    return (
      <p className="flex items-start gap-1 font-medium text-danger">
        <X aria-hidden strokeWidth={3} className="mt-1 size-3 shrink-0" />
        {daysLeft < 0 ? t("expiredFor", { days: -daysLeft }) : t("validFrom", { date })}
      </p>
    );
  }
  return (
    <p className={daysLeft < soon ? "font-medium text-warn" : "text-muted"}>
      {t("daysLeft", { days: daysLeft })}
    </p>
  );
}

/** Its beginning, and the whole of it when opened. */
function Fingerprint({ sha256, whole }: { readonly sha256: string; readonly whole: boolean }) {
  const t = useTranslations("chain");
  const all = (
    <code className="block pb-0.5 font-mono text-[0.8125rem] [overflow-wrap:anywhere] select-all">
      <FingerprintText sha256={sha256} />
    </code>
  );
  if (whole) {
    return (
      <div className="w-full text-muted">
        {t("sha256")} {all}
      </div>
    );
  }
  return (
    <details className="group">
      <summary className="w-fit rounded-sm py-0.5 text-muted">
        {t("sha256")} <span className="font-mono group-open:hidden">{shortened(sha256)}</span>
      </summary>
      {all}
    </details>
  );
}

function shortened(sha256: string): string {
  const pairs = sha256.split(":");
  return pairs.length <= 4 ? sha256 : `${pairs.slice(0, 3).join(":")}…`;
}
