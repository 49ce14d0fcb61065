import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftEdit, editedText } from "#lib/notebook/draft-edit.ts";
import { type DraftSaving, drafts, longestDraft } from "#lib/notebook/drafts.ts";
import { opened, problemOf, type ScratchVault, scratchVault, value } from "#tests/support/scratch-vault.ts";

const draftsOf = async (setup: ScratchVault, limits = {}) => {
  const vault = await opened(setup);
  return drafts((userId) => vault.notebook(userId), limits);
};
const saving = (more: Partial<DraftSaving> & { text?: string }): DraftSaving => {
  const { text = "select 1", ...rest } = more;
  return { connectionId: "connection-1", id: "d1", rev: 0, window: "w1", edit: 1, change: { text }, ...rest };
};
const fileOf = (setup: ScratchVault, userId = "alice") =>
  join(setup.configDir, "notebook", `${userId}.jsonl`);

describe("a draft", () => {
  test("is there again after a restart, as it was typed", async () => {
    const setup = scratchVault();
    const text = "select 'é😀\u0000\r\n';\n";
    value(await (await draftsOf(setup)).save("alice", saving({ text })));
    const after = await draftsOf(setup);
    expect(value(await after.list("alice", "connection-1"))).toMatchObject([
      { id: "d1", rev: 1, begins: "select 'é😀\u0000\r" },
    ]);
    expect(value(await after.find("alice", "connection-1", "d1"))?.text).toBe(text);
  });

  test("is nobody else's, and no other connection's", async () => {
    const kept = await draftsOf(scratchVault());
    value(await kept.save("alice", saving({})));
    expect(value(await kept.list("bob", "connection-1"))).toEqual([]);
    expect(value(await kept.find("bob", "connection-1", "d1"))).toBeUndefined();
    expect(value(await kept.find("alice", "connection-2", "d1"))).toBeUndefined();
    value(await kept.remove("bob", "connection-1", "d1"));
    value(await kept.remove("alice", "connection-2", "d1"));
    expect(value(await kept.find("alice", "connection-1", "d1"))?.text).toBe("select 1");
    // Of the same name in another connection it is another one, and neither goes.
    const other = value(await kept.save("alice", saving({ connectionId: "connection-2", text: "select 2" })));
    expect(other.id).not.toBe("d1");
    expect(value(await kept.find("alice", "connection-1", "d1"))?.text).toBe("select 1");
  });

  test("lies sealed, and for its owner alone", async () => {
    const setup = scratchVault();
    value(await (await draftsOf(setup)).save("alice", saving({ text: "select canary" })));
    expect(readFileSync(fileOf(setup), "utf8")).not.toMatch(/canary|select|connection-1/);
    expect(statSync(fileOf(setup)).mode & 0o777).toBe(0o600);
    expect(statSync(join(setup.configDir, "notebook")).mode & 0o777).toBe(0o700);
  });

  test("of another window is kept beside it, once, and goes on there", async () => {
    const kept = await draftsOf(scratchVault());
    const first = value(await kept.save("alice", saving({ text: "both begin here" })));
    value(await kept.save("alice", saving({ rev: first.rev, edit: 2, text: "the first window's" })));
    const late = saving({ rev: first.rev, window: "w2", text: "the second window's" });
    const beside = value(await kept.save("alice", late));
    // The answer was lost, and it is sent again.
    expect(value(await kept.save("alice", late))).toEqual(beside);
    expect(beside.id).not.toBe("d1");
    value(await kept.save("alice", { ...late, ...beside, edit: 2, change: { text: "the second's, later" } }));
    value(await kept.save("alice", saving({ rev: 2, edit: 3, text: "the first's, later" })));
    expect(value(await kept.find("alice", "connection-1", "d1"))?.text).toBe("the first's, later");
    expect(value(await kept.find("alice", "connection-1", beside.id))).toMatchObject({
      text: "the second's, later",
      beside: "d1",
    });
    expect(value(await kept.list("alice", "connection-1"))).toHaveLength(2);
  });

  test("goes on in a new window that knows the latest", async () => {
    const kept = await draftsOf(scratchVault());
    value(await kept.save("alice", saving({})));
    expect(value(await kept.save("alice", saving({ rev: 1, window: "w2", text: "select 2" })))).toEqual({
      id: "d1",
      rev: 2,
    });
  });

  test("is not set back by an edit of the same window that comes late", async () => {
    const kept = await draftsOf(scratchVault());
    value(await kept.save("alice", saving({ edit: 5, text: "later" })));
    expect(value(await kept.save("alice", saving({ edit: 4, text: "earlier" })))).toEqual({
      id: "d1",
      rev: 1,
    });
    expect(value(await kept.find("alice", "connection-1", "d1"))?.text).toBe("later");
  });

  test("is edited in pieces, of the very text alone", async () => {
    const kept = await draftsOf(scratchVault());
    value(await kept.save("alice", saving({ text: "select 1, 3" })));
    const piece = saving({ rev: 1, edit: 2, change: { at: 8, cut: 1, put: ", 2," } });
    expect(value(await kept.save("alice", piece))).toEqual({ id: "d1", rev: 2 });
    expect(value(await kept.find("alice", "connection-1", "d1"))?.text).toBe("select 1, 2, 3");
    for (const wrong of [
      { ...piece, edit: 3 },
      { ...piece, rev: 2, edit: 3, change: { at: 99, cut: 1, put: "" } },
      { ...piece, id: "unknown", edit: 3 },
      { ...piece, window: "w2", rev: 1, edit: 3 },
    ]) {
      expect(problemOf(await kept.save("alice", wrong)).code).toBe("vault-changed-meanwhile");
    }
  });

  test("is gone when it is closed, also after a restart", async () => {
    const setup = scratchVault();
    const kept = await draftsOf(setup);
    value(await kept.save("alice", saving({})));
    value(await kept.remove("alice", "connection-1", "d1"));
    expect(value(await kept.find("alice", "connection-1", "d1"))).toBeUndefined();
    expect(value(await (await draftsOf(setup)).list("alice", "connection-1"))).toEqual([]);
  });
});

describe("the file of a person's drafts", () => {
  test("grows by a saved draft alone, and is gathered when most of it is over", async () => {
    const setup = scratchVault();
    const kept = await draftsOf(setup, { waste: 10_000 });
    const large = "x".repeat(20_000);
    value(await kept.save("alice", saving({ id: "large", text: large })));
    const before = statSync(fileOf(setup)).size;
    value(await kept.save("alice", saving({ id: "small" })));
    expect(statSync(fileOf(setup)).size - before).toBeLessThan(1000);
    value(await kept.save("alice", saving({ id: "closed" })));
    value(await kept.remove("alice", "connection-1", "closed"));
    for (let edit = 2; edit < 10; edit += 1) {
      value(await kept.save("alice", saving({ id: "large", rev: edit - 1, edit, text: `${large}${edit}` })));
      expect(statSync(fileOf(setup)).size).toBeLessThan(2.2 * before + 10_000 + before);
    }
    const after = await draftsOf(setup);
    expect(
      value(await after.list("alice", "connection-1"))
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["large", "small"]);
    expect(value(await after.find("alice", "connection-1", "large"))?.text).toBe(`${large}9`);
  });

  test("that ends within a line is read to there and goes on", async () => {
    const setup = scratchVault();
    const kept = await draftsOf(setup);
    value(await kept.save("alice", saving({})));
    const whole = readFileSync(fileOf(setup), "utf8");
    writeFileSync(fileOf(setup), `${whole}{"i":"d1","n":2,"box":{"k":"`, { mode: 0o600 });
    const after = await draftsOf(setup);
    expect(value(await after.find("alice", "connection-1", "d1"))?.text).toBe("select 1");
    value(await after.save("alice", saving({ rev: 1, window: "w2", text: "select 2" })));
    expect(value(await (await draftsOf(setup)).find("alice", "connection-1", "d1"))?.text).toBe("select 2");
  });

  test.each<[string, (lines: readonly string[]) => readonly string[]]>([
    ["a line of which a sign was changed", ([a = "", b = ""]) => [a.replace(/"c":"./, '"c":"_'), b]],
    ["a line under another id", ([a = "", b = ""]) => [a.replace('"i":"d1"', '"i":"d9"'), b]],
    ["an older line put back", ([a = "", b = "", c = ""]) => [b, c, a]],
    [
      "a line with another number",
      ([a = "", b = ""]) => [a.replace('"n":1', '"n":2'), b.replace('"n":2', '"n":3')],
    ],
    ["no line of ours", ([, b = "", c = ""]) => ["hello", "{}", b, c]],
  ])("%s is none, and the others stay", async (_, change) => {
    const setup = scratchVault();
    const kept = await draftsOf(setup);
    value(await kept.save("alice", saving({})));
    value(await kept.save("alice", saving({ id: "d2", text: "select 2" })));
    value(await kept.save("alice", saving({ id: "d3", text: "select 3" })));
    const lines = readFileSync(fileOf(setup), "utf8").trimEnd().split("\n");
    writeFileSync(
      fileOf(setup),
      change(lines)
        .map((line) => `${line}\n`)
        .join(""),
    );
    const after = value(await (await draftsOf(setup)).list("alice", "connection-1")).map(({ id }) => id);
    expect(after).not.toContain("d1");
    expect(after).not.toContain("d9");
  });

  test("of one person opens for nobody else", async () => {
    const setup = scratchVault();
    value(await (await draftsOf(setup)).save("alice", saving({})));
    writeFileSync(fileOf(setup, "mallory"), readFileSync(fileOf(setup)), { mode: 0o600 });
    expect(value(await (await draftsOf(setup)).list("mallory", "connection-1"))).toEqual([]);
  });

  test("that others may read is refused, and nothing is written", async () => {
    const setup = scratchVault();
    await opened(setup);
    mkdirSync(join(setup.configDir, "notebook"), { mode: 0o700 });
    writeFileSync(fileOf(setup), "", { mode: 0o644 });
    const kept = await draftsOf(setup);
    expect(problemOf(await kept.save("alice", saving({}))).code).toBe("vault-unsafe-permissions");
  });

  test("leaves nothing else behind", async () => {
    const setup = scratchVault();
    const kept = await draftsOf(setup, { waste: 0 });
    for (let edit = 1; edit < 6; edit += 1) value(await kept.save("alice", saving({ rev: edit - 1, edit })));
    expect(readdirSync(join(setup.configDir, "notebook"))).toEqual(["alice.jsonl"]);
  });
});

describe("there is an end", () => {
  test("to the length of a draft", async () => {
    const kept = await draftsOf(scratchVault());
    const refused = await kept.save("alice", saving({ text: "x".repeat(longestDraft + 1) }));
    expect(problemOf(refused).facts).toEqual({ field: "draft", reason: "too-long" });
  });

  test("to their number and size, and what is there stays", async () => {
    const few = await draftsOf(scratchVault(), { count: 2 });
    value(await few.save("alice", saving({ id: "a" })));
    value(await few.save("alice", saving({ id: "b" })));
    expect(problemOf(await few.save("alice", saving({ id: "c" }))).facts.reason).toBe("too-many");
    value(await few.save("alice", saving({ id: "b", rev: 1, edit: 2, text: "select 2" })));
    const small = await draftsOf(scratchVault(), { bytes: 3000 });
    value(await small.save("alice", saving({ id: "a", text: "x".repeat(1000) })));
    expect(
      problemOf(await small.save("alice", saving({ id: "b", text: "x".repeat(2000) }))).facts.reason,
    ).toBe("too-many");
    expect(value(await small.list("alice", "connection-1"))).toHaveLength(1);
  });
});

test("an edit makes of the one text the other", () => {
  const long = fc
    .tuple(fc.string(), fc.integer({ min: 0, max: 20_000 }))
    .map(([text, n]) => text + "x".repeat(n));
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      long,
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      (a, middle, b, c) => {
        const [before, after] = [a + middle + b, a + middle + c];
        expect(editedText(before, draftEdit(before, after))).toBe(after);
      },
    ),
  );
  const edit = draftEdit("a".repeat(100_000), `${"a".repeat(50_000)}b${"a".repeat(50_000)}`);
  expect(JSON.stringify(edit).length).toBeLessThan(100);
});
