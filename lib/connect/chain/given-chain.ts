import type { CertificateFacts } from "#lib/certificates/material.ts";
import type { ChainDrawing, ChainPlace } from "./chain-drawing.ts";

/** A longer one is a bundle of roots, and no chain: it is shown as a list. */
export const longestDrawn = 6;

/**
 * Certificates in the order of a chain, each issued by the next; by name, as only a handshake proves more.
 * @returns undefined where they are no single chain
 */
export function inChainOrder(
  certificates: readonly CertificateFacts[],
): readonly CertificateFacts[] | undefined {
  if (certificates.length === 0 || certificates.length > longestDrawn) return undefined;
  const first = certificates.filter(
    (one) =>
      !certificates.some((other) => other !== one && other.issuer === one.subject && !other.selfSigned),
  );
  const [start] = first;
  if (start === undefined || first.length > 1) return undefined;
  const ordered = [start];
  for (let last = start; !last.selfSigned; ) {
    const next = certificates.find((one) => one.subject === last.issuer && !ordered.includes(one));
    if (next === undefined) break;
    ordered.push(next);
    last = next;
  }
  return ordered.length === certificates.length ? ordered : undefined;
}

/**
 * What was pasted as CA: what it vouches for stands below it, the connection's own trust store above.
 * @param ordered as `inChainOrder` gives them
 */
export function givenCaChain(ordered: readonly CertificateFacts[], now: Date = new Date()): ChainDrawing {
  const certificates = ordered.map((facts, index): ChainPlace => {
    const isOver = facts.daysLeft < 0;
    const isEarly = Date.parse(facts.notBefore) > now.getTime();
    const isLast = index === ordered.length - 1;
    return {
      role: facts.selfSigned && facts.ca ? "root" : facts.ca ? "intermediate" : "leaf",
      name: facts.subject,
      mark: isOver || isEarly ? "broken" : "sound",
      facts,
      ...(facts.selfSigned && { loop: "sound" as const }),
      ...(isOver && { fault: "tls-expired" as const }),
      ...(!isOver && isEarly && { fault: "tls-not-yet-valid" as const }),
      link: { tie: isLast ? (isPin(facts) ? "pinned" : "trusted") : "issued", mark: "sound" },
    };
  });
  const last = ordered.at(-1);
  if (last === undefined) return [];
  // OpenSSL does not stop at an intermediate: without its root it answers for nobody.
  if (!last.selfSigned) {
    const top = certificates.at(-1);
    return [
      ...certificates.slice(0, -1),
      ...(top === undefined
        ? []
        : [
            {
              ...top,
              link: { tie: "issued", mark: "broken", fault: "tls-anchor-is-intermediate" } as const,
            },
          ]),
      {
        role: "root",
        name: last.issuer,
        mark: "broken",
        gap: true,
        link: { tie: "trusted", mark: "open" },
      },
      { role: "store", name: "own", mark: "open" },
    ];
  }
  return [...certificates, { role: isPin(last) ? "pin" : "store", name: "own", mark: "sound" }];
}

/** A server's own certificate, and no authority: exactly it is expected. */
function isPin({ ca, selfSigned, sans }: CertificateFacts): boolean {
  return selfSigned && (!ca || sans.length > 0);
}
