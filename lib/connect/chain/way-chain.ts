import type { CertificateFacts } from "#lib/certificates/material.ts";
import type { CertificatePath } from "#lib/trust/certificate-path.ts";
import type { ChainDrawing, ChainLink, ChainPlace } from "./chain-drawing.ts";

/** Certificates that lead from one up to where their way ends, and the store that was looked in. */
export interface Way {
  /** Each issued by the next. */
  readonly certificates: readonly CertificateFacts[];
  readonly end: CertificatePath["end"];
  /** Ids of the trust stores that answer for it, with a comma between them; of the one that does not, otherwise. */
  readonly store: string;
}

/**
 * Certificates as they are drawn that nobody has met on the wire: what was pasted, and where it leads.
 * @param now what dates are compared with
 */
export function wayChain({ certificates, end, store }: Way, now: Date = new Date()): ChainDrawing {
  const last = certificates.at(-1);
  if (last === undefined) return [];
  const places = certificates.map((facts): ChainPlace => {
    const isEarly = Date.parse(facts.notBefore) > now.getTime();
    const isOver = Date.parse(facts.notAfter) < now.getTime();
    return {
      role: !facts.ca ? "leaf" : facts.selfSigned ? "root" : "intermediate",
      name: facts.subject,
      mark: isEarly || isOver ? "broken" : "sound",
      ...(isOver && { fault: "tls-expired" as const }),
      ...(isEarly && { fault: "tls-not-yet-valid" as const }),
      ...(facts.selfSigned && { loop: "sound" as const }),
      facts,
      link: facts === last ? ends[end] : { tie: "issued", mark: "sound" },
    };
  });
  const isPinned = end === "anchor" && isPin(last);
  if (isPinned) {
    const link = { tie: "pinned", mark: "sound" } as const;
    return [
      ...places.slice(0, -1),
      ...places.slice(-1).map((place) => ({ ...place, link })),
      { role: "pin", name: "own", mark: "sound" },
    ];
  }
  const answers: ChainPlace = { role: "store", name: store, mark: end === "anchor" ? "sound" : "open" };
  if (end !== "partial-anchor" && end !== "issuer-unknown") return [...places, answers];
  const link = { tie: "reached", mark: "open" } as const;
  const missing: ChainPlace = { role: "root", name: last.issuer, mark: "broken", gap: true, link };
  return [...places, missing, answers];
}

const ends: Readonly<Record<Way["end"], ChainLink>> = {
  anchor: { tie: "trusted", mark: "sound" },
  "self-signed": { tie: "trusted", mark: "broken", fault: "tls-unknown-ca" },
  "partial-anchor": { tie: "issued", mark: "broken", fault: "tls-anchor-is-intermediate" },
  "issuer-unknown": { tie: "issued", mark: "broken", fault: "tls-unknown-ca" },
};

/** A server's own certificate, and no authority: exactly it is expected. */
function isPin({ ca, selfSigned }: CertificateFacts): boolean {
  return selfSigned && !ca;
}

/** More is a bundle of roots, and no chain: it is shown as a list. */
const longestDrawn = 5;

/**
 * What was pasted as CA, where it is one chain: what it vouches for first, the connection's own store last.
 * @returns nothing to draw where the certificates are no single chain
 */
export function givenCaChain(certificates: readonly CertificateFacts[], now?: Date): ChainDrawing {
  const ordered = certificates.length > longestDrawn ? undefined : inOrder(certificates);
  // OpenSSL does not stop at an intermediate: without its root it answers for nobody.
  const end = ordered?.at(-1)?.selfSigned === true ? "anchor" : "partial-anchor";
  return wayChain({ certificates: ordered ?? [], end, store: "own" }, now);
}

/** Each issued by the next, by name: only a handshake proves more. */
function inOrder(certificates: readonly CertificateFacts[]): readonly CertificateFacts[] | undefined {
  const [start, ...others] = certificates.filter(
    (one) =>
      !certificates.some((other) => other !== one && other.issuer === one.subject && !other.selfSigned),
  );
  if (start === undefined || others.length > 0) return undefined;
  const ordered = [start];
  for (let last = start; !last.selfSigned; ) {
    const next = certificates.find((one) => one.subject === last.issuer && !ordered.includes(one));
    if (next === undefined) break;
    ordered.push(next);
    last = next;
  }
  return ordered.length === certificates.length ? ordered : undefined;
}
