import { createDecipheriv, createHmac, hkdfSync } from "node:crypto";

/*
 * A reader of a vault in rows, written from docs/vault-format.md alone: it uses nothing of the console.
 */

interface Box {
  readonly k: string;
  readonly b: number;
  readonly s: string;
  readonly n: string;
  readonly c: string;
}

/** The rows as the database gives them, its numbers as texts. */
export interface PageTables {
  readonly heads: readonly { readonly store: string; readonly rev: string; readonly body: string }[];
  readonly records: readonly {
    readonly store: string;
    readonly kind: string;
    readonly id: string;
    readonly rev: string;
    readonly at: string;
    readonly body: string;
  }[];
}

/**
 * What the usual vault says.
 * @param rawKey as it stands in the key file
 * @throws when a seal does not fit
 */
export function readByThePage({ heads, records }: PageTables, rawKey: string) {
  const store = heads.find((row) => row.store === "=" && row.rev === "0")?.body ?? "";
  const row = heads.find((one) => one.store === store && Number(one.rev) >= 1);
  if (row === undefined) throw new Error("no head");
  const { mac, ...head } = JSON.parse(row.body);
  if (head.format !== "cloak-rows" || head.v !== 1) throw new Error("another format");

  const [slot] = head.slots;
  const key = b64(rawKey.trim().slice("cloakkey1_".length)).subarray(0, 32);
  const kek = hkdf(key, b64(slot.kdf.salt), "cloak/v2/kek");
  if (hmac(kek, `cloak/commit${slot.kid}`).toString("base64url") !== slot.commit)
    throw new Error("wrong key");
  const about = ["cloak-config", "2", store, "slot", slot.kid, slot.src, slot.kdf.name, slot.kdf.salt];
  const keyring = JSON.parse(
    gcm(hkdf(kek, none, "cloak/v2/slot"), slot.nonce, list(...about), slot.ct).toString(),
  );

  const macKey = b64(keyring.macKey);
  const numberOf = (...parts: readonly (string | number)[]) =>
    BigInt(`0x${hmac(macKey, canon(parts)).toString("hex")}`);
  const rev = Number(row.rev);
  if (hmac(macKey, canon({ ...head, store, rev })).toString("base64url") !== mac) throw new Error("head");
  let sum = numberOf("sum", store, rev, head.commits[0]);
  let count = 0;
  const found = [];
  for (const { kind, id, rev: own, at, body } of records.filter((one) => one.store === store)) {
    const json = JSON.parse(body);
    if ("removed" in json && Number(at) <= head.cleared) continue;
    sum += numberOf("row", store, kind, id, Number(own), Number(at), body);
    count += 1;
    if (!("removed" in json)) found.push({ kind, id, rev: Number(own), ...json });
  }
  const said = BigInt.asUintN(256, sum).toString(16).padStart(64, "0");
  if (b64(head.sum).toString("hex") !== said || head.count !== count) throw new Error("sum");

  const open = (box: Box, kind: string, id: string, field: string) => {
    const sealed = hkdf(b64(keyring.keys[box.k].key), b64(box.s), "cloak/v2/box");
    const place = list("cloak-config", "2", store, kind, id, field, String(box.b), box.k);
    const bytes = gcm(sealed, box.n, place, box.c);
    return bytes.toString("utf8", 4, 4 + bytes.readUInt32BE());
  };
  return found
    .sort((a, b) => a.order - b.order)
    .map(({ kind, id, rev: own, meta, secrets }) => ({
      kind,
      id,
      rev: own,
      meta: JSON.parse(open(meta, kind, id, "meta")),
      secrets: Object.fromEntries(
        Object.entries<Box>(secrets).map(([name, box]) => [name, open(box, kind, id, `secret/${name}`)]),
      ),
    }));
}

const none = Buffer.alloc(0);
const b64 = (text: string) => Buffer.from(text, "base64url");
const hkdf = (key: Buffer, salt: Buffer, info: string) =>
  Buffer.from(hkdfSync("sha256", key, salt, info, 32));
const hmac = (key: Buffer, bytes: string | Buffer) => createHmac("sha256", key).update(bytes).digest();

function list(...parts: readonly (string | Buffer)[]): Buffer {
  const u32 = (n: number) => Buffer.from([n >>> 24, n >>> 16, n >>> 8, n].map((byte) => byte & 255));
  const bytes = parts.map((part) => Buffer.from(part as string));
  return Buffer.concat([u32(bytes.length), ...bytes.flatMap((part) => [u32(part.length), part])]);
}

function canon(json: unknown): Buffer {
  if (typeof json === "string") return list("s", json);
  if (typeof json === "number") return list("n", String(json));
  if (json === null) return list("0");
  if (Array.isArray(json)) return list("a", ...json.map(canon));
  const members = Object.entries(json as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return list("o", ...members.flatMap(([key, member]) => [key, canon(member)]));
}

function gcm(key: Buffer, nonce: string, data: Buffer, sealed: string): Buffer {
  const bytes = b64(sealed);
  const open = createDecipheriv("aes-256-gcm", key, b64(nonce));
  open.setAAD(data);
  open.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([open.update(bytes.subarray(0, -16)), open.final()]);
}
