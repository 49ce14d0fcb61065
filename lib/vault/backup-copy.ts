import "server-only";
import {
  brokenBox,
  isWhole,
  openBox,
  parseDocument,
  placeOf,
  type SealedRecord,
  sealedText,
} from "./document.ts";
import type { Contents, Snapshot } from "./inspect.ts";
import { asItWas, type Keyring } from "./keyring.ts";
import { type Box, format, seal } from "./seal.ts";
import { openSlots } from "./slots.ts";
import type { VaultKey } from "./vault-key.ts";

/** A copy that opened. */
export interface OpenedCopy {
  readonly document: Contents;
  /** The keys that it was sealed with, which may be older than the present ones. */
  readonly keyring: Keyring;
}

/** What became of opening a copy. */
export type CopyState =
  | { readonly state: "whole"; readonly copy: OpenedCopy }
  /** `part` as in `vault-damaged`. */
  | { readonly state: "damaged"; readonly part: string }
  /** Written by a later version of this program. */
  | { readonly state: "newer"; readonly version: number }
  /** The plaintext file of Cloak DB 0.3. */
  | { readonly state: "plain" }
  /** The first letters of the id of the vault that it is of. */
  | { readonly state: "other-vault"; readonly storeId: string }
  /** None of its slots opens with the key that is at hand. */
  | { readonly state: "other-key" };

/** What is at hand to open a copy with. */
export interface AtHand {
  /** The vault that it should be of; left out where there is none yet. */
  readonly now?: Snapshot | undefined;
  /** This host's key. It is asked for only where the present keyring does not open the copy. */
  readonly key: () => Promise<VaultKey | undefined>;
  /** Whether every box is opened, too. The seal over the whole says already that each is what was written. */
  readonly everyBox?: boolean;
}

/** The text of a whole vault at one revision, in the file's form: what `backup create` writes. */
export async function copyText({ document, keyring }: Snapshot): Promise<string> {
  const { storeId, rev, slots, records } = document;
  return (await sealedText({ format, storeId, rev, slots, records }, keyring, new Set(records))).text;
}

/**
 * Opens a copy with the keyring of the vault as it is, else with the host's key. So an earlier revision opens also after
 * the outer key was exchanged, and no passphrase is derived for it.
 */
export async function openCopy(text: string, { now, key, everyBox }: AtHand): Promise<CopyState> {
  const parsed = await parseDocument(text);
  if (parsed.state === "newer") return { state: "newer", version: parsed.version };
  if (parsed.state === "version-1") return { state: "plain" };
  if (parsed.state === "damaged") return { state: "damaged", part: parsed.part };
  const { document } = parsed;
  if (now !== undefined && document.storeId !== now.document.storeId) {
    return { state: "other-vault", storeId: document.storeId.slice(0, 8) };
  }
  const checked = async (keyring: Keyring): Promise<CopyState> => {
    const { storeId, records } = document;
    const broken = everyBox
      ? await brokenBox(storeId, records, keyring, Number.POSITIVE_INFINITY)
      : undefined;
    return broken === undefined
      ? { state: "whole", copy: { document, keyring } }
      : { state: "damaged", part: broken };
  };
  // Also one from before the data key was renewed.
  for (const keyring of now === undefined ? [] : [now.keyring, ...asItWas(now.keyring)]) {
    if (await isWhole(parsed, keyring)) return checked(keyring);
  }
  const given = await key();
  if (given === undefined) return { state: "other-key" };
  const opened = await openSlots(document.slots, given, document.storeId);
  if (opened.state === "wrong-key") return { state: "other-key" };
  if (opened.state === "damaged") return { state: "damaged", part: `slot ${opened.kid}` };
  if (await isWhole(parsed, opened.keyring)) return checked(opened.keyring);
  const part = await brokenBox(document.storeId, document.records, opened.keyring);
  return { state: "damaged", part: part ?? "mac" };
}

/**
 * A record of a copy, sealed with the present keys at another revision.
 * @returns undefined where a box of it does not open
 */
export function resealed(
  record: SealedRecord,
  rev: number,
  { document: { storeId }, keyring }: OpenedCopy,
  present: Keyring,
): SealedRecord | undefined {
  const head = { id: record.id, kind: record.kind, rev };
  const again = (box: Box, field: Parameters<typeof placeOf>[2]): Box | undefined => {
    const place = placeOf(storeId, record, field);
    const bytes = openBox(box, place, keyring);
    return bytes && seal(bytes, place, rev, present.active);
  };
  const meta = again(record.meta, "meta");
  if (meta === undefined) return undefined;
  const secrets: Record<string, Box> = {};
  for (const [name, box] of Object.entries(record.secrets)) {
    const sealed = again(box, { secret: name });
    if (sealed === undefined) return undefined;
    secrets[name] = sealed;
  }
  return { ...head, meta, secrets };
}
