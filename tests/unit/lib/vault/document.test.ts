import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { Secret } from "#lib/secret.ts";
import { parseDocument, sealedText, type VaultDocument } from "#lib/vault/document.ts";
import { inspect } from "#lib/vault/inspect.ts";
import { type Keyring, newKeyring } from "#lib/vault/keyring.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { openMeta, openSecret, sealRecord } from "#lib/vault/records.ts";
import { makeSlot } from "#lib/vault/slots.ts";
import type { VaultKey } from "#lib/vault/vault-key.ts";

const key: VaultKey = { kind: "raw", src: "raw", text: newRawKey() };
const storeId = Buffer.alloc(16, 7).toString("base64url");
let keyring: Keyring;
let document: VaultDocument;
let text: string;

beforeAll(async () => {
  keyring = newKeyring();
  ({ document, text } = await vaultOf(keyring, 3));
});

const documentOf = async (by: Keyring, rev: number) => (await vaultOf(by, rev)).document;

async function vaultOf(by: Keyring, rev: number) {
  const sealer = { storeId, keyring: by };
  const records = ["one", "two"].map((name) =>
    sealRecord(
      {
        kind: "conn",
        id: name,
        meta: { name, title: "Reporting" },
        secrets: { password: new Secret(`pw ${name}`), clientKey: new Secret("k") },
      },
      sealer,
    ),
  );
  const slots = [await makeSlot(by, key, storeId)];
  return sealedText({ format: "cloak-config", storeId, rev, slots, records }, by);
}

/** Everything that can be read out of a text with the key; the name of the problem when it does not open. */
async function everything(from: string): Promise<unknown> {
  const found = await inspect(from, key);
  if (!found.ok) return found.problem.code;
  const sealer = { storeId: found.value.document.storeId, keyring: found.value.keyring };
  return {
    rev: found.value.document.rev,
    records: found.value.document.records.map((record) => ({
      id: record.id,
      kind: record.kind,
      rev: record.rev,
      meta: openMeta(record, sealer)?.json,
      secrets: Object.keys(record.secrets).map((name) => [name, openSecret(record, name, sealer)?.reveal()]),
    })),
  };
}

const locked = ["vault-damaged", "vault-wrong-key", "vault-newer-version"];

describe("a vault's text", () => {
  test("opens to what was put in", async () => {
    expect(await everything(text)).toEqual({
      rev: 3,
      records: [
        {
          id: "one",
          kind: "conn",
          rev: 1,
          meta: { name: "one", title: "Reporting" },
          secrets: [
            ["password", "pw one"],
            ["clientKey", "k"],
          ],
        },
        {
          id: "two",
          kind: "conn",
          rev: 1,
          meta: { name: "two", title: "Reporting" },
          secrets: [
            ["password", "pw two"],
            ["clientKey", "k"],
          ],
        },
      ],
    });
  });

  test("says nothing that is secret, and no name", () => {
    for (const word of ["pw one", "Reporting", "title"]) expect(text).not.toContain(word);
  });

  test("white space between its parts does not matter", async () => {
    expect(await everything(JSON.stringify(JSON.parse(text), null, 2))).toEqual(await everything(text));
  });
});

describe("whatever is done to the text, it opens to the same or not at all", () => {
  const sameOrLocked = async (changed: string) => {
    const found = await everything(changed);
    if (typeof found === "string") expect(locked).toContain(found);
    else expect(found).toEqual(await everything(text));
  };

  test("any one character replaced, at every place", async () => {
    for (let index = 0; index < text.length; index += 1) {
      const other = text[index] === "A" ? "B" : "A";
      await sameOrLocked(text.slice(0, index) + other + text.slice(index + 1));
    }
  });

  test("one bit flipped", async () => {
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length * 8 - 1 }), async (bit) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        await sameOrLocked(changed.toString("utf8"));
      }),
      { numRuns: 400 },
    );
  });

  test("a piece cut out, doubled, or the end missing", async () => {
    const at = fc.nat({ max: text.length });
    await fc.assert(
      fc.asyncProperty(at, at, fc.boolean(), async (a, b, doubled) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const piece = doubled ? text.slice(from, to) + text.slice(from, to) : "";
        await sameOrLocked(text.slice(0, from) + piece + text.slice(to));
        await sameOrLocked(text.slice(0, from));
      }),
      { numRuns: 200 },
    );
  });

  test("any one value at any depth replaced by any JSON", async () => {
    const paths = pathsOf(document);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        await sameOrLocked(JSON.stringify(replacedAt(document, path, value)));
      }),
      { numRuns: 400 },
    );
  });

  test("any member removed, or an unknown one added anywhere", async () => {
    for (const path of pathsOf(document)) {
      await sameOrLocked(JSON.stringify(replacedAt(document, path, undefined)));
      const there = at(document, path);
      if (typeof there === "object" && there !== null && !Array.isArray(there)) {
        await sameOrLocked(JSON.stringify(replacedAt(document, path, { ...there, extra: 1 })));
        await sameOrLocked(
          JSON.stringify(replacedAt(document, path, there)).replace(/\}$/, ',"__proto__":{"rev":9}}'),
        );
      }
    }
  });

  test("any two values exchanged", async () => {
    const paths = pathsOf(document);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.constantFrom(...paths), async (a, b) => {
        const [left, right] = [at(document, a), at(document, b)];
        await sameOrLocked(JSON.stringify(replacedAt(replacedAt(document, a, right), b, left)));
      }),
      { numRuns: 400 },
    );
  });

  test("parts of an older revision mixed in", async () => {
    const older = await documentOf(keyring, 2);
    for (const part of ["records", "slots", "rev", "mac"] as const) {
      expect(locked).toContain(await everything(JSON.stringify({ ...document, [part]: older[part] })));
    }
    const [first] = older.records;
    const replayed = { ...document, records: [first, ...document.records.slice(1)] };
    expect(locked).toContain(await everything(JSON.stringify(replayed)));
  });

  test("a document of another store, sealed with the same key for the person", async () => {
    const other = await documentOf(newKeyring(), 3);
    expect(locked).toContain(await everything(JSON.stringify({ ...document, records: other.records })));
    expect(locked).toContain(await everything(JSON.stringify({ ...document, slots: other.slots })));
  });

  test.each([
    ["a double member", (whole: string) => whole.replace('"rev":3', '"rev":2,"rev":3')],
    ["another spelling of a number", (whole: string) => whole.replace('"rev":3', '"rev":3.0')],
    ["another spelling of a letter", (whole: string) => whole.replace('"conn"', '"c\\u006fnn"')],
    [
      "deep nesting",
      (whole: string) => whole.replace('"rev":3', `"rev":${"[".repeat(50_000)}${"]".repeat(50_000)}`),
    ],
    [
      "deep nesting in a new member",
      (whole: string) =>
        whole.replace('"rev":3', `"rev":3,"x":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`),
    ],
    ["nothing", () => ""],
    ["zero bytes", (whole: string) => "\0".repeat(whole.length)],
    ["another format", (whole: string) => whole.replace("cloak-config", "cloak-other")],
    ["a lower version", (whole: string) => whole.replace('"v":3', '"v":1')],
    ["the version before", (whole: string) => whole.replace('"v":3', '"v":2')],
    ["no slot", (whole: string) => whole.replace(/"slots":\[[^\]]*\]/, '"slots":[]')],
    ["a list", () => "[]"],
    ["a word", () => '"cloak-config"'],
  ])("%s is damage with a named part", async (_name, change) => {
    const found = await inspect(change(text), key);
    expect(found.ok ? "open" : found.problem.code).toBe("vault-damaged");
    expect(found.ok ? "" : found.problem.facts.part).toEqual(expect.stringMatching(/./));
  });

  test("a newer version is named and left alone", async () => {
    const found = await inspect(text.replace('"v":3', '"v":4'), key);
    expect(found.ok ? "" : found.problem).toMatchObject({
      code: "vault-newer-version",
      facts: { version: 4 },
    });
  });

  test("the file of version 0.3 is recognised", async () => {
    expect((await parseDocument('{"version":1,"connections":[]}')).state).toBe("version-1");
    expect((await parseDocument('{"version":2,"connections":[]}')).state).toBe("damaged");
  });

  test("a box that was garbled is named", async () => {
    const record = document.records[1];
    const password = record?.secrets.password;
    if (record === undefined || password === undefined) throw new Error("the sample has a password");
    const broken = { ...password, c: (await documentOf(keyring, 3)).records[1]?.secrets.clientKey?.c ?? "" };
    const records = [document.records[0], { ...record, secrets: { ...record.secrets, password: broken } }];
    const found = await inspect(JSON.stringify({ ...document, records }), key);
    expect(found.ok ? "" : found.problem.facts.part).toBe("records.1.secrets.password");
  });
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    ...(path.length === 0 ? [] : [path]),
    ...Object.entries(value).flatMap(([name, member]) =>
      pathsOf(member, [...path, Array.isArray(value) ? Number(name) : name]),
    ),
  ];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Record<string | number, unknown>)?.[name], value);
}

function replacedAt(value: unknown, path: Path, other: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return other;
  if (typeof value !== "object" || value === null) return value;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string | number, unknown>;
  copy[name] = replacedAt(copy[name], rest, other);
  return copy;
}
