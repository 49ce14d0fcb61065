import type { CertificateFacts, KeyFacts } from "#lib/certificates/material.ts";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import type { ChainDrawing, ChainMark, ChainPlace, ClientFault } from "./chain-drawing.ts";

/**
 * The client's own certificate as it is drawn: who issued it, and the server that decides whether it is enough.
 * @returns nothing to draw where no certificate was asked for and none was sent
 */
export function clientChain(
  { tls, server }: Pick<AttemptReport, "tls" | "server">,
  problem: Pick<Problem, "code"> | null,
): ChainDrawing {
  const fault = faultOf(problem?.code);
  const facts = tls?.clientCertificate ?? null;
  if (facts === null) return fault === undefined || !isMissing(fault) ? [] : missing(fault);
  // A server that tells whose certificate it saw has taken it.
  const taken: ChainMark = typeof server?.sees?.clientDn === "string" ? "sound" : "open";
  const onClient = fault !== undefined && ofCertificate.has(fault);
  const isTorn = fault !== undefined && !onClient;
  return [
    {
      role: "client",
      name: facts.subject,
      mark: onClient ? "broken" : fault === undefined ? taken : "sound",
      facts,
      ...(onClient && { fault }),
      ...(facts.selfSigned && { loop: "sound" as const }),
      link: { tie: "issued", mark: "sound" },
    },
    {
      role: "issuer",
      name: facts.issuer,
      mark: fault === "client-certificate-unknown-ca" ? "broken" : taken,
      link: isTorn
        ? { tie: "shown", mark: "broken", fault }
        : { tie: "shown", mark: onClient ? "open" : taken },
    },
    { role: "server", name: "", mark: fault === undefined ? taken : "open" },
  ];
}

/**
 * What was pasted as client certificate and key.
 * @param key left out where there is none yet
 */
export function givenClientChain(
  certificates: readonly CertificateFacts[],
  key: KeyFacts | undefined,
): ChainDrawing {
  const belongs: ChainMark = key?.belongs === undefined ? "open" : key.belongs ? "sound" : "broken";
  const [leaf, ...issuers] = certificates;
  if (leaf === undefined) return [];
  const places: ChainPlace[] =
    key === undefined
      ? []
      : [
          {
            role: "key",
            name: key.description ?? "",
            mark: belongs,
            link: {
              tie: "belongs",
              mark: belongs,
              ...(belongs === "broken" && { fault: "key-not-for-certificate" as const }),
            },
          },
        ];
  const all = [leaf, ...issuers];
  for (const [index, facts] of all.entries()) {
    const isLast = index === all.length - 1;
    places.push({
      role: index === 0 ? "client" : facts.selfSigned ? "root" : "intermediate",
      name: facts.subject,
      mark: facts.daysLeft < 0 ? "broken" : "sound",
      facts,
      ...(index === 0 && facts.daysLeft < 0 && { fault: "client-certificate-expired" as const }),
      ...(facts.selfSigned && { loop: "sound" as const }),
      ...(isLast && facts.selfSigned ? {} : { link: { tie: "issued", mark: isLast ? "open" : "sound" } }),
    });
  }
  const last = all.at(-1);
  if (last !== undefined && !last.selfSigned)
    places.push({ role: "issuer", name: last.issuer, mark: "open" });
  return places;
}

const clientFaults: readonly ClientFault[] = [
  "client-certificate-required",
  "client-certificate-refused",
  "client-certificate-unknown-ca",
  "client-certificate-revoked",
  "client-certificate-wrong-purpose",
  "client-certificate-expired",
  "auth-client-certificate-missing",
  "auth-client-certificate-other-user",
];

/** What is wrong with the certificate itself; the rest is between it and the server. */
const ofCertificate: ReadonlySet<ClientFault> = new Set([
  "client-certificate-revoked",
  "client-certificate-wrong-purpose",
  "client-certificate-expired",
]);

function faultOf(code: string | undefined): ClientFault | undefined {
  return clientFaults.find((fault) => fault === code);
}

/** Whether it is between a client's certificate and the server that wants it. */
export function isClientFault(code: ProblemCode): boolean {
  return faultOf(code) !== undefined;
}

function isMissing(fault: ClientFault): boolean {
  return fault === "client-certificate-required" || fault === "auth-client-certificate-missing";
}

function missing(fault: ClientFault): ChainDrawing {
  return [
    {
      role: "client",
      name: "",
      mark: "broken",
      gap: true,
      link: { tie: "shown", mark: "broken", fault },
    },
    { role: "server", name: "", mark: "open" },
  ];
}
