import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { collection } from "#lib/vault/collection.ts";
import { moveVault, undoMove } from "#lib/vault/move-vault.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import type { Store } from "#lib/vault/store.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { type RowPlace, startRowServer } from "#tests/support/row-vaults.ts";
import { problemOf, type ScratchVault, scratchVault, value } from "#tests/support/scratch-vault.ts";

const server = await startRowServer();
afterAll(() => server.stop());

/** No other console is there that would have to see the mark first. */
const atOnce = { settleMs: 0 };

const notesOf = (vault: Vault) => collection(vault, "note", z.strictObject({ title: z.string() }));
const logOf = (vault: Vault) => vault.chainedLog("audit", z.strictObject({ text: z.string() }));

/** Both ends on one host: one state folder, one key. */
async function ends(): Promise<{
  file: () => Store;
  rows: () => Store;
  setup: ScratchVault;
  place: RowPlace;
}> {
  const setup = scratchVault();
  const place = await server.place();
  const beside = { ...setup, configDir: place.setup.configDir };
  return {
    setup,
    place,
    file: () => fileStore(setup),
    rows: () => ({ ...fileStore(beside), place: "postgres://here", records: place.store().records }),
  };
}

const open = async (store: Store, { key }: ScratchVault) => openVault(store, keySource(key));
async function keyOf({ key }: ScratchVault) {
  const found = value(await keySource(key).load());
  if (found === undefined) throw new Error("no key");
  return found;
}

async function fill(vault: Vault): Promise<void> {
  for (const id of ["b", "a", "c"]) {
    const secrets = { password: new Secret(`of ${id}`) };
    value(await notesOf(vault).create({ id, meta: { title: id }, secrets }));
  }
  value(await notesOf(vault).remove("a"));
  value(await vault.document("moves").write(["a document"]));
  value(await vault.notebook("somebody").append("draft", { text: "a draft" }));
  for (const text of ["one", "two"]) value(await logOf(vault).append({ text }));
}

async function expectAll(vault: Vault): Promise<void> {
  expect(value(await notesOf(vault).list()).map(({ id }) => id)).toEqual(["b", "c"]);
  expect(value(await notesOf(vault).open("b"))?.secrets.password?.reveal()).toBe("of b");
  expect(value(await vault.document("moves").read())).toEqual(["a document"]);
  expect(value(await logOf(vault).check())).toEqual({ state: "whole", entries: 2 });
}

describe("a vault", () => {
  test("moves from a file to rows and back, with all that lies beside it", async () => {
    const { file, rows, setup, place } = await ends();
    await fill(value(await open(file(), setup)));
    const key = await keyOf(setup);
    const moved = value(await moveVault(file(), rows(), key, atOnce));
    expect(moved).toEqual({ rev: 6, records: 2, documents: 1, notebooks: 1, lines: 2 });
    expect(problemOf(await open(file(), setup))).toMatchObject({
      code: "vault-moved",
      facts: { to: "postgres://here" },
    });
    const there = value(await open(rows(), setup));
    await expectAll(there);
    value(await notesOf(there).update("c", 1, { meta: { title: "C" } }));

    // Back to where it was, over what was left there.
    value(await moveVault(rows(), file(), key, atOnce));
    expect(problemOf(await open(rows(), setup)).code).toBe("vault-moved");
    // A console that had it open neither reads nor saves there any more.
    expect(problemOf(await there.read()).code).toBe("vault-moved");
    expect(problemOf(await notesOf(there).create({ meta: { title: "late" } })).code).toBe("vault-moved");
    const back = value(await open(file(), setup));
    await expectAll(back);
    expect(value(await notesOf(back).find("c"))?.meta.title).toBe("C");
    value(await notesOf(back).remove("c"));

    // And once more, over the rows that are left.
    value(await moveVault(file(), rows(), key, atOnce));
    const again = value(await open(rows(), setup));
    expect(value(await notesOf(again).list()).map(({ id }) => id)).toEqual(["b"]);
    expect(
      problemOf(
        await moveVault(file(), fileStore({ ...setup, configDir: place.setup.stateDir }), key, atOnce),
      ).code,
    ).toBe("vault-moved");
  });

  test("counts again where it was, when that is asked for", async () => {
    const { file, rows, setup } = await ends();
    await fill(value(await open(file(), setup)));
    const key = await keyOf(setup);
    expect(problemOf(await undoMove(file(), key)).code).toBe("not-found");
    value(await moveVault(file(), rows(), key, atOnce));
    const there = value(await open(rows(), setup));
    for (const title of ["x", "y", "z"]) value(await notesOf(there).create({ meta: { title } }));
    value(await undoMove(file(), key));
    await expectAll(value(await open(file(), setup)));
    // The copy is older now, on this host.
    expect(problemOf(await open(rows(), setup)).code).toBe("vault-rolled-back");

    const { rows: others, file: target, setup: other } = await ends();
    const vault = value(await open(others(), other));
    await fill(vault);
    value(await moveVault(others(), target(), await keyOf(other), atOnce));
    value(await undoMove(others(), await keyOf(other)));
    value(await notesOf(vault).create({ meta: { title: "goes on" } }));
  });

  test("that was put back with a mark does not count again by that: the mark says nothing of its age", async () => {
    const { setup, place } = await ends();
    const vault = value(await open(fileStore(setup), setup));
    const key = await keyOf(setup);
    const { file } = setup;
    value(await notesOf(vault).create({ meta: { title: "before" } }));
    const older = readFileSync(file, "utf8");
    value(await notesOf(vault).create({ meta: { title: "since" } }));
    const present = readFileSync(file, "utf8");
    writeFileSync(file, older);
    const mark = join(setup.configDir, "moved-to");
    writeFileSync(mark, '{"to":"postgres://elsewhere"}\n', { mode: 0o600 });
    expect(problemOf(await undoMove(fileStore(setup), key))).toMatchObject({
      code: "vault-rolled-back",
      facts: { command: expect.any(String) },
    });
    expect(readFileSync(file, "utf8")).toBe(older);
    writeFileSync(file, present);
    value(await undoMove(fileStore(setup), key));
    expect(value(await notesOf(value(await open(fileStore(setup), setup))).list())).toHaveLength(2);

    // In rows the mark is sealed, but one of an earlier move can be put back.
    const rows = () => place.store();
    const held = value(await open(rows(), place.setup));
    value(await notesOf(held).create({ meta: { title: "before" } }));
    const target = fileStore({ ...place.setup, configDir: `${place.setup.configDir}-moved` });
    value(await moveVault(rows(), target, await keyOf(place.setup), atOnce));
    const [marked] = await place.sql("select rev, body from cloak_head where body like '{%'");
    value(await undoMove(rows(), await keyOf(place.setup)));
    await place.sql("update cloak_head set rev = $1, body = $2 where body like '{%'", [
      marked?.rev,
      marked?.body,
    ]);
    expect(problemOf(await undoMove(rows(), await keyOf(place.setup))).code).toBe("vault-rolled-back");
    // Whoever has it open, or opens it now, is told the same.
    expect(problemOf(await held.read()).code).toBe("vault-rolled-back");
    expect(problemOf(await open(rows(), place.setup)).code).toBe("vault-rolled-back");
  });

  test("is not moved over another one, nor while a console serves it", async () => {
    const { file, rows, setup } = await ends();
    const vault = value(await open(file(), setup));
    const key = await keyOf(setup);
    const other = await ends();
    value(await open(other.rows(), other.setup));
    expect(problemOf(await moveVault(file(), other.rows(), key, atOnce))).toMatchObject({
      code: "setting-invalid",
      facts: { field: "to", reason: "taken" },
    });
    const claim = value(await file().claim());
    expect(problemOf(await moveVault(file(), rows(), key, atOnce)).code).toBe("vault-in-use");
    claim.release();
    value(await notesOf(vault).create({ meta: { title: "untouched" } }));
    const { file: nothing } = await ends();
    expect(problemOf(await moveVault(nothing(), rows(), key, atOnce)).facts.reason).toBe("missing");
  });

  test.each([["file", "rows"] as const, ["rows", "file"] as const])(
    "interrupted at any write on its way from %s to %s it is in one place at most; run again it arrives",
    async (one, two) => {
      for (let at = 1, hit = true; hit; at += 1) {
        const both = await ends();
        const [from, to] = [both[one], both[two]];
        await fill(value(await open(from(), both.setup)));
        const key = await keyOf(both.setup);
        const broken = breaking(to(), from(), at);
        const moved = await moveVault(broken.from, broken.to, key, atOnce);
        hit = broken.hit();
        if (hit) {
          expect(problemOf(moved).code, `write ${at}`).toBe("vault-busy");
          const [before, after] = [await open(from(), both.setup), await open(to(), both.setup)];
          expect(before.ok && after.ok, `write ${at}`).toBe(false);
          if (before.ok) await expectAll(before.value);
          else expect(before.problem.code).toBe("vault-moved");
          expect(after.ok, `write ${at}`).toBe(broken.isThere());
          value(await moveVault(from(), to(), key, atOnce));
        }
        expect(problemOf(await open(from(), both.setup)).code).toBe("vault-moved");
        await expectAll(value(await open(to(), both.setup)));
      }
    },
  );
});

/** Both stores, of whose writes the so many-th is not done. */
function breaking(to: Store, from: Store, at: number) {
  let writes = 0;
  let wasThere = false;
  const isCut = () => {
    writes += 1;
    return writes === at;
  };
  const cut = failed(problem("vault-busy"));
  const wrap = (store: Store): Store => ({
    ...store,
    records:
      store.records.form === "text"
        ? {
            ...store.records,
            prepare: async () => (isCut() ? cut : prepare(store)),
            replace: async (plan) => (isCut() ? cut : done(await replace(store, plan))),
            markMoved: async (where) => (isCut() ? cut : markMoved(store, where)),
          }
        : {
            ...store.records,
            reserve: async (id) => (isCut() ? cut : rowsOf(store).reserve(id)),
            begin: async (head, rows) => (isCut() ? cut : done(await rowsOf(store).begin(head, rows))),
            commit: async (head, over, rows) => (isCut() ? cut : rowsOf(store).commit(head, over, rows)),
          },
    document: (name) => {
      const document = store.document(name);
      return { ...document, write: async (text) => (isCut() ? cut : document.write(text)) };
    },
    notebook: (owner) => {
      const notebook = store.notebook(owner);
      return { ...notebook, replace: async (lines) => (isCut() ? cut : notebook.replace(lines)) };
    },
    log: (name, id) => {
      const log = store.log(name, id);
      return { ...log, append: async (next) => (isCut() ? cut : log.append(next)) };
    },
  });
  function done<T>(outcome: T): T {
    wasThere = true;
    return outcome;
  }
  return { to: wrap(to), from: wrap(from), hit: () => writes >= at, isThere: () => wasThere };
}

const rowsOf = ({ records }: Store) => {
  if (records.form !== "rows") throw new RangeError("no rows");
  return records;
};
const textOf = ({ records }: Store) => {
  if (records.form !== "text") throw new RangeError("no text");
  return records;
};
const prepare = (store: Store) => textOf(store).prepare();
const markMoved = (store: Store, to: string | undefined) => textOf(store).markMoved(to);
const replace = <T>(store: Store, plan: Parameters<ReturnType<typeof textOf>["replace"]>[0]) =>
  textOf(store).replace(plan) as Promise<T>;
