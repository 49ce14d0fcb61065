import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { inTurns } from "#lib/turns.ts";
import { base64url, isBase64url } from "./base64url.ts";
import { parseBoundedJson } from "./bounded-json.ts";
import { canonicalBytes, canonicalPieces } from "./canonical.ts";
import type { Keyring } from "./keyring.ts";
import { type Box, format, type Place, unseal } from "./seal.ts";
import { isAffordable, slotSchema } from "./slots.ts";

/** The whole file: who may open it, what it keeps, and the seal over all of it. */
export type VaultDocument = z.infer<typeof documentSchema>;
/** One record, sealed: what it says is readable only with the keyring. */
export type SealedRecord = VaultDocument["records"][number];

/** The version of the file that is written. Version 2 is read, too: it differs in what its seal is made over. */
export const formatVersion = 3;

/** The largest file that is read, bytes. */
export const largestFile = 16 * 1024 * 1024;

export type ParsedText =
  /** `signed` is what the seal is made over: the text up to it, without white space. */
  | { readonly state: "sealed"; readonly document: VaultDocument; readonly signed: string }
  /** The plaintext file of Cloak DB 0.3. */
  | { readonly state: "version-1"; readonly json: unknown }
  | { readonly state: "newer"; readonly version: number }
  /** `part` names what does not fit, as in `slots.0.kdf.N`. */
  | { readonly state: "damaged"; readonly part: string };

/**
 * Reads the text of a vault file. Nothing is decrypted and the seal is not checked yet; but a text that comes back as
 * `sealed` is exactly what `sealedText` writes, white space aside: no duplicate keys, no unknown ones, no second
 * spelling of anything.
 */
export async function parseDocument(text: string): Promise<ParsedText> {
  const bounded = parseBoundedJson(text);
  if (bounded === undefined) return { state: "damaged", part: "json" };
  const { json } = bounded;
  const head = headSchema.safeParse(json);
  if (!head.success) return { state: "damaged", part: "envelope" };
  if (head.data.format === undefined && head.data.version === 1) return { state: "version-1", json };
  if (head.data.format !== format) return { state: "damaged", part: "format" };
  if (typeof head.data.v === "number" && Number.isInteger(head.data.v) && head.data.v > formatVersion) {
    return { state: "newer", version: head.data.v };
  }
  const records = await readRecords(json);
  if ("misfit" in records) return { state: "damaged", part: records.misfit };
  const parsed = documentSchema.safeParse({ ...(json as object), records: [] });
  if (!parsed.success) {
    return { state: "damaged", part: parsed.error.issues[0]?.path.join(".") || "envelope" };
  }
  const document = { ...parsed.data, records: records.records };
  // No string of a valid document holds white space, so it can be left out of the comparison everywhere.
  const trimmed = text.trim();
  const plain = /\s/.test(trimmed) ? trimmed.replace(/\s+/g, "") : trimmed;
  let read = 0;
  for await (const piece of piecesOf(document)) {
    if (!plain.startsWith(piece, read)) return { state: "damaged", part: "spelling" };
    read += piece.length;
  }
  if (plain.slice(read) !== sealPiece(document.mac)) return { state: "damaged", part: "spelling" };
  return { state: "sealed", document, signed: plain.slice(0, read) };
}

/**
 * The records, or what the first of them is that is none. Read one by one and only up to that: the schema of the whole
 * would gather a complaint about each of a hundred thousand.
 */
async function readRecords(
  json: unknown,
): Promise<{ readonly records: SealedRecord[] } | { readonly misfit: string }> {
  const { records, slots } = json as { readonly records?: unknown; readonly slots?: unknown };
  if (!Array.isArray(slots) || slots.length > mostSlots) return { misfit: "slots" };
  if (!Array.isArray(records) || records.length > mostRecords) return { misfit: "records" };
  const read: SealedRecord[] = [];
  const turn = inTurns();
  for (const [index, record] of records.entries()) {
    await turn();
    const { secrets } = (record ?? {}) as { readonly secrets?: unknown };
    const many = typeof secrets === "object" && secrets !== null && hasMoreThan(secrets, mostSecrets);
    if (many) return { misfit: `records.${index}.secrets` };
    const parsed = recordSchema.safeParse(record);
    if (!parsed.success) {
      return { misfit: ["records", index, ...(parsed.error.issues[0]?.path ?? [])].join(".") };
    }
    read.push(parsed.data);
  }
  return hasNoDouble(read) ? { records: read } : { misfit: "records" };
}

function hasMoreThan(object: object, most: number): boolean {
  let count = 0;
  for (const _ in object) {
    count += 1;
    if (count > most) return true;
  }
  return false;
}

/**
 * Seals a document as a whole, and writes its text.
 * @param known records that were read from such a text: what they are made of need not be looked at again
 */
export async function sealedText(
  content: Omit<VaultDocument, "v" | "mac">,
  keyring: Keyring,
  known: ReadonlySet<SealedRecord> = new Set(),
): Promise<{ readonly document: VaultDocument; readonly text: string }> {
  if (content.records.length > mostRecords || !hasNoDouble(content.records)) {
    throw new RangeError("these records can stand in no vault");
  }
  // Through the schema, so that the order of keys is the one a reader compares with.
  const head = documentSchema.parse({ ...content, v: formatVersion, records: [], mac: noSeal });
  const records: SealedRecord[] = [];
  const turn = inTurns();
  for (const record of content.records) {
    records.push(known.has(record) ? record : recordSchema.parse(record));
    await turn();
  }
  const mac = createHmac("sha256", keyring.macKey);
  const pieces: string[] = [];
  for await (const piece of piecesOf({ ...head, records })) {
    mac.update(piece);
    pieces.push(piece);
  }
  const document = { ...head, records, mac: mac.digest("base64url") };
  pieces.push(sealPiece(document.mac), "\n");
  return { document, text: pieces.join("") };
}

const noSeal = Buffer.alloc(32).toString("base64url");

/** Whether nothing in the document was added, taken away, moved, or mixed from two revisions. */
export async function isWhole(
  { document, signed }: Extract<ParsedText, { readonly state: "sealed" }>,
  keyring: Keyring,
): Promise<boolean> {
  const mac = document.v === 2 ? await macOfVersion2(document, keyring) : await macOver(signed, keyring);
  return timingSafeEqual(mac, Buffer.from(document.mac, "base64url"));
}

/** Opens one box of a record. `field` is `meta` or the name of a secret. */
export function openBox(box: Box, place: Place, keyring: Keyring): Buffer | undefined {
  const key = keyring.dataKeys.get(box.k);
  return key === undefined ? undefined : unseal(box, place, key);
}

/** Where a field of a record belongs. Secrets and the meta box can never stand in for one another. */
export function placeOf(
  storeId: string,
  record: { readonly kind: string; readonly id: string },
  field: { readonly secret: string } | "meta",
): Place {
  return {
    storeId,
    kind: record.kind,
    recordId: record.id,
    field: field === "meta" ? "meta" : `secret/${field.secret}`,
  };
}

/**
 * The first box that does not open, as in `records.3.secrets.password`; undefined when all of them do.
 * @param most so many are looked at
 */
export async function brokenBox(
  storeId: string,
  records: readonly SealedRecord[],
  keyring: Keyring,
  most: number = mostToLookAt,
): Promise<string | undefined> {
  let looked = 0;
  const turn = inTurns();
  for (const [index, record] of records.entries()) {
    // To name the broken one is a kindness; in a file of a hundred thousand it would take seconds.
    looked += 1 + Object.keys(record.secrets).length;
    if (looked > most) return undefined;
    await turn();
    const meta = placeOf(storeId, record, "meta");
    if (openBox(record.meta, meta, keyring) === undefined) return `records.${index}.meta`;
    for (const [name, box] of Object.entries(record.secrets)) {
      const place = placeOf(storeId, record, { secret: name });
      if (openBox(box, place, keyring) === undefined) return `records.${index}.secrets.${name}`;
    }
  }
  return undefined;
}

const mostToLookAt = 10_000;

/** Only what tells the kinds of files apart; other members are looked at later. */
const headSchema = z.object({
  format: z.unknown().optional(),
  v: z.unknown().optional(),
  version: z.unknown().optional(),
});

export const mostSlots = 8;
export const mostRecords = 100_000;
/** A connection has six. */
const mostSecrets = 64;

const revision = z.int().min(1);

export const boxSchema = z.strictObject({
  k: base64url(8),
  b: revision,
  s: base64url(16),
  n: base64url(12),
  // 64 bytes of padded text and 16 of tag at least.
  c: z.string().refine((text) => text.length >= 107 && isBase64url(text)),
});

export const recordSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  kind: z.string().regex(/^[a-z][a-z-]{0,31}$/),
  rev: revision,
  meta: boxSchema,
  secrets: z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/), boxSchema),
});

export const slotsSchema = z.array(slotSchema).min(1).max(mostSlots).refine(isAffordable);

const documentSchema = z.strictObject({
  format: z.literal(format),
  v: z.literal([2, formatVersion]),
  storeId: base64url(16),
  rev: revision,
  slots: slotsSchema,
  records: z.array(recordSchema).max(mostRecords).refine(hasNoDouble),
  mac: base64url(32),
});

function hasNoDouble(records: readonly { readonly kind: string; readonly id: string }[]): boolean {
  return new Set(records.map((record) => `${record.kind}/${record.id}`)).size === records.length;
}

/** The text up to the seal, in pieces of some records, so that thousands need not be written in one turn. */
async function* piecesOf({
  format,
  v,
  storeId,
  rev,
  slots,
  records,
}: Omit<VaultDocument, "mac">): AsyncGenerator<string, void, void> {
  const turn = inTurns();
  const head = JSON.stringify({ format, v, storeId, rev, slots });
  let piece = `${head.slice(0, -1)},"records":[`;
  for (const [index, record] of records.entries()) {
    piece += `${index === 0 ? "" : ","}${JSON.stringify(record)}`;
    if (piece.length > longPiece) {
      yield piece;
      piece = "";
    }
    await turn();
  }
  yield `${piece}]`;
}

const longPiece = 65_536;

/** What follows the pieces. */
const sealPiece = (mac: string) => `,"mac":"${mac}"}`;

async function macOver(text: string, keyring: Keyring): Promise<Buffer> {
  const turn = inTurns();
  const mac = createHmac("sha256", keyring.macKey);
  for (let at = 0; at < text.length; at += longPiece) {
    mac.update(text.slice(at, at + longPiece));
    await turn();
  }
  return mac.digest();
}

/** Over every part but itself, in a form that knows no spelling. */
async function macOfVersion2(document: VaultDocument, keyring: Keyring): Promise<Buffer> {
  const { records, mac: _, ...head } = document;
  const turn = inTurns();
  const items: Buffer[] = [];
  for (const record of records) {
    items.push(canonicalBytes(record));
    await turn();
  }
  const mac = createHmac("sha256", keyring.macKey);
  for (const piece of canonicalPieces(head, "records", items)) {
    mac.update(piece);
    await turn();
  }
  return mac.digest();
}
