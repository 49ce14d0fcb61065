import { describe, expect, test } from "vitest";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { type UserMeta, userMeta, users } from "#lib/team/users.ts";
import { copyText, openCopy } from "#lib/vault/backup-copy.ts";
import { differences } from "#lib/vault/backup-differences.ts";
import { restoreCopy } from "#lib/vault/backup-restore.ts";
import { type Alongside, type Collection, collection } from "#lib/vault/collection.ts";
import { renewDataKey } from "#lib/vault/key-rotation.ts";
import { changeSlots } from "#lib/vault/key-slots.ts";
import { boxesOf } from "#lib/vault/key-use.ts";
import { newKeyring } from "#lib/vault/keyring.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { sealRecord } from "#lib/vault/records.ts";
import { makeSlot } from "#lib/vault/slots.ts";
import type { Vault } from "#lib/vault/vault.ts";
import type { VaultKey } from "#lib/vault/vault-key.ts";
import { problemOf, value } from "#tests/support/scratch-vault.ts";

/** A place where no vault is yet, and as many handles on the one that is made as a test wants: each as another process. */
export interface VaultPlace {
  open(): Promise<Vault>;
  /** The key that opens it. */
  key(): Promise<VaultKey>;
  /** Another one in its place, on the host of all handles. */
  replaceKey(key: VaultKey): void;
}

const titled = z.strictObject({ title: z.string() });
const counted = z.strictObject({ count: z.int() });

/**
 * What everything above the vault relies on, however the records lie.
 * @param make a fresh place for each test
 */
export function vaultContract(name: string, make: () => Promise<VaultPlace>): void {
  describe(`a vault ${name}`, () => {
    test("keeps records with their secrets, in the order that they were made, for every handle", async () => {
      const place = await make();
      const [mine, theirs] = [notesOf(await place.open()), notesOf(await place.open())];
      for (const id of ["c", "a", "b"]) {
        value(await mine.create({ id, meta: { title: id }, secrets: { password: new Secret(`of ${id}`) } }));
      }
      value(await theirs.update("c", 1, { meta: { title: "C" }, secrets: { token: new Secret("more") } }));
      value(await mine.remove("a"));
      value(await theirs.create({ id: "d", meta: { title: "d" } }));
      for (const notes of [mine, theirs, notesOf(await place.open())]) {
        expect(value(await notes.list()).map(({ id, rev, meta }) => [id, rev, meta.title])).toEqual([
          ["c", 2, "C"],
          ["b", 1, "b"],
          ["d", 1, "d"],
        ]);
        const { secrets } = value(await notes.open("c")) ?? {};
        expect([secrets?.password?.reveal(), secrets?.token?.reveal()]).toEqual(["of c", "more"]);
      }
    });

    test("kinds do not see each other, and an id is taken once a kind", async () => {
      const vault = await (await make()).open();
      const [notes, people] = [notesOf(vault), collection(vault, "user", titled)];
      value(await notes.create({ id: "same", meta: { title: "note" } }));
      value(await people.create({ id: "same", meta: { title: "user" } }));
      const again = await notes.create({ id: "same", meta: { title: "again" } });
      expect(problemOf(again).code).toBe("vault-changed-meanwhile");
      expect(value(await notes.list()).map((record) => record.meta.title)).toEqual(["note"]);
      value(await notes.remove("same"));
      expect(value(await people.find("same"))?.meta.title).toBe("user");
    });

    test("a stale revision, a refusal and a mistake leave everything as it was", async () => {
      const place = await make();
      const [vault, other] = [await place.open(), await place.open()];
      const [mine, theirs] = [notesOf(vault), notesOf(other)];
      value(await mine.create({ id: "n", meta: { title: "one" } }));
      value(await theirs.update("n", 1, { meta: { title: "two" } }));
      const late = await mine.update("n", 1, { meta: { title: "late" } });
      expect(problemOf(late)).toMatchObject({ code: "vault-changed-meanwhile", facts: { currentRev: 2 } });
      const refused = await mine.update("n", 2, { meta: { title: "no" } }, () => problem("not-allowed"));
      expect(problemOf(refused).code).toBe("not-allowed");
      expect(problemOf(await vault.commit(() => failed(problem("not-found")))).code).toBe("not-found");
      const mistake = vault.commit(() => Promise.reject(new RangeError("a mistake of ours")));
      await expect(mistake).rejects.toThrow("a mistake of ours");
      expect(problemOf(await mine.remove("m")).code).toBe("not-found");
      expect(value(await theirs.find("n"))?.meta.title).toBe("two");
      value(await mine.update("n", 2, { meta: { title: "goes on" } }));
    });

    test("what another handle made counts at once, also for what is refused or changes nothing", async () => {
      const place = await make();
      const [mine, theirs] = [notesOf(await place.open()), notesOf(await place.open())];
      const vault = await place.open();
      value(await theirs.create({ id: "n", meta: { title: "theirs" } }));
      expect(value(await mine.remove("n")).id).toBe("n");
      value(await theirs.create({ id: "m", meta: { title: "theirs" } }));
      const seen = value(
        await vault.commit(({ document: { records } }) => ok({ records, value: records.length })),
      );
      expect(seen).toBe(1);
    });

    test("a removed record can be put back once, as it was", async () => {
      const place = await make();
      const [mine, theirs] = [notesOf(await place.open()), notesOf(await place.open())];
      value(await mine.create({ id: "n", meta: { title: "n" }, secrets: { password: new Secret("pw") } }));
      value(await mine.update("n", 1, { meta: { title: "N" } }));
      const removed = value(await mine.remove("n"));
      expect(value(await theirs.find("n"))).toBeUndefined();
      value(await theirs.putBack(removed));
      expect(problemOf(await mine.putBack(removed)).code).toBe("vault-changed-meanwhile");
      const back = value(await notesOf(await place.open()).open("n"));
      expect([back?.rev, back?.meta.title, back?.secrets.password?.reveal()]).toEqual([2, "N", "pw"]);
    });

    test("of many that count at once, on three handles, none is lost", async () => {
      const place = await make();
      const first = countersOf(await place.open());
      value(await first.create({ id: "the-one", meta: { count: 0 } }));
      const handles = [
        first,
        ...(await Promise.all([place.open(), place.open()])).map((vault) => countersOf(vault)),
      ];
      const told = await Promise.all(
        Array.from({ length: 24 }, async (_, index) =>
          value(
            await (handles[index % 3] ?? first).put("the-one", (before) => ({
              count: (before?.count ?? 0) + 1,
            })),
          ),
        ),
      );
      const counts = told.map(({ meta }) => meta.count).sort((a, b) => a - b);
      expect(counts).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
      expect(value(await countersOf(await place.open()).find("the-one"))).toMatchObject({ rev: 25 });
    });

    test("people have one name each, whichever console makes them, and one owner remains", async () => {
      const place = await make();
      const teams = (await Promise.all([place.open(), place.open(), place.open()])).map((vault) =>
        users(collection<UserMeta>(vault, "user", userMeta)),
      );
      const password = new Secret("plum-tractor-oboe-9");
      const made = await Promise.all(
        teams.flatMap((team) => ["ann", "bob"].map((name) => team.create({ name, password, role: "owner" }))),
      );
      const owners = made.flatMap((one) => (one.ok ? [one.value] : []));
      expect(owners.map(({ name }) => name).sort()).toEqual(["ann", "bob"]);
      const disabled = await Promise.all(
        owners.map(({ id }, index) => (teams[index] ?? fail()).setDisabled(id, true)),
      );
      expect(disabled.filter(({ ok }) => ok)).toHaveLength(1);
    });

    test("a thousand records come and go in one commit", async () => {
      const place = await make();
      const [vault, other] = [await place.open(), await place.open()];
      const changed = await vault.commit(({ document, keyring }) => {
        const by = { storeId: document.storeId, keyring };
        const records = Array.from({ length: 1000 }, (_, n) =>
          sealRecord({ kind: "note", id: `n${n}`, meta: { title: `${n}` } }, by),
        );
        return ok({ records, value: undefined });
      });
      value(changed);
      expect(value(await notesOf(other).list()).map(({ meta }) => meta.title)).toEqual(
        Array.from({ length: 1000 }, (_, n) => `${n}`),
      );
      value(await other.commit(() => ok({ records: [], value: undefined })));
      for (const handle of [vault, await place.open()]) {
        expect(value(await notesOf(handle).list())).toEqual([]);
      }
    });

    test("slots, data key and seal key can be changed under handles that go on", async () => {
      const place = await make();
      const [vault, other] = [await place.open(), await place.open()];
      value(await notesOf(vault).create({ id: "n", meta: { title: "before" } }));
      const derived = vault.deriveKey("session cookie");
      const fresh = newKeyring();
      value(
        await other.commit(async ({ document, keyring }) => {
          const dataKeys = new Map(keyring.dataKeys).set(fresh.active.id, fresh.active);
          const next = { ...keyring, active: fresh.active, dataKeys, macKey: fresh.macKey };
          const slots = [await makeSlot(next, await place.key(), document.storeId)];
          return ok({ records: document.records, value: null, keys: { slots, keyring: next } });
        }),
      );
      value(await notesOf(vault).update("n", 1, { meta: { title: "after" } }));
      for (const handle of [vault, other, await place.open()]) {
        const snapshot = value(await handle.read());
        expect(snapshot.keyring.active.id).toBe(fresh.active.id);
        expect(handle.deriveKey("session cookie")).toEqual(derived);
        expect(value(await notesOf(handle).find("n"))?.meta.title).toBe("after");
      }
      const without = await vault.commit(async ({ document, keyring }) => {
        const key = { kind: "pass", src: "pass", text: new Secret("somebody else's passphrase") } as const;
        const slots = [await makeSlot(keyring, key, document.storeId)];
        return ok({ records: document.records, value: null, keys: { slots, keyring } });
      });
      expect(problemOf(without).code).toBe("vault-wrong-key");
    });

    test("keys are added and taken away and the data key renewed, and other handles go on", async () => {
      const place = await make();
      const [mine, other] = [await place.open(), await place.open()];
      const secrets = { password: new Secret("of a") };
      value(await notesOf(mine).createAll([{ id: "a", meta: { title: "a" }, secrets }]));
      const spare: VaultKey = { kind: "raw", src: "raw", text: newRawKey() };
      const slot = value(await changeSlots(mine, { add: spare }));
      const former = value(await other.read()).keyring.active.id;
      const fresh = value(await renewDataKey(other));
      for (const vault of [mine, other, await place.open()]) {
        const { document, keyring } = value(await vault.read());
        expect([document.slots.length, keyring.active.id]).toEqual([2, fresh]);
        const { secrets: kept } = value(await notesOf(vault).open("a")) ?? {};
        expect(kept?.password?.reveal()).toBe("of a");
        expect(document.records.flatMap(boxesOf).filter(({ k }) => k === former)).toEqual([]);
      }
      value(await notesOf(mine).update("a", 1, { meta: { title: "A" } }));
      value(await changeSlots(other, { remove: new Set([String(slot)]) }));
      expect(value(await mine.read()).document.slots).toHaveLength(1);
      expect(value(await notesOf(await place.open()).find("a"))?.meta.title).toBe("A");
    });

    test("a key that was exchanged on the host is asked for again", async () => {
      const place = await make();
      const [vault, other] = [await place.open(), await place.open()];
      value(await notesOf(vault).create({ id: "n", meta: { title: "n" } }));
      const key = { kind: "raw", src: "raw", text: newRawKey() } as const;
      value(
        await other.commit(async ({ document, keyring }) => {
          const slots = [...document.slots, await makeSlot(keyring, key, document.storeId)];
          return ok({ records: document.records, value: null, keys: { slots, keyring } });
        }),
      );
      place.replaceKey(key);
      const renewed = await place.open();
      value(
        await renewed.commit(({ document, keyring, slot }) =>
          ok({ records: document.records, value: null, keys: { slots: [slot], keyring } }),
        ),
      );
      for (const handle of [vault, other]) {
        expect(value(await notesOf(handle).find("n"))?.meta.title).toBe("n");
        value(await notesOf(handle).put("m", () => ({ title: "saved" })));
      }
    });

    test("a record that would not open again cannot be written", async () => {
      const vault = await (await make()).open();
      const outcome = await vault.commit(({ document, keyring }) => {
        const by = { storeId: document.storeId, keyring };
        const sealed = sealRecord({ kind: "note", id: "here", meta: { title: "moved" } }, by);
        return ok({ records: [{ ...sealed, id: "elsewhere" }], value: undefined });
      });
      expect(problemOf(outcome)).toMatchObject({
        code: "vault-write-failed",
        facts: { step: "read-back", part: "records.0.meta", saved: false },
      });
      expect(value(await vault.facts()).rev).toBe(1);
    });

    test("a copy of it opens by itself as a file, and comes back as a new revision", async () => {
      const place = await make();
      const [vault, other] = [await place.open(), await place.open()];
      const notes = notesOf(vault);
      const secrets = { password: new Secret("one") };
      value(await notes.create({ id: "kept", meta: { title: "kept" } }));
      value(await notes.create({ id: "n", meta: { title: "first" }, secrets }));
      const text = await copyText(value(await vault.read()));
      value(await notes.update("n", 1, { meta: { title: "second" }, secrets: { password: "remove" } }));
      value(await notes.create({ id: "late", meta: { title: "late" } }));
      const [now, key] = [value(await vault.read()), await place.key()];
      const alone = await openCopy(text, { key: async () => key, everyBox: true });
      expect(alone.state).toBe("whole");
      const found = await openCopy(text, { now, key: async () => undefined, everyBox: true });
      if (found.state !== "whole") throw new Error(found.state);
      expect(await differences(found.copy, now)).toMatchObject([
        { kind: "note", added: [{ id: "late" }], removed: [], changed: [{ id: "n" }] },
      ]);
      const { rev } = now.document;
      const also: Alongside = (_, records) => ok(records);
      const late = await restoreCopy(vault, found.copy, rev - 1, also);
      expect(problemOf(late).code).toBe("vault-changed-meanwhile");
      expect(value(await restoreCopy(vault, found.copy, rev, also))).toBe(rev + 1);
      for (const handle of [vault, other, await place.open()]) {
        const all = value(await notesOf(handle).list());
        expect(all.map(({ id, rev: at, meta }) => [id, at, meta.title])).toEqual([
          ["kept", 1, "kept"],
          ["n", rev + 1, "first"],
        ]);
        expect(value(await notesOf(handle).open("n"))?.secrets.password?.reveal()).toBe("one");
      }
      value(await notesOf(other).update("n", rev + 1, { meta: { title: "on" } }));
    });

    test("other rooms get keys that stay the same, and differ by purpose and vault", async () => {
      const place = await make();
      const keys = async (purpose: string) => (await place.open()).deriveKey(purpose).toString("hex");
      const first = await keys("session tokens");
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      expect(await keys("session tokens")).toBe(first);
      expect(await keys("audit chain")).not.toBe(first);
      const elsewhere = await (await make()).open();
      expect(elsewhere.deriveKey("session tokens").toString("hex")).not.toBe(first);
    });
  });
}

function notesOf(vault: Vault): Collection<z.infer<typeof titled>> {
  return collection(vault, "note", titled);
}

function countersOf(vault: Vault): Collection<z.infer<typeof counted>> {
  return collection(vault, "counter", counted);
}

function fail(): never {
  throw new Error("there is none");
}
