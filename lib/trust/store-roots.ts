import "server-only";
import type { X509Certificate } from "node:crypto";
import { describeCertificate } from "#lib/certificates/describe-certificate.ts";
import type { CertificateFacts } from "#lib/certificates/material.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { packIds } from "#lib/providers/recognise-provider.ts";
import { type AnchorSet, anchorSet, certificateBlocks } from "./anchor-set.ts";
import { type CertificatePath, certificatePath } from "./certificate-path.ts";
import { mozillaStore } from "./mozilla-store.ts";
import { rootsOfPack, type TrustStores } from "./provider-store.ts";
import { systemStore } from "./system-store.ts";

/** The stores that all connections share. */
export const sharedStores = ["system", "mozilla", "provider"] as const;
export type SharedStore = (typeof sharedStores)[number];

/** A root as a list shows it. */
export interface RootLine {
  readonly subject: string;
  /** ISO 8601 UTC. */
  readonly notAfter: string;
  readonly daysLeft: number;
  /** Upper-case hex pairs with colons. */
  readonly sha256: string;
}

export interface RootPage {
  /** How many fit the search. */
  readonly total: number;
  readonly roots: readonly RootLine[];
}

/** So many roots a page. */
export const rootsOnPage = 25;

/**
 * A store's roots that fit a search, by subject.
 * @param search part of the subject, or of the fingerprint with or without colons; empty for all
 * @param page   from 0
 * @returns `trust-system-store-missing` when this machine has no store
 */
export async function storeRoots(
  store: SharedStore,
  { search, page }: { readonly search: string; readonly page: number },
  stores: TrustStores,
  now: Date = new Date(),
): Promise<Result<RootPage>> {
  const set = await sharedStore(store, stores, now);
  if (!set.ok) return set;
  const wanted = search.trim().toLowerCase();
  const hex = wanted.replaceAll(":", "");
  const fits = ({ subject, sha256 }: RootLine) =>
    subject.toLowerCase().includes(wanted) ||
    (/^[0-9a-f]{4,64}$/.test(hex) && sha256.replaceAll(":", "").toLowerCase().includes(hex));
  const all = set.value
    .certificates()
    .map((root) => lineOf(root, now))
    .filter(fits)
    .toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
  return ok({ total: all.length, roots: all.slice(page * rootsOnPage, (page + 1) * rootsOnPage) });
}

/** Whether one store vouches for a certificate. */
export interface StoreVerdict {
  readonly store: SharedStore;
  /**
   * `trusted`: the chain leads to a root of this store. `untrusted`: it leads to a root that is none of it, or
   * breaks off. `missing`: this machine has no such store.
   */
  readonly verdict: "trusted" | "untrusted" | "missing";
  /** Where the chain ends: the root that vouches, or the last certificate that was found. */
  readonly end: string;
  /** The chain up to there, and how it ends; empty where there is no such store. */
  readonly way: { readonly certificates: readonly CertificateFacts[]; readonly end: CertificatePath["end"] };
}

export interface TrustCheck {
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601 UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly sha256: string;
  /** Trusted or not, a certificate outside its dates is refused. */
  readonly dates: "valid" | "expired" | "not-yet-valid";
  readonly stores: readonly StoreVerdict[];
}

/**
 * Which stores vouch for a certificate. Names, purposes and revocation are the handshake's business.
 * @param pem the certificate first, then what is known of its chain, PEM
 * @returns `pem-not-a-certificate` when there is none in it
 */
export async function checkTrust(
  pem: string,
  stores: TrustStores,
  now: Date = new Date(),
): Promise<Result<TrustCheck>> {
  const [leaf, ...others] = anchorSet("pasted", certificateBlocks(pem).slice(0, longest)).certificates();
  if (leaf === undefined) return failed(problem("pem-not-a-certificate"));
  const verdicts: StoreVerdict[] = [];
  for (const store of sharedStores) {
    const set = await sharedStore(store, stores, now);
    if (!set.ok)
      verdicts.push({ store, verdict: "missing", end: "", way: { certificates: [], end: "issuer-unknown" } });
    else verdicts.push({ store, ...verdictOf([leaf, ...others], set.value, now) });
  }
  const { subject, issuer, notBefore, notAfter, sha256 } = describeCertificate(leaf, now);
  const time = now.getTime();
  const dates =
    Date.parse(notAfter) < time ? "expired" : Date.parse(notBefore) > time ? "not-yet-valid" : "valid";
  return ok({ subject, issuer, notBefore, notAfter, sha256, dates, stores: verdicts });
}

const longest = 32;

function verdictOf(chain: readonly [X509Certificate, ...X509Certificate[]], set: AnchorSet, now: Date) {
  const path = certificatePath(chain, set);
  const certificates = path.certificates.map((certificate) => describeCertificate(certificate, now));
  const verdict = path.end === "anchor" ? ("trusted" as const) : ("untrusted" as const);
  return { verdict, end: certificates.at(-1)?.subject ?? "", way: { certificates, end: path.end } };
}

function lineOf(root: X509Certificate, now: Date): RootLine {
  const { subject, notAfter, daysLeft, sha256 } = describeCertificate(root, now);
  return { subject, notAfter, daysLeft, sha256 };
}

async function sharedStore(store: SharedStore, stores: TrustStores, now: Date): Promise<Result<AnchorSet>> {
  if (store === "system") return systemStore(stores);
  return store === "mozilla" ? ok(mozillaStore()) : allProviders(stores, now);
}

let providerRoots: { readonly sets: readonly (AnchorSet | undefined)[]; readonly set: AnchorSet } | undefined;

/** The roots of all providers, each once; made again when one pack's have changed. */
async function allProviders(stores: TrustStores, now: Date): Promise<Result<AnchorSet>> {
  const sets: (AnchorSet | undefined)[] = [];
  for (const id of packIds) {
    const set = await rootsOfPack(id, stores, now);
    if (!set.ok) return set;
    sets.push(set.value);
  }
  const isKept = providerRoots?.sets.every((set, index) => set === sets[index]) ?? false;
  if (providerRoots === undefined || !isKept) {
    const byFingerprint = new Map(
      sets.flatMap((set) => set?.certificates() ?? []).map((root) => [root.fingerprint256, root.toString()]),
    );
    providerRoots = { sets, set: anchorSet("providers", [...byFingerprint.values()]) };
  }
  return ok(providerRoots.set);
}
