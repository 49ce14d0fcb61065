import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Secret } from "#lib/secret.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { openCopy } from "#lib/vault/backup-copy.ts";
import { collection } from "#lib/vault/collection.ts";
import { dropUnused, renewDataKey, resealRest } from "#lib/vault/key-rotation.ts";
import { changeSlots, shortId, slotFacts } from "#lib/vault/key-slots.ts";
import { keyUses } from "#lib/vault/key-use.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import type { Vault } from "#lib/vault/vault.ts";
import type { VaultKey } from "#lib/vault/vault-key.ts";
import { diskWith, systemError } from "#tests/support/failing-disk.ts";
import { opened, problemOf, type ScratchVault, scratchVault, value } from "#tests/support/scratch-vault.ts";

const notes = (vault: Vault) => collection(vault, "note", z.strictObject({ text: z.string() }));
const rawKey = (): VaultKey => ({ kind: "raw", src: "raw", text: newRawKey() });
const passphrase = (text: string): VaultKey => ({ kind: "pass", src: "pass", text: new Secret(text) });
const openedWith = async (scratch: ScratchVault, key: VaultKey) =>
  value(await openVault(fileStore(scratch), keySource({ from: "variable", value: key.text })));

describe("slots", () => {
  test("more keys open the vault, each by itself, and each can be taken away but the last", async () => {
    const scratch = scratchVault();
    const vault = await opened(scratch);
    value(await notes(vault).create({ meta: { text: "kept" } }));
    const [raw, pass] = [rawKey(), passphrase("twelve blue herons at noon")];
    const first = value(await vault.read()).slot.kid;
    const second = value(await changeSlots(vault, { add: raw }));
    const third = value(await changeSlots(vault, { add: pass }));
    const kinds = slotFacts(value(await vault.read()));
    expect(kinds).toEqual([
      { id: shortId(first), kid: first, kind: "raw", present: true },
      { id: shortId(String(second)), kid: second, kind: "raw", present: false },
      { id: shortId(String(third)), kid: third, kind: "passphrase", present: false },
    ]);
    for (const key of [raw, pass]) {
      const other = await openedWith(scratch, key);
      expect(value(await notes(other).list()).map(({ meta }) => meta.text)).toEqual(["kept"]);
    }
    // With the second key the first is taken away, and with it who had it.
    const other = await openedWith(scratch, raw);
    value(await changeSlots(other, { remove: new Set([first]) }));
    expect(problemOf(await vault.read()).code).toBe("vault-wrong-key");
    expect(slotFacts(value(await other.read()))).toHaveLength(2);
    value(await changeSlots(await openedWith(scratch, pass), { remove: new Set([String(second)]) }));
    const last = await openedWith(scratch, pass);
    const refusal = problemOf(await changeSlots(last, { remove: new Set([String(third)]) }));
    expect(refusal).toMatchObject({ code: "setting-invalid", facts: { field: "slot", reason: "last-slot" } });
  });

  test("what cannot be: the same key twice, one's own slot, one that is not there, too many", async () => {
    const scratch = scratchVault();
    const vault = await opened(scratch);
    const key = rawKey();
    const reasonOf = async (change: Parameters<typeof changeSlots>[1]) =>
      problemOf(await changeSlots(vault, change)).facts.reason;
    value(await changeSlots(vault, { add: key }));
    const own = value(await keySource(scratch.key).load());
    expect(await reasonOf({ add: key })).toBe("same-key");
    if (own !== undefined) expect(await reasonOf({ add: own })).toBe("same-key");
    expect(await reasonOf({ remove: new Set([value(await vault.read()).slot.kid]) })).toBe("own-slot");
    expect(await reasonOf({ remove: new Set(["nobody"]) })).toBe("unknown-slot");
    value(await changeSlots(vault, { add: passphrase("twelve blue herons at noon") }));
    value(await changeSlots(vault, { add: passphrase("thirteen red herons at dawn") }));
    // A third would make everybody who opens the vault wait for more than a second.
    expect(await reasonOf({ add: passphrase("no more herons than these two") })).toBe("too-many-passphrases");
    for (let more = 4; more < 8; more += 1) value(await changeSlots(vault, { add: rawKey() }));
    expect(await reasonOf({ add: rawKey() })).toBe("too-many-slots");
    expect(value(await vault.read()).document.slots).toHaveLength(8);
  });
});

describe("a new data key", () => {
  async function filled() {
    const scratch = scratchVault();
    const vault = await opened(scratch);
    const { id } = value(
      await notes(vault).create({ meta: { text: "kept" }, secrets: { password: new Secret("p4ss") } }),
    );
    value(await vault.document("sessions", { guarded: true }).write(["a session"]));
    value(
      await vault.notebook("someone").appendAll([
        ["one", "first"],
        ["two", 2],
        ["one", "last"],
      ]),
    );
    return { scratch, vault, id, store: fileStore(scratch) };
  }

  async function everything(vault: Vault, id: string) {
    const entries: unknown[] = [];
    value(await vault.notebook("someone").each((entry) => entries.push([entry.id, entry.value])));
    return {
      note: value(await notes(vault).find(id))?.meta,
      password: value(await notes(vault).open(id))?.secrets.password?.reveal(),
      sessions: value(await vault.document("sessions", { guarded: true }).read()),
      entries,
    };
  }

  const changes = new Set(["mkdir", "link", "rename", "unlink", "handle.write", "handle.sync"]);
  const all = {
    note: { text: "kept" },
    password: "p4ss",
    sessions: ["a session"],
    entries: [
      ["one", "last"],
      ["two", 2],
    ],
  };

  test("everything is sealed with it, the former one opens until nothing needs it, and then goes", async () => {
    const { scratch, vault, id, store } = await filled();
    const other = await opened(scratch);
    const key = rawKey();
    value(await changeSlots(vault, { add: key }));
    const before = value(await vault.read());
    const fresh = value(await renewDataKey(vault));
    for (const one of [vault, other, await openedWith(scratch, key)]) {
      const { keyring } = value(await one.read());
      expect([...keyring.dataKeys.keys()]).toEqual([before.keyring.active.id, fresh]);
      expect(keyring.macKey.equals(before.keyring.macKey)).toBe(false);
      expect(one.deriveKey("x")).toEqual(vault.deriveKey("x"));
      expect(await everything(one, id)).toEqual(all);
    }
    const uses = async () => value(await keyUses(value(await vault.read()), store));
    expect(await uses()).toEqual([
      { id: fresh, active: true, boxes: 2, documents: 0, entries: 0, backups: 0 },
      { id: before.keyring.active.id, active: false, boxes: 0, documents: 1, entries: 3, backups: 2 },
    ]);
    expect(value(await dropUnused(vault, store))).toEqual([]);
    value(await resealRest(vault, store));
    expect(await everything(other, id)).toEqual(all);
    expect((await uses())[1]).toMatchObject({ documents: 0, entries: 0, backups: 2 });
    expect(value(await dropUnused(vault, store))).toEqual([]);
    // An earlier revision opens with the present keys alone, though its own slots are of a key that was exchanged.
    const [oldest] = (await store.records.earlier()).slice(-1);
    const text = oldest && (await store.records.readEarlier(oldest));
    const now = value(await vault.read());
    const copy = await openCopy(text ?? "", { now, key: async () => undefined, everyBox: true });
    expect([oldest?.rev, copy.state]).toEqual([1, "whole"]);
    rmSync(join(scratch.configDir, "backups"), { recursive: true });
    expect(value(await dropUnused(vault, store))).toEqual([before.keyring.active.id]);
    for (const one of [vault, other, await openedWith(scratch, key)]) {
      expect([...value(await one.read()).keyring.dataKeys.keys()]).toEqual([fresh]);
      expect(await everything(one, id)).toEqual(all);
    }
    const files = [scratch.file, join(scratch.configDir, "sessions.json")].map((file) =>
      readFileSync(file, "utf8"),
    );
    expect(files.filter((text) => text.includes(before.keyring.active.id))).toEqual([]);
    // A console that was there all the time goes on writing.
    value(await notes(other).update(id, 1, { meta: { text: "after" } }));
    value(await other.notebook("someone").append("three", 3));
    expect((await everything(vault, id)).note).toEqual({ text: "after" });
  });

  test("wherever the disk fails, all is there before and after, and the same again goes on", async () => {
    const { scratch, id } = await filled();
    // Until nothing fails any more, since it is done before.
    for (let at = 1, isMet = true; isMet; at += 1) {
      let calls = 0;
      let isOn = false;
      const disk = diskWith((call) => {
        if (!isOn || !changes.has(call)) return;
        calls += 1;
        if (calls === at) throw systemError("ENOSPC", call);
      });
      const vault = await opened(scratch, { disk });
      const store = fileStore(scratch, { disk });
      isOn = true;
      const renewed = await renewDataKey(vault);
      const rest = renewed.ok ? await resealRest(vault, store) : renewed;
      isOn = false;
      isMet = calls >= at;
      if (!rest.ok) expect(rest.problem.code).toBe("vault-write-failed");
      const after = await opened(scratch);
      expect(await everything(after, id)).toEqual(all);
      value(await resealRest(after, fileStore(scratch)));
      const [active] = value(await keyUses(value(await after.read()), fileStore(scratch)));
      expect(active).toMatchObject({ active: true, boxes: 2, documents: 1, entries: 3 });
      expect(readdirSync(scratch.configDir).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    }
  }, 120_000);
});
