import { pemBlocks } from "#lib/certificates/pem-kind.ts";
import { type Checks, checksOfForm } from "#lib/settings/checks-of.ts";
import { type FieldName, fieldNames, fields } from "#lib/settings/fields.ts";
import type { FormValues, SecretField } from "#lib/settings/form-values.ts";

/**
 * What a change of a connection does to the secrets that were given for it before: they may go `elsewhere`; they go
 * over a connection that proves less or lets more through (`weaker`); the cloud's credentials sign as another
 * `identity`.
 */
export type Effect = "elsewhere" | "weaker" | "identity";

/**
 * The effects of a change, each with the fields that have it; none where the secrets go where they went, at least as
 * safely as before. What proves strictly more at the same address has none: a CA or a pin in place of nothing, fewer
 * roots of one's own, more revocation lists.
 */
export function changeEffects(
  next: FormValues,
  before: FormValues,
): ReadonlyMap<Effect, readonly FieldName[]> {
  const found = new Map<Effect, FieldName[]>();
  const less = provesLess(next, before);
  for (const name of fieldNames) {
    const effect = isSameValue(name, next, before) ? undefined : effectOf(name, next, before, less);
    if (effect !== undefined) found.set(effect, [...(found.get(effect) ?? []), name]);
  }
  return found;
}

/** The secrets that a change leads on, whether they are stored or not. A passphrase never leaves and goes with its key. */
export function secretsLed(next: FormValues, before: FormValues): readonly SecretField[] {
  const effects = changeEffects(next, before);
  const changed = effects.has("elsewhere") || effects.has("weaker");
  return [
    ...(changed ? (["password", "clientKey"] as const) : []),
    // It stays on the host; but what it signs goes out, and lets its bearer in.
    ...(changed || effects.has("identity") ? (["tokenSecret"] as const) : []),
  ];
}

/** Whether a field says the same in both, blanks around it and the case of a host aside. */
export function isSameValue(name: FieldName, next: FormValues, before: FormValues): boolean {
  const [now, was] = [next[name], before[name]];
  if (typeof now !== "string" || typeof was !== "string") return now === was;
  return name === "host" ? hostOf(now) === hostOf(was) : now.trim() === was.trim();
}

function hostOf(text: string): string {
  return text
    .trim()
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
}

function effectOf(name: FieldName, next: FormValues, before: FormValues, less: boolean): Effect | undefined {
  const { change } = fields[name];
  switch (change) {
    case "elsewhere":
    case "identity":
      return change;
    case "checks":
      return less ? "weaker" : undefined;
    case "allowing":
      return next[name] === true ? "weaker" : undefined;
    case "nothing":
    case "is-secret":
      return undefined;
    default: {
      const order: readonly unknown[] = change.falling;
      return order.indexOf(next[name]) < order.indexOf(before[name]) ? "weaker" : undefined;
    }
  }
}

const encryptions: readonly Checks["encryption"][] = ["none", "optional", "always"];
const proofs: readonly Checks["server"][] = ["none", "chain", "chain-and-name"];

/** Whether a server or a listener could have the secrets now that could not before, the address being the same. */
function provesLess(next: FormValues, before: FormValues): boolean {
  const [now, was] = [checksOfForm(next), checksOfForm(before)];
  if (falls(encryptions, now.encryption, was.encryption)) return true;
  // Of the two that may end in clear text, `allow` begins with it.
  if (was.encryption === "optional" && next.mode === "allow" && before.mode === "prefer") return true;
  const proved = proofWith(was);
  if (falls(proofs, proofWith(now), proved)) return true;
  return proved !== "none" && trustsOthers(next, before, now, was);
}

/** Whoever refuses TLS is believed where that is allowed, whatever would be checked with TLS. */
function proofWith({ encryption, server }: Checks): Checks["server"] {
  return encryption === "always" ? server : "none";
}

function trustsOthers(next: FormValues, before: FormValues, now: Checks, was: Checks): boolean {
  if (now.roots !== was.roots) return true;
  if (now.roots === "own" && !holdsAll(before.ca, next.ca)) return true;
  return !holdsAll(next.crl, before.crl);
}

/** Whether every block of the second text stands in the first, however either is laid out. */
function holdsAll(text: string, wanted: string): boolean {
  const held = new Set(pemBlocks(text).map((block) => block.pem.trim()));
  return pemBlocks(wanted).every((block) => held.has(block.pem.trim()));
}

function falls<T>(order: readonly T[], now: T, was: T): boolean {
  return order.indexOf(now) < order.indexOf(was);
}
