import type { CertificateFacts } from "#lib/certificates/material.ts";
import { openSslNames } from "#lib/diagnosis/openssl-names.ts";
import { type ChainCode, isChainCode } from "#lib/problems/chain-codes.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { TlsReport } from "#lib/wire/report.ts";
import type { ChainDrawing, ChainLink, ChainMark, ChainPlace, ChainTie } from "./chain-drawing.ts";

/**
 * The server's chain as it is drawn: the host that was asked for, the certificates from the server's own up, and the
 * store that answers for the last of them; what is wrong stands where it is wrong.
 * @param problem what the attempt failed with; null where it did not. One of another step leaves the chain whole
 * @param now     what dates are compared with
 */
export function serverChain(
  tls: TlsReport,
  problem: Pick<Problem, "code" | "facts" | "also"> | null,
  now: Date = new Date(),
): ChainDrawing {
  const faults = faultsOf(tls, problem);
  const isFailed = faults.some(({ mark }) => mark === "broken");
  const base = isFailed || tls.verified !== "none" ? "sound" : "open";
  const places = basePlaces(tls, faults, base);
  for (const fault of faults) drawings[fault.code](places, fault, now);
  return places;
}

interface Fault {
  readonly code: ChainCode;
  readonly mark: "broken" | "warn";
  readonly facts: Problem["facts"];
}

/** What failed; or, where the mode asked for no check, what one would have found. */
function faultsOf(tls: TlsReport, problem: Pick<Problem, "code" | "facts" | "also"> | null): Fault[] {
  if (problem !== null && isChainCode(problem.code)) {
    const { code, facts, also } = problem;
    const others = also.filter(isChainCode).map((one): Fault => ({ code: one, mark: "broken", facts: {} }));
    return [{ code, mark: "broken", facts }, ...others];
  }
  const found: Fault[] = [];
  const known = openSslNames[tls.unverifiedReason ?? ""];
  if (tls.verified === "none" && known !== undefined) found.push({ code: known, mark: "warn", facts: {} });
  if (!tls.name.matches && !tls.name.checked)
    found.push({ code: "tls-hostname-mismatch", mark: "warn", facts: {} });
  return found;
}

type Place = { -readonly [Key in keyof ChainPlace]: ChainPlace[Key] };

function basePlaces(tls: TlsReport, faults: readonly Fault[], base: "sound" | "open"): Place[] {
  const path = tls.built.length > 0 ? tls.built : tls.chain;
  const sent = new Set(tls.chain.map(({ sha256 }) => sha256));
  const certificates = path.map((facts, index): Place => {
    const role = index === 0 ? "leaf" : facts.selfSigned ? "root" : "intermediate";
    return {
      role,
      name: facts.subject,
      mark: base,
      facts,
      from: sent.has(facts.sha256) ? "server" : "store",
      ...(facts.selfSigned && { loop: base }),
      link: { tie: "issued", mark: base },
    };
  });
  const nameMark: ChainMark = tls.name.checked && base === "sound" ? "sound" : "open";
  const host: Place = {
    role: "host",
    name: tls.name.host,
    mark: nameMark,
    link: { tie: "names", mark: nameMark },
  };
  if (path.length === 0) return [host];
  const isPinned = tls.verified === "pinned";
  const isAnchored = tls.end === "anchor" || tls.end === "partial-anchor";
  const last = certificates.at(-1);
  const reached: ChainMark = base === "open" ? "open" : isAnchored ? "sound" : "broken";
  if (last !== undefined) last.link = { tie: isPinned ? "pinned" : "trusted", mark: reached };
  // What is pinned stands in no chain, and needs none.
  if (isPinned && last?.loop !== undefined) last.loop = "sound";
  const store: Place = { role: isPinned ? "pin" : "store", name: tls.store ?? "", mark: reached };
  // A way that breaks off by what is wrong in it says nothing of its end.
  if (reached === "broken" && !faults.some(({ code }) => endCodes.has(code))) {
    store.mark = "open";
    if (last?.link !== undefined) last.link = { tie: "reached", mark: "open" };
  }
  return [host, ...certificates, store];
}

/** What is wrong where the way ends, and not on it. */
const endCodes: ReadonlySet<ChainCode> = new Set([
  "tls-unknown-ca",
  "tls-self-signed",
  "tls-intermediate-missing",
  "tls-anchor-is-intermediate",
  "tls-pin-changed",
]);

type Draw = (places: Place[], fault: Fault, now: Date) => void;

/** Where each is drawn: one row a code. */
const drawings: Readonly<Record<ChainCode, Draw>> = {
  "tls-hostname-mismatch": (places, { code, mark }) => tear(places[0], code, mark),
  "tls-expired": onCertificate(({ notAfter }, now) => Date.parse(notAfter) < now.getTime()),
  "tls-not-yet-valid": onCertificate(({ notBefore }, now) => Date.parse(notBefore) > now.getTime()),
  "tls-revoked": onCertificate(),
  "tls-wrong-purpose": onCertificate(),
  "tls-critical-extension": onCertificate(),
  "tls-certificate-refused": onCertificate(),
  "tls-weak-key": onCertificate(({ key }) => Number(/^(?:RSA|RSA-PSS|DSA) (\d+)$/.exec(key)?.[1]) < 2048),
  // Whether it was revoked is for its issuer to say.
  "tls-crl-missing": onLinkAbove(),
  "tls-weak-signature": onLinkAbove(({ signature }) => /^(MD|SHA-1 )/.test(signature)),
  "tls-issuer-not-allowed": onIssuer(),
  "tls-name-constraint": onIssuer(),
  "tls-self-signed": (places, fault) => {
    const leaf = places.find(({ role }) => role === "leaf");
    if (leaf !== undefined) Object.assign(leaf, { loop: fault.mark, mark: fault.mark, fault: fault.code });
    loosen(places, fault);
  },
  "tls-unknown-ca": (places, fault) => {
    const top = places.at(-2);
    if (top?.loop === undefined) insertGap(places, "root", fault);
    else tear(top, fault.code, fault.mark);
    if (top?.loop !== undefined) markStore(places, "open");
  },
  "tls-intermediate-missing": (places, fault) => insertGap(places, "intermediate", fault),
  "tls-anchor-is-intermediate": (places, fault) => {
    insertGap(places, "root", fault);
    markStore(places, "open");
  },
  "tls-pin-changed": (places, { code, mark, facts }) => {
    const store = places.at(-1);
    const last = places.at(-2);
    if (store?.role !== "store" || last === undefined) return;
    store.role = "pin";
    store.mark = "open";
    store.name = text(facts.expectedSubject);
    if (text(facts.expected) !== "") store.sha256 = text(facts.expected);
    last.link = { tie: "pinned", mark, fault: code };
  },
  "psql-unregistered-scheme": (places, fault) => {
    const store = places.at(-1);
    if (store?.role === "store") Object.assign(store, { mark: fault.mark, fault: fault.code });
    loosen(places, fault);
  },
};

/** On the certificate that the problem names, else on the first that is so, else on the server's own. */
function onCertificate(isSo?: (facts: CertificateFacts, now: Date) => boolean): Draw {
  return (places, fault, now) => {
    const place = certificateOf(places, fault, now, isSo);
    if (place !== undefined) Object.assign(place, { mark: fault.mark, fault: fault.code });
  };
}

function onLinkAbove(isSo?: (facts: CertificateFacts, now: Date) => boolean): Draw {
  return (places, fault, now) => tear(certificateOf(places, fault, now, isSo), fault.code, fault.mark);
}

/** An issuer that may not have issued what stands below it, which may be in order itself. */
function onIssuer(): Draw {
  return (places, fault) => {
    const issuer = places.find(
      ({ role, facts }) => role !== "leaf" && facts !== undefined && facts.subject === fault.facts.name,
    );
    // Nobody joins such an issuer to what it signed: it stands in no way that was built.
    if (issuer === undefined && text(fault.facts.name) !== "") insertGap(places, "intermediate", fault);
    else tear(places[issuer === undefined ? 1 : places.indexOf(issuer) - 1], fault.code, fault.mark);
    if (issuer !== undefined) issuer.mark = fault.mark;
  };
}

function certificateOf(
  places: readonly Place[],
  fault: Fault,
  now: Date,
  isSo: ((facts: CertificateFacts, now: Date) => boolean) | undefined,
): Place | undefined {
  return (
    places.find(({ facts }) => facts !== undefined && facts.sha256 === fault.facts.sha256) ??
    places.find(({ facts }) => facts !== undefined && isSo?.(facts, now) === true) ??
    places.find(({ role }) => role === "leaf")
  );
}

function lastCertificate(places: readonly Place[]): Place | undefined {
  return places.findLast(({ facts }) => facts !== undefined);
}

/** The link above a place does not hold. */
function tear(place: Place | undefined, fault: ChainCode, mark: ChainMark): void {
  if (place?.link !== undefined) place.link = { tie: place.link.tie, mark, fault } satisfies ChainLink;
}

/** An issuer that was not seen, between the last certificate and the store. */
function insertGap(places: Place[], role: "intermediate" | "root", fault: Fault): void {
  const last = lastCertificate(places);
  if (last === undefined) return;
  last.link = { tie: "issued", mark: fault.mark, fault: fault.code };
  places.splice(places.indexOf(last) + 1, 0, {
    role,
    name: last.facts?.issuer ?? "",
    mark: fault.mark,
    gap: true,
    link: { tie: tieAbove(fault), mark: "open" },
  });
  markStore(places, "open");
}

/** Beyond what is broken nothing was reached; where nothing was to be checked, nothing was. */
function tieAbove({ mark }: Fault): ChainTie {
  return mark === "broken" ? "reached" : "trusted";
}

/** The last certificate reaches no store. */
function loosen(places: readonly Place[], fault: Fault): void {
  const last = lastCertificate(places);
  if (last?.link !== undefined) last.link = { tie: tieAbove(fault), mark: "open" };
  markStore(places, "open");
}

function markStore(places: readonly Place[], mark: ChainMark): void {
  const store = places.at(-1);
  if (store?.role === "store" && store.fault === undefined) store.mark = mark;
}

function text(fact: Problem["facts"][string] | undefined): string {
  return typeof fact === "string" ? fact : "";
}
