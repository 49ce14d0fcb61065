import { createHmac } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { metaOf, type ProfileDraft, profileMeta } from "#lib/profiles/profile.ts";
import { type ProfileStore, profileKind, profileStore } from "#lib/saved/profile-store.ts";
import { canonicalBytes } from "#lib/vault/canonical.ts";
import { collection } from "#lib/vault/collection.ts";
import { type SealedRecord, sealedText } from "#lib/vault/document.ts";
import { format } from "#lib/vault/seal.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { opened, problemOf, type ScratchVault, scratchVault, value } from "#tests/support/scratch-vault.ts";
import { wireProfile } from "#tests/support/wire-profile.ts";

const pem = (what: string) =>
  `-----BEGIN CERTIFICATE-----\n${`${what.padEnd(64, "x")}\n`.repeat(30)}-----END CERTIFICATE-----\n`;
const [ca, other, crl] = [pem("ca"), pem("other"), pem("crl")];

function draft(name: string, tls: Partial<ProfileDraft["tls"]> = { ca }): ProfileDraft {
  return wireProfile({ port: 5432, password: `password of ${name}`, tls, more: { name } });
}

const recordsIn = ({ file }: ScratchVault): readonly SealedRecord[] =>
  JSON.parse(readFileSync(file, "utf8")).records;
const materialsIn = (setup: ScratchVault) => recordsIn(setup).filter(({ kind }) => kind === "material");
const fresh = async (setup: ScratchVault) => profileStore(await opened(setup));
const casOf = async (profiles: ProfileStore) => value(await profiles.list()).map(({ tls }) => tls.ca);

/** The vault as if it had been written with other records. */
async function rewrite(
  setup: ScratchVault,
  change: (record: SealedRecord) => readonly SealedRecord[],
): Promise<void> {
  const { document, keyring } = value(await (await opened(setup)).read());
  const records = document.records.flatMap(change);
  writeFileSync(
    setup.file,
    (await sealedText({ ...document, format, rev: document.rev + 1, records }, keyring)).text,
  );
}

/** A box that belongs to its place no more. */
const broken = (record: SealedRecord): SealedRecord => {
  const c = `${record.meta.c.startsWith("A") ? "B" : "A"}${record.meta.c.slice(1)}`;
  return { ...record, meta: { ...record.meta, c } };
};

describe("a certificate that stands in many connections", () => {
  test("is kept once, however it was saved", async () => {
    const setup = scratchVault();
    const profiles = await fresh(setup);
    value(
      await profiles.createAll([
        draft("The first of them"),
        draft("Two"),
        draft("Three", { ca: other, crl }),
      ]),
    );
    const { id } = value(await profiles.create(draft("Four", { ca, clientCertificate: ca })));
    value(await profiles.duplicate(id));
    const again = await fresh(setup);
    value(await again.update(id, 1, draft("Four again", { ca: pem("ca"), clientCertificate: ca }), {}));

    expect(materialsIn(setup)).toHaveLength(3);
    expect(await casOf(again)).toEqual([ca, ca, other, ca, ca]);
    const [, , three, four] = value(await again.list());
    expect(three?.tls).toMatchObject({ ca: other, crl });
    expect(four?.tls.clientCertificate).toBe(ca);
    for (const name of ["The first of them", "Four again copy"])
      expect(readFileSync(setup.file, "utf8")).not.toContain(name);
  });

  test("gets an id that says nothing to who has not got the key", async () => {
    const setups = [scratchVault(), scratchVault()];
    const ids = [];
    for (const setup of setups) {
      value(await (await fresh(setup)).create(draft("One")));
      ids.push(materialsIn(setup)[0]?.id);
    }
    expect(ids[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  test("goes when no connection has it any more, and not before", async () => {
    const setup = scratchVault();
    const profiles = await fresh(setup);
    const [one, two, three] = value(
      await profiles.createAll([draft("One"), draft("Two"), draft("Three", { ca: other, crl })]),
    );
    const left = [];
    value(await profiles.remove(one?.id ?? ""));
    left.push(materialsIn(setup).length);
    value(await profiles.update(three?.id ?? "", 1, draft("Three", { ca: other }), {}));
    left.push(materialsIn(setup).length);
    value(await profiles.update(two?.id ?? "", 1, draft("Two", { ca: other }), {}));
    left.push(materialsIn(setup).length);
    value(await profiles.update(two?.id ?? "", 2, draft("Two", {}), {}));
    value(await profiles.remove(three?.id ?? ""));
    left.push(materialsIn(setup).length);
    expect(left).toEqual([3, 2, 1, 0]);
    expect(await casOf(await fresh(setup))).toEqual([undefined]);
  });

  test("comes back with a connection that is put back, whether or not others had it meanwhile", async () => {
    const setup = scratchVault();
    const profiles = await fresh(setup);
    const tls = { ca, clientCertificate: other, crl: other };
    const made = value(await profiles.createAll([draft("One", tls), draft("Two", tls)]));
    const removed = [];
    for (const { id } of made) removed.push(value(await profiles.remove(id)));
    expect(recordsIn(setup)).toEqual([]);
    for (const one of removed) {
      expect(JSON.stringify(one)).not.toContain("BEGIN");
      value(await profiles.putBack(JSON.parse(JSON.stringify(one))));
    }
    expect(materialsIn(setup)).toHaveLength(2);
    const again = await fresh(setup);
    expect(value(await again.list()).map((profile) => profile.tls)).toEqual(
      made.map((profile) => profile.tls),
    );
    expect(value(await again.open(made[0]?.id ?? ""))?.secrets.password?.reveal()).toBe("password of One");
  });

  test("that does not open takes those along that have it, no others, until it is given again", async () => {
    const setup = scratchVault();
    const [one, two] = value(
      await (await fresh(setup)).createAll([draft("One"), draft("Two", { ca: other }), draft("Three")]),
    );
    const [first] = materialsIn(setup);
    await rewrite(setup, (record) => [record.id === first?.id ? broken(record) : record]);
    const profiles = await fresh(setup);
    expect(await casOf(profiles)).toEqual([other]);
    expect(value(await profiles.damaged()).map(({ part }) => part)).toEqual(["material", "material"]);
    expect(problemOf(await profiles.find(one?.id ?? "")).facts).toMatchObject({
      record: one?.id,
      part: "material",
    });
    // The other one can be saved, and a damaged one removed and put back.
    value(await profiles.update(two?.id ?? "", 1, draft("Two again", { ca: other }), {}));
    value(await profiles.putBack(value(await profiles.remove(one?.id ?? ""))));
    expect(value(await profiles.damaged())).toHaveLength(2);
    value(await profiles.create(draft("Four")));
    expect(value(await profiles.damaged())).toEqual([]);
    expect(new Set(await casOf(await fresh(setup)))).toEqual(new Set([other, ca]));
    expect(materialsIn(setup)).toHaveLength(2);
  });

  test("that does not open keeps nobody from removing its connection, nor from putting that back", async () => {
    const setup = scratchVault();
    const { id } = value(await (await fresh(setup)).create(draft("One")));
    await rewrite(setup, (record) => [record.kind === "material" ? broken(record) : record]);
    const profiles = await fresh(setup);
    const removed = value(await profiles.remove(id));
    expect(recordsIn(setup)).toEqual([]);
    value(await profiles.putBack(removed));
    expect(value(await profiles.damaged())).toMatchObject([{ id, part: "material" }]);
    value(await profiles.create(draft("Two")));
    expect(await casOf(profiles)).toEqual([ca, ca]);
  });

  test("stays as long as somebody may have it who cannot be read", async () => {
    const setup = scratchVault();
    const [one, two] = value(await (await fresh(setup)).createAll([draft("One"), draft("Two")]));
    await rewrite(setup, (record) => [record.id === two?.id ? broken(record) : record]);
    const profiles = await fresh(setup);
    value(await profiles.remove(one?.id ?? ""));
    expect(materialsIn(setup)).toHaveLength(1);
    value(await profiles.remove(two?.id ?? ""));
    expect(materialsIn(setup)).toEqual([]);
  });

  test("is never missing, whoever else removes the last that had it", async () => {
    const setup = scratchVault();
    const [ada, grace] = [await fresh(setup), await fresh(setup)];
    let { id } = value(await ada.create(draft("first")));
    for (let round = 0; round < 8; round += 1) {
      const [removed, made] = await Promise.all([ada.remove(id), grace.create(draft(`round ${round}`))]);
      value(removed);
      id = value(made).id;
      expect(await casOf(ada)).toEqual([ca]);
    }
    expect(materialsIn(setup)).toHaveLength(1);
  });

  test("of an import that is not written leaves nothing behind", async () => {
    const setup = scratchVault();
    const profiles = await fresh(setup);
    value(await profiles.create(draft("One", {})));
    const before = readFileSync(setup.file, "utf8");
    const tooMuch = "x".repeat(13 * 1024 * 1024);
    const outcome = await profiles.createAll([draft("Two"), draft("Three", { ca: tooMuch })]);
    expect(problemOf(outcome)).toMatchObject({ code: "vault-write-failed", facts: { saved: false } });
    expect(readFileSync(setup.file, "utf8")).toBe(before);
    value(await profiles.create(draft("Four")));
    expect(materialsIn(setup)).toHaveLength(1);
  });
});

describe("certificates that stand in their connections, as before version 3", () => {
  /** As such a program kept them: everything in its place. */
  const inPlace = (vault: Vault) => collection(vault, profileKind, profileMeta);
  const at = "2026-11-26T12:00:00.000Z";
  const metaAs = (name: string) => ({ ...metaOf(draft(name)), createdAt: at, updatedAt: at });

  test("are moved with the first save of a connection, for all, and no form is told that it is late", async () => {
    const setup = scratchVault();
    const vault = await opened(setup);
    for (const id of ["one", "two"]) value(await inPlace(vault).create({ id, meta: metaAs(id) }));
    const profiles = profileStore(vault);
    expect(await casOf(profiles)).toEqual([ca, ca]);
    expect(materialsIn(setup)).toEqual([]);
    value(await profiles.create(draft("Three")));
    expect(materialsIn(setup)).toHaveLength(1);
    expect(await casOf(profiles)).toEqual([ca, ca, ca]);
    expect(value(await profiles.update("two", 1, draft("Two"), {})).rev).toBe(2);
    value(await profiles.remove("one"));
    value(await profiles.remove("two"));
    expect(await casOf(await fresh(setup))).toEqual([ca]);
    expect(materialsIn(setup)).toHaveLength(1);
  });

  test("come back with one that such a program removed", async () => {
    const setup = scratchVault();
    const vault = await opened(setup);
    value(await inPlace(vault).create({ id: "one", meta: metaAs("one") }));
    const [record] = recordsIn(setup);
    value(await inPlace(vault).remove("one"));
    const sealed = JSON.stringify(record);
    const key = vault.deriveKey("removed records");
    const mac = createHmac("sha256", key).update(canonicalBytes(sealed)).digest("base64url");
    value(await profileStore(vault).putBack({ kind: profileKind, id: "one", sealed, mac }));
    expect(await casOf(await fresh(setup))).toEqual([ca]);
  });
});
