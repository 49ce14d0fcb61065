import type { useFormatter, useTranslations } from "next-intl";
import type { CertificateFacts } from "#lib/certificates/material.ts";
import { tlsTruth } from "#lib/connect/tls-truth.ts";
import type { Facts, Problem } from "#lib/problems/problem.ts";
import { readableMs } from "#lib/rounded-ms.ts";
import type { AttemptReport, StepReport, TlsReport } from "#lib/wire/report.ts";

/** One part of the report: a title, and names with their values. */
export interface ReportSection {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/** A certificate with the place that it has in its chain. */
export interface ReportCertificate {
  readonly role: "leaf" | "authority" | "anchor" | "client";
  readonly facts: CertificateFacts;
}

type Words = ReturnType<typeof useTranslations<"session.tls">>;
type StepWords = ReturnType<typeof useTranslations<"steps">>;
type Format = ReturnType<typeof useFormatter>;

/** An attempt that failed: its problem with its words, and how far it came. */
export interface Failed {
  readonly problem: Problem;
  readonly title: string;
  readonly cause: string;
  readonly steps: readonly StepReport[];
}

export interface Told extends Pick<AttemptReport, "tls" | "server"> {
  /** Left out where there is a session. */
  readonly failed?: Failed;
}

/** How far a failed attempt came, with all that each step showed. */
export function stepsSection({ steps }: Failed, t: Words, words: StepWords): ReportSection {
  const taken = steps.filter(({ state }) => state !== "skipped");
  return {
    title: t("steps"),
    rows: taken.map(({ name, state, ms, facts }) => {
      const time = words("time", { ms: readableMs(ms) });
      return [words(`names.${name}`), [words(`states.${state}`), time, ...spoken(facts, words)].join(" · ")];
    }),
  };
}

/** What the problem says of itself, for whoever runs the server. */
export function problemSection({ problem }: Failed, t: Words, words: StepWords): ReportSection {
  const facts = Object.entries(problem.facts).flatMap(([name, fact]) =>
    isNothing(fact) ? [] : [[factLabel(name, words), factText(fact)] as const],
  );
  return {
    title: t("problem"),
    rows: [
      [t("code"), problem.code],
      ...(problem.also.length === 0 ? [] : [[t("also"), problem.also.join(", ")] as const]),
      ...facts,
    ],
  };
}

/** What our own socket says of the session. */
export function sessionSection({ tls }: Told, t: Words): ReportSection {
  if (tls === null) return { title: t("session"), rows: [] };
  const source = tls.anchor?.source;
  const store = isStore(source) ? t(`stores.${source}`) : source;
  return {
    title: t("session"),
    rows: [
      [t("protocol"), tls.protocol],
      [t("cipher"), tls.cipher],
      [t("keyExchange"), tls.keyExchange ?? t("notTold")],
      [t("sni"), tls.sni ?? t("sniNone")],
      [t("alpn"), tls.alpn ?? t("alpnNone")],
      [t("negotiation"), t(`negotiations.${tls.negotiation}`)],
      [t("channelBinding"), t(channelBindingWords(tls))],
      [t("clientAsked"), t(clientAskedWords(tls))],
      [t("anchor"), tls.anchor?.certificate.subject ?? t("anchorNone")],
      ...(store === undefined ? [] : [[t("store"), store] as const]),
    ],
  };
}

/** What the server says of the same session; no rows when it does not tell. */
export function serverSection({ server }: Told, t: Words): ReportSection {
  const sees = server?.sees ?? null;
  if (sees === null) return { title: t("server"), rows: [] };
  return {
    title: t("server"),
    rows: [
      [t("serverEncrypted"), t(sees.ssl ? "yes" : "no")],
      ...(sees.version === null ? [] : [[t("protocol"), sees.version] as const]),
      ...(sees.cipher === null ? [] : [[t("cipher"), sees.cipher] as const]),
      [t("clientDn"), sees.clientDn ?? t("clientDnNone")],
    ],
  };
}

function channelBindingWords({ channelBinding, channelBindingOffered }: TlsReport) {
  if (channelBinding) return "channelBindingYes";
  if (channelBindingOffered === null) return "channelBindingNotReached";
  return channelBindingOffered ? "channelBindingOffered" : "channelBindingNotOffered";
}

function clientAskedWords({ clientCertificateAsked, clientCertificate }: TlsReport) {
  if (clientCertificateAsked === null) return "notTold";
  if (!clientCertificateAsked) return "clientAskedNo";
  return clientCertificate === null ? "clientAskedNotSent" : "clientAskedSent";
}

/**
 * The chain as the server sent it, and as it was built: up to the anchor, which need not be sent, or as far as it
 * goes where nothing trusted stands at its end.
 */
export function chainsOf({ tls }: Told): {
  readonly sent: readonly ReportCertificate[];
  readonly built: readonly ReportCertificate[];
  readonly client: readonly ReportCertificate[];
} {
  if (tls === null) return { sent: [], built: [], client: [] };
  const sent = tls.chain.map(
    (facts, index): ReportCertificate => ({ role: index === 0 ? "leaf" : "authority", facts }),
  );
  const client: ReportCertificate[] =
    tls.clientCertificate === null ? [] : [{ role: "client", facts: tls.clientCertificate }];
  const built = tls.built.map((facts, index): ReportCertificate => {
    if (facts.sha256 === tls.anchor?.certificate.sha256) return { role: "anchor", facts };
    return { role: index === 0 ? "leaf" : "authority", facts };
  });
  return { sent, built, client };
}

export function certificateSection(
  { role, facts }: ReportCertificate,
  t: Words,
  format: Format,
): ReportSection {
  const date = (iso: string) => format.dateTime(new Date(iso), { dateStyle: "medium", timeZone: "UTC" });
  const left =
    facts.daysLeft < 0
      ? t("certificate.expired", { days: -facts.daysLeft })
      : t("certificate.daysLeft", { days: facts.daysLeft });
  const range = t("certificate.range", { from: date(facts.notBefore), until: date(facts.notAfter) });
  return {
    title: t(`certificate.${role}`),
    rows: [
      [t("certificate.subject"), facts.subject],
      [t("certificate.issuer"), facts.issuer],
      [t("certificate.sans"), facts.sans.join(", ") || t("certificate.sansNone")],
      [t("certificate.key"), facts.key],
      [t("certificate.signature"), facts.signature],
      ...(facts.keyUsage.length === 0
        ? []
        : [[t("certificate.keyUsage"), facts.keyUsage.join(", ")] as const]),
      ...(facts.extendedKeyUsage.length === 0
        ? []
        : [[t("certificate.purposes"), facts.extendedKeyUsage.join(", ")] as const]),
      [t("certificate.validity"), `${range} · ${left}`],
      [t("certificate.serial"), facts.serial],
      [t("certificate.sha256"), facts.sha256],
    ],
  };
}

/** The whole report as Markdown: for a ticket. It holds nothing secret. */
export function reportMarkdown(told: Told, psql: string, t: Words, words: StepWords, format: Format): string {
  const truth = tlsTruth(told.tls);
  const { failed } = told;
  const chains = chainsOf(told);
  const table = ({ title, rows }: ReportSection, depth: string) =>
    rows.length === 0
      ? []
      : [`${depth} ${title}`, "", ...rows.map(([name, value]) => `- **${name}:** ${code(value)}`), ""];
  const chain = (title: string, certificates: readonly ReportCertificate[]) =>
    certificates.length === 0
      ? []
      : [
          `## ${title}`,
          "",
          ...certificates.flatMap((certificate) => table(certificateSection(certificate, t, format), "###")),
        ];
  return [
    `# ${t("report")}: ${failed === undefined ? t(`truth.${truth}`) : failed.title}`,
    "",
    failed === undefined ? t(`meaning.${truth}`) : failed.cause,
    "",
    ...(failed === undefined ? [] : table(problemSection(failed, t, words), "##")),
    ...(failed === undefined ? [] : table(stepsSection(failed, t, words), "##")),
    ...table(sessionSection(told, t), "##"),
    ...table(serverSection(told, t), "##"),
    ...chain(t("chain"), chains.sent),
    ...chain(builtTitle(told, t), chains.built),
    ...chain(t("clientChain"), chains.client),
    ...(psql === "" ? [] : [`## ${t("psql")}`, "", "```sh", psql, "```", ""]),
  ].join("\n");
}

export function builtTitle({ tls }: Told, t: Words): string {
  return t(tls?.anchor ? "verifiedChain" : "builtChain");
}

/** The report for machines: the live socket's word and the server's, as `cloak-db check --json` names them. */
export function reportJson({ tls, server, failed }: Told): string {
  if (failed === undefined) return JSON.stringify({ tls, server }, null, 2);
  const { code, step, also, facts } = failed.problem;
  const { title, cause, steps } = failed;
  const problem = { code, step, title, cause, also, facts };
  return JSON.stringify({ ok: false, problem, steps, tls, server }, null, 2);
}

function spoken(facts: Facts, words: StepWords): string[] {
  return Object.entries(facts).flatMap(([name, fact]) =>
    isNothing(fact) ? [] : [`${factLabel(name, words)}: ${factText(fact)}`],
  );
}

/** A fact without a label is shown by its name. */
function factLabel(name: string, words: StepWords): string {
  const key = `facts.${name}` as Parameters<StepWords["has"]>[0];
  return words.has(key) ? words(key as "facts.host") : name;
}

function factText(fact: Facts[string]): string {
  return Array.isArray(fact) ? fact.join(", ") : String(fact);
}

function isNothing(fact: Facts[string]): boolean {
  return fact === null || fact === "" || (Array.isArray(fact) && fact.length === 0);
}

function isStore(source: string | undefined): source is "system" | "mozilla" | "provider" | "own" {
  return source === "system" || source === "mozilla" || source === "provider" || source === "own";
}

/** Inline code that survives backquotes in what a certificate says (CommonMark 6.1). */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `\`${text}\`` : `${fence} ${text} ${fence}`;
}
