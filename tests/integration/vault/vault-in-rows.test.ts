import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { Secret } from "#lib/secret.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { collection } from "#lib/vault/collection.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { countedIn, countingIn } from "#tests/support/counting.ts";
import { type PageTables, readByThePage } from "#tests/support/row-page-reader.ts";
import { type RowPlace, startRowServer } from "#tests/support/row-vaults.ts";
import { problemOf, value } from "#tests/support/scratch-vault.ts";

const server = await startRowServer();
afterAll(() => server.stop());
afterEach(() => vi.useRealTimers());

const notesOf = (vault: Vault) => collection(vault, "note", z.strictObject({ title: z.string() }));
const rowsIn = async ({ sql }: RowPlace) => {
  const rows = await sql("select id, body like '{\"removed%' as removed from cloak_record order by id");
  return rows.map(({ id, removed }) => (removed ? `-${id}` : id)).join(" ");
};

describe("a vault in rows", () => {
  test("begun by several at once is one", async () => {
    const place = await server.place();
    await place.open();
    await place.sql("delete from cloak_head");
    rmSync(place.setup.guard);
    const opened = await Promise.all(Array.from({ length: 4 }, () => place.open()));
    const ids = opened.map(async (vault) => value(await vault.read()).document.storeId);
    expect(new Set(await Promise.all(ids)).size).toBe(1);
    expect(await place.sql("select rev::int from cloak_head order by rev")).toEqual([{ rev: 0 }, { rev: 1 }]);
  });

  test("that is gone is not begun anew, as long as the host knows of one", async () => {
    const place = await server.place();
    const vault = await place.open();
    await place.sql("delete from cloak_head");
    const again = await openVault(place.store(), keySource(place.setup.key));
    expect(problemOf(again)).toMatchObject({ code: "vault-damaged", facts: { reason: "missing" } });
    expect(problemOf(await vault.read())).toMatchObject({
      code: "vault-damaged",
      facts: { reason: "missing" },
    });
    expect(await place.sql("select 1 from cloak_head")).toEqual([]);
  });

  test("says which record is too large, and keeps nothing of the save", async () => {
    const place = await server.place();
    const notes = notesOf(await place.open());
    const large = { id: "large", meta: { title: "x".repeat(700 * 1024) } };
    const refused = await notes.createAll([{ id: "small", meta: { title: "s" } }, large]);
    expect(problemOf(refused)).toMatchObject({
      code: "vault-write-failed",
      facts: { step: "size", record: "note/large", saved: false },
    });
    expect(await rowsIn(place)).toBe("");
    value(await notes.create({ id: "large", meta: { title: "x".repeat(600 * 1024) } }));
  });

  test("lets what was removed leave a row behind for seven days, and no console minds when it goes", async () => {
    const place = await server.place();
    const [one, other] = [await place.open(), await place.open()];
    for (const id of ["a", "b", "c"]) value(await notesOf(one).create({ id, meta: { title: id } }));
    value(await notesOf(other).remove("a"));
    value(await notesOf(other).create({ id: "d", meta: { title: "d" } }));
    expect(await rowsIn(place)).toBe("-a b c d");
    const later = await place.open();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 8 * 24 * 60 * 60 * 1000 });
    value(await notesOf(other).remove("b"));
    expect(await rowsIn(place)).toBe("-b c d");
    for (const vault of [one, other, later, await place.open()]) {
      expect(value(await notesOf(vault).list()).map(({ id }) => id)).toEqual(["c", "d"]);
    }
    value(await notesOf(one).create({ id: "b", meta: { title: "again" } }));
    expect(value(await notesOf(await place.open()).list()).map(({ id }) => id)).toEqual(["c", "d", "b"]);
  });

  test("that falls behind is not written, and goes on by itself when it has caught up", async () => {
    const place = await server.place();
    const vault = await place.open();
    value(await notesOf(vault).create({ id: "n", meta: { title: "one" } }));
    await place.sql("create table cloak_old as select * from cloak_head");
    await place.sql("create table cloak_old_record as select * from cloak_record");
    value(await notesOf(vault).update("n", 1, { meta: { title: "two" } }));
    const putBack = "delete from cloak_head; insert into cloak_head select * from";
    await place.sql("create table cloak_new as select * from cloak_head");
    await place.sql("create table cloak_new_record as select * from cloak_record");
    const rows = "; delete from cloak_record; insert into cloak_record select * from";
    await place.sql(`${putBack} cloak_old${rows} cloak_old_record`);
    expect(problemOf(await vault.read()).code).toBe("vault-rolled-back");
    const save = () => notesOf(vault).update("n", 2, { meta: { title: "three" } });
    expect(problemOf(await save()).code).toBe("vault-rolled-back");
    await place.sql(`${putBack} cloak_new${rows} cloak_new_record`);
    value(await save());
  });

  test("of somebody else in its place, and one of a later version, are told", async () => {
    const [place, elsewhere] = [await server.place(), await server.place()];
    const vault = await place.open();
    await elsewhere.open();
    const theirs = await elsewhere.sql("select store, rev, body from cloak_head");
    await place.sql("delete from cloak_head");
    for (const { store, rev, body } of theirs) {
      await place.sql("insert into cloak_head values ($1, $2, $3)", [store, rev, body]);
    }
    const key = keySource(elsewhere.setup.key);
    expect(problemOf(await openVault(place.store(), key)).code).toBe("vault-other-store");
    expect(problemOf(await vault.read()).code).toBe("vault-other-store");
    await place.sql("update cloak_head set body = replace(body, '\"v\":1', '\"v\":2') where rev > 0");
    const newer = await openVault(place.store(), key);
    expect(problemOf(newer)).toMatchObject({ code: "vault-newer-version", facts: { version: 2 } });
  });

  test("signs how far the audit log has got with each save: a shortened one is told by any console", async () => {
    const place = await server.place();
    const vault = await place.open();
    const logOf = (one: Vault) => one.chainedLog("audit", z.strictObject({ text: z.string() }));
    for (const text of ["one", "two", "three"]) value(await logOf(vault).append({ text }));
    value(await notesOf(vault).create({ id: "n", meta: { title: "n" } }));
    expect(value(await logOf(await place.open()).check())).toEqual({ state: "whole", entries: 3 });
    const file = join(place.setup.configDir, "audit.jsonl");
    const lines = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, `${lines[0]}\n`);
    for (const name of readdirSync(place.setup.stateDir)) {
      if (name.startsWith("audit-head")) rmSync(join(place.setup.stateDir, name));
    }
    const again = logOf(await place.open());
    expect(value(await again.check())).toEqual({ state: "shortened", entries: 1, known: 3 });
    // Other lines in the place of those that are gone do not fit what was signed.
    for (const text of ["another", "and another"]) value(await again.append({ text }));
    expect(value(await logOf(await place.open()).check())).toMatchObject({ state: "broken", line: 3 });
  });

  test("can be read by docs/vault-format.md alone", async () => {
    const place = await server.place();
    const notes = notesOf(await place.open());
    const secrets = { password: new Secret("pä55") };
    for (const id of ["b", "a", "c"]) value(await notes.create({ id, meta: { title: "漢" }, secrets }));
    value(await notes.update("b", 1, { meta: { title: "é" } }));
    value(await notes.remove("a"));
    const tables = {
      heads: await place.sql("select * from cloak_head"),
      records: await place.sql("select * from cloak_record"),
    } as unknown as PageTables;
    const key = readFileSync(place.setup.keyFile, "utf8");
    expect(readByThePage(tables, key)).toEqual([
      { kind: "note", id: "b", rev: 2, meta: { title: "é" }, secrets: { password: "pä55" } },
      { kind: "note", id: "c", rev: 1, meta: { title: "漢" }, secrets: { password: "pä55" } },
    ]);
    expect(() => readByThePage({ ...tables, records: tables.records.slice(1) }, key)).toThrow("sum");
  });

  test("goes on being read for a while when the database is away, and is not written", async () => {
    const place = await server.place();
    const link = place.link();
    const vault = value(await openVault(place.store(link), keySource(place.setup.key)));
    value(await notesOf(vault).create({ id: "n", meta: { title: "kept" } }));
    await link.close();
    expect(value(await notesOf(vault).find("n"))?.meta.title).toBe("kept");
    const refused = await notesOf(vault).create({ id: "m", meta: { title: "m" } });
    expect(problemOf(refused).code).toBe("store-away");
    expect(problemOf(await notesOf(vault).remove("m")).code).toBe("store-away");
    const later = performance.now() + 31_000;
    vi.spyOn(performance, "now").mockReturnValue(later);
    expect(problemOf(await vault.read()).code).toBe("store-away");
    vi.restoreAllMocks();
  });

  test("three consoles, eight writers of 25 saves, one console killed: none is lost, none doubled", async () => {
    const place = await server.place();
    const [one, other] = [await place.open(), await place.open()];
    const script = join(import.meta.dirname, "../../support/row-writer.ts");
    const settings = JSON.stringify({ setup: place.setup, schema: place.schema, config: place.config });
    const child = spawn(
      process.execPath,
      ["--conditions=react-server", "--import", "tsx", script, settings, "killed", "1000"],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const acknowledged: string[] = [];
    const lines = createInterface({ input: child.stdout });
    await once(lines, "line");
    lines.on("line", (line) => {
      acknowledged.push(line);
      if (acknowledged.length === 25) child.kill("SIGKILL");
    });
    const ended = once(child, "close");

    const saves = await Promise.all(
      Array.from({ length: 7 }, async (_, writer) => {
        const save = countingIn(writer % 2 === 0 ? one : other);
        const made: string[] = [];
        for (let n = 0; n < 25; n += 1) {
          value(await save(`w${writer}-${n}`));
          made.push(`w${writer}-${n}`);
        }
        return made;
      }),
    );
    expect(await ended).toEqual([null, "SIGKILL"]);

    const { marks, count } = await countedIn(await place.open());
    expect(marks).toEqual(expect.arrayContaining([...saves.flat(), ...acknowledged]));
    // What it had sent when it was killed may be there: once.
    const unanswered = marks.length - saves.flat().length - acknowledged.length;
    expect([0, 1]).toContain(unanswered);
    expect(count).toBe(marks.length);
    const [head] = await place.sql("select rev::int as rev from cloak_head where rev > 0");
    expect(head?.rev).toBe(count + 1);
  });
});
