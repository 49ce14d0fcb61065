import "server-only";
import type { X509Certificate } from "node:crypto";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { describeCertificate } from "#lib/profiles/describe-certificate.ts";
import { allFacts } from "#lib/providers/facts-of.ts";
import { rdsRoots } from "#lib/providers/rds-roots.ts";
import { type AnchorSet, anchorSet, certificateBlocks } from "./anchor-set.ts";
import { certificatePath } from "./certificate-path.ts";
import { mozillaStore } from "./mozilla-store.ts";
import { type StorePlaces, systemStore } from "./system-store.ts";

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
  places: StorePlaces,
  now: Date = new Date(),
): Promise<Result<RootPage>> {
  const set = await sharedStore(store, places, now);
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
  places: StorePlaces,
  now: Date = new Date(),
): Promise<Result<TrustCheck>> {
  const [leaf, ...others] = anchorSet("pasted", certificateBlocks(pem).slice(0, longest)).certificates();
  if (leaf === undefined) return failed(problem("pem-not-a-certificate"));
  const stores: StoreVerdict[] = [];
  for (const store of sharedStores) {
    const set = await sharedStore(store, places, now);
    if (!set.ok) stores.push({ store, verdict: "missing", end: "" });
    else stores.push({ store, ...verdictOf([leaf, ...others], set.value, now) });
  }
  const { subject, issuer, notBefore, notAfter, sha256 } = describeCertificate(leaf, now);
  const time = now.getTime();
  const dates =
    Date.parse(notAfter) < time ? "expired" : Date.parse(notBefore) > time ? "not-yet-valid" : "valid";
  return ok({ subject, issuer, notBefore, notAfter, sha256, dates, stores });
}

const longest = 32;

function verdictOf(chain: readonly [X509Certificate, ...X509Certificate[]], set: AnchorSet, now: Date) {
  const path = certificatePath(chain, set);
  const top = path.certificates.at(-1) ?? chain[0];
  const verdict = path.end === "anchor" ? ("trusted" as const) : ("untrusted" as const);
  return { verdict, end: describeCertificate(top, now).subject };
}

function lineOf(root: X509Certificate, now: Date): RootLine {
  const { subject, notAfter, daysLeft, sha256 } = describeCertificate(root, now);
  return { subject, notAfter, daysLeft, sha256 };
}

async function sharedStore(store: SharedStore, places: StorePlaces, now: Date): Promise<Result<AnchorSet>> {
  if (store === "system") return systemStore(places);
  return ok(store === "mozilla" ? mozillaStore() : allProviders(now));
}

let providerRoots: { readonly day: string; readonly set: AnchorSet } | undefined;

/** The roots of all providers, each once. It changes only when a root expires. */
function allProviders(now: Date): AnchorSet {
  const day = now.toISOString().slice(0, 10);
  if (providerRoots?.day !== day) {
    const wanted = new Set(allFacts.flatMap(({ roots }) => roots.map(({ sha256 }) => sha256)));
    const open = mozillaStore()
      .certificates()
      .filter((root) => wanted.has(root.fingerprint256));
    const pems = [...open.map((root) => root.toString()), ...rdsRoots(now)];
    providerRoots = { day, set: anchorSet("providers", pems) };
  }
  return providerRoots.set;
}
