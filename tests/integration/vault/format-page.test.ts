import {
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  scryptSync,
} from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Secret } from "#lib/secret.ts";
import { collection } from "#lib/vault/collection.ts";
import { renewDataKey } from "#lib/vault/key-rotation.ts";
import { changeSlots } from "#lib/vault/key-slots.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { opened, scratchVault, value } from "#tests/support/scratch-vault.ts";

/*
 * A reader written from docs/vault-format.md alone: it uses nothing of the console but what writes the files.
 */

const b64 = (text: string) => Buffer.from(text, "base64url");

function list(...parts: readonly (string | Buffer)[]): Buffer {
  const u32 = (n: number) => Buffer.from([n >>> 24, n >>> 16, n >>> 8, n].map((byte) => byte & 255));
  const bytes = parts.map((part) => Buffer.from(part as string));
  return Buffer.concat([u32(bytes.length), ...bytes.flatMap((part) => [u32(part.length), part])]);
}

function canon(json: unknown): Buffer {
  if (typeof json === "string") return list("s", json);
  if (typeof json === "number") return list("n", String(json));
  if (typeof json === "boolean") return list("b", String(json));
  if (json === null) return list("0");
  if (Array.isArray(json)) return list("a", ...json.map(canon));
  const members = json as Record<string, unknown>;
  const keys = Object.keys(members).sort();
  return list("o", ...keys.flatMap((key) => [key, canon(members[key])]));
}

const hkdf = (key: Buffer, salt: Buffer, info: string) =>
  Buffer.from(hkdfSync("sha256", key, salt, info, 32));
const hmac = (key: Buffer, bytes: string | Buffer) => createHmac("sha256", key).update(bytes).digest();
const none = Buffer.alloc(0);

function gcm(key: Buffer, nonce: string, data: Buffer, sealed: string): Buffer {
  const bytes = b64(sealed);
  const open = createDecipheriv("aes-256-gcm", key, b64(nonce));
  open.setAAD(data);
  open.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([open.update(bytes.subarray(0, -16)), open.final()]);
}

/** With the heads that RFC 8410 puts before 32 bytes. */
function x25519(secret: Buffer, half: Buffer): Buffer {
  const der = (head: string, bytes: Buffer) => Buffer.concat([Buffer.from(head, "hex"), bytes]);
  const pkcs8 = der("302e020100300506032b656e04220420", secret);
  const spki = der("302a300506032b656e032100", half);
  return diffieHellman({
    privateKey: createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }),
    publicKey: createPublicKey({ key: spki, format: "der", type: "spki" }),
  });
}

interface Kdf {
  readonly name: string;
  readonly salt: string;
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

interface Box {
  readonly k: string;
  readonly b: number;
  readonly s: string;
  readonly n: string;
  readonly c: string;
}

function reader(configDir: string, secret: { readonly raw?: string; readonly passphrase?: string }) {
  const text = readFileSync(join(configDir, "config.json"), "utf8").replace(/\s/g, "");
  const config = JSON.parse(text);
  let kek: Buffer = none;
  const slot = config.slots.find(({ kid, kdf, commit }: { kid: string; kdf: Kdf; commit: string }) => {
    const salt = b64(kdf.salt);
    if (kdf.name === "hkdf") {
      if (secret.raw === undefined) return false;
      const raw = b64(secret.raw.trim().slice("cloakkey1_".length));
      const key = raw.subarray(0, 32);
      const sum = createHash("sha256").update("cloakkey1_").update(key).digest().subarray(0, 4);
      expect(raw.subarray(32)).toEqual(sum);
      kek = hkdf(key, salt, "cloak/v2/kek");
    } else {
      if (secret.passphrase === undefined) return false;
      const cost = { N: kdf.N, r: kdf.r, p: kdf.p, maxmem: 2 ** 28 };
      kek = scryptSync(secret.passphrase.normalize("NFKC"), salt, 32, cost);
    }
    return hmac(kek, `cloak/commit${kid}`).toString("base64url") === commit;
  });
  const { kdf, eph } = slot;
  const cost = kdf.name === "scrypt" ? [kdf.N, kdf.r, kdf.p].map(String) : [];
  const about = list(
    "cloak-config",
    "2",
    config.storeId,
    "slot",
    slot.kid,
    slot.src,
    kdf.name,
    kdf.salt,
    ...cost,
    ...(eph === undefined ? [] : [eph]),
  );
  const wrapping =
    eph === undefined
      ? hkdf(kek, none, "cloak/v2/slot")
      : hkdf(
          x25519(hkdf(kek, none, "cloak/v2/slot open"), b64(eph)),
          hkdf(kek, none, "cloak/v2/slot bind"),
          "cloak/v2/slot",
        );
  const keyring = JSON.parse(gcm(wrapping, slot.nonce, about, slot.ct).toString());
  expect(
    hmac(b64(keyring.macKey), text.slice(0, -`,"mac":"${config.mac}"}`.length)).toString("base64url"),
  ).toBe(config.mac);

  const open = (box: Box, kind: string, id: string, field: string) => {
    const key = hkdf(b64(keyring.keys[box.k].key), b64(box.s), "cloak/v2/box");
    const about = list("cloak-config", "2", config.storeId, kind, id, field, String(box.b), box.k);
    const bytes = gcm(key, box.n, about, box.c);
    return bytes.toString("utf8", 4, 4 + bytes.readUInt32BE());
  };
  return { config, keyring, open };
}

const line = z.strictObject({ text: z.string() });

describe("docs/vault-format.md is enough to read", () => {
  test.each([["a generated key"], ["a passphrase"], ["a second key"]])(
    "a vault with %s, its sessions and its log",
    async (which) => {
      const scratch = scratchVault();
      const passphrase = "correct horse battery staple";
      const setup =
        which === "a passphrase"
          ? { ...scratch, key: { from: "variable", value: new Secret(passphrase) } as const }
          : scratch;
      const vault = await opened(setup, { partBytes: 150 });
      const meta = z.strictObject({ title: z.string(), tls: z.strictObject({ ca: z.string() }) });
      const notes = collection(vault, "note", meta, [["tls", "ca"]]);
      const secrets = { password: new Secret("pä55") };
      const { id } = value(await notes.create({ meta: { title: "é", tls: { ca: "PEM 漢" } }, secrets }));
      value(await vault.document("sessions", { guarded: true }).write(["first"]));
      value(await vault.document("sessions", { guarded: true }).write(["second"]));
      const keyText = () => readFileSync(scratch.keyFile, "utf8");
      const second = newRawKey().reveal();
      if (which === "a second key") {
        const add = { kind: "raw", src: "raw", text: new Secret(second) } as const;
        value(await changeSlots(vault, { add }));
        value(await renewDataKey(vault));
      }
      const log = vault.chainedLog("audit", line);
      for (let n = 1; n <= 7; n += 1) value(await log.append({ text: `漢 ${n}` }));
      // The head comes a moment behind its line; the check waits for it.
      expect(value(await log.check()).state).toBe("whole");

      const given =
        which === "a passphrase" ? { passphrase } : { raw: which === "a second key" ? second : keyText() };
      const { config, keyring, open } = reader(scratch.configDir, given);
      const [record, shared] = config.records;
      const materialId = hmac(hkdf(b64(keyring.sessionKey), none, "cloak/v2/derived/materials"), "PEM 漢");
      const material = materialId.toString("base64url");
      expect(JSON.parse(open(record.meta, "note", id, "meta"))).toEqual({
        title: "é",
        tls: { ca: { material } },
      });
      expect(JSON.parse(open(shared.meta, "material", material, "meta"))).toBe("PEM 漢");
      if (which === "a second key") expect(Object.keys(keyring.keys)).toHaveLength(2);
      expect(open(record.secrets.password, "note", id, "secret/password")).toBe("pä55");

      const sessions = JSON.parse(readFileSync(join(scratch.configDir, "sessions.json"), "utf8"));
      expect(JSON.parse(open(sessions.box, "file", "sessions", "content"))).toEqual(["second"]);
      const headOf = (name: string) =>
        JSON.parse(readFileSync(join(scratch.stateDir, `${name}-head.${config.storeId}.json`), "utf8"));
      expect(headOf("sessions")).toMatchObject({ storeId: config.storeId, seq: sessions.box.b });
      const guard = JSON.parse(readFileSync(scratch.guard, "utf8"));
      expect(guard[config.storeId]).toEqual({ rev: config.rev, mac: config.mac, place: scratch.file });

      const key = hkdf(b64(keyring.auditKey), none, "cloak/v2/derived/audit chain of audit");
      const numbers = readdirSync(scratch.configDir).map((name) => /^audit\.(\d+)\.jsonl$/.exec(name)?.[1]);
      const parts = numbers.filter((number) => number !== undefined).sort((a, b) => Number(a) - Number(b));
      expect(parts.length).toBeGreaterThan(1);
      let [before, seq] = ["", 0];
      for (const name of [...parts.map((number) => `audit.${number}.jsonl`), "audit.jsonl"]) {
        const text = readFileSync(join(scratch.configDir, name), "utf8");
        expect(text.endsWith("\n")).toBe(true);
        for (const one of text.trimEnd().split("\n")) {
          const { mac, ...body } = JSON.parse(one);
          expect(mac).toBe(hmac(key, list(before, canon(body))).toString("base64url"));
          expect(body).toEqual({ seq: seq + 1, text: `漢 ${seq + 1}` });
          [before, seq] = [mac, body.seq];
        }
      }
      expect(headOf("audit")).toEqual({ storeId: config.storeId, seq: 7, part: parts.length + 1 });
    },
  );
});
