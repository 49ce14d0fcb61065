import "server-only";
import type { CertificateFacts } from "#lib/certificates/material.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { problemWords } from "#lib/problems/words.ts";
import type { TlsReport } from "#lib/wire/report.ts";
import type { CheckResult } from "./check-result.ts";
import { say } from "./words.ts";

/** One target as one line of JSON: the shape is a contract, so every field is written by hand. */
export function checkLine({ label, report }: CheckResult): string {
  return JSON.stringify({
    target: label,
    ok: report.ok,
    problem: report.problem && problemOf(report.problem),
    steps: report.steps.map(({ name, state, ms, facts }) => ({ name, state, ms, facts })),
    tls: report.tls && tlsOf(report.tls),
    server: report.server && {
      version: report.server.version,
      user: report.server.user,
      database: report.server.database,
      sees: report.server.sees && {
        ssl: report.server.sees.ssl,
        version: report.server.sees.version,
        cipher: report.server.sees.cipher,
        clientDn: report.server.sees.clientDn,
      },
    },
  });
}

function problemOf(problem: Problem) {
  const words = problemWords(problem, say);
  return {
    code: problem.code,
    step: problem.step,
    title: words.title,
    cause: words.cause,
    fixes: problem.fixes.map((fix, index) => ({
      id: fix.id,
      title: words.fixes[index]?.title ?? "",
      change: fix.change ?? {},
    })),
    also: problem.also,
    facts: problem.facts,
  };
}

function tlsOf(tls: TlsReport) {
  return {
    encrypted: tls.encrypted,
    verified: tls.verified,
    protocol: tls.protocol,
    cipher: tls.cipher,
    sni: tls.sni,
    channelBinding: tls.channelBinding,
    negotiation: tls.negotiation,
    anchor: tls.anchor && { source: tls.anchor.source, ...certificateOf(tls.anchor.certificate) },
    chain: tls.chain.map(certificateOf),
  };
}

function certificateOf(certificate: CertificateFacts) {
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    sans: certificate.sans,
    serial: certificate.serial,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    daysLeft: certificate.daysLeft,
    key: certificate.key,
    signature: certificate.signature,
    sha256: certificate.sha256,
  };
}
