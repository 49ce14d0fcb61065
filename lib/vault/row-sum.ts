import "server-only";
import { createHmac, type KeyObject } from "node:crypto";
import { canonicalBytes } from "./canonical.ts";
import type { KeptRow } from "./store.ts";

/**
 * What one row adds to the sum over all rows of a vault: a number below 2^256 that nobody can make without the key. The
 * sum is one that a commit can carry on without reading the rows that it leaves alone.
 */
export function rowHash(row: KeptRow, storeId: string, macKey: KeyObject): bigint {
  const { kind, id, rev, at, body } = row;
  return keyedNumber(["row", storeId, kind, id, rev, at, body], macKey);
}

/**
 * What the sum is hidden behind, another number for each commit (MSet-Add-Hash of Clarke, Devadas, van Dijk, Gassend and
 * Suh, 2003). In clear, two sums would give away what the rows between them add; of some thousand such numbers one can
 * choose rows to be put back to what they were so that the sum stays the same (Wagner, 2002).
 */
export function sumMask(storeId: string, rev: number, commit: string, macKey: KeyObject): bigint {
  return keyedNumber(["sum", storeId, rev, commit], macKey);
}

/** A sum, or what is left of one, below 2^256 again. */
export function inRange(sum: bigint): bigint {
  return BigInt.asUintN(256, sum);
}

/** As 32 bytes, big endian, in base64url. */
export function sumText(sum: bigint): string {
  return Buffer.from(inRange(sum).toString(16).padStart(64, "0"), "hex").toString("base64url");
}

function keyedNumber(parts: readonly (string | number)[], macKey: KeyObject): bigint {
  return BigInt(`0x${createHmac("sha256", macKey).update(canonicalBytes(parts)).digest("hex")}`);
}
