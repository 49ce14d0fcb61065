import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonTrouble, lineEnds } from "#app/(console)/connections/[id]/changes/cell-kind.ts";
import {
  changesSlot,
  readChanges,
  writeChanges,
} from "#app/(console)/connections/[id]/changes/kept-changes.ts";
import {
  addRow,
  changeNewRow,
  changeRow,
  changeSetOf,
  copiedCells,
  noChanges,
  type PendingChanges,
  renewed,
  type ShownRow,
  settle,
  toggleDeleted,
  undoCell,
} from "#app/(console)/connections/[id]/changes/pending-changes.ts";
import type { ColumnFacts } from "#lib/browse/shapes.ts";
import { changeSet } from "#lib/change/change-set.ts";
import type { Conflict } from "#lib/change/shapes.ts";
import { changesMark } from "#lib/notebook/changes-mark.ts";

const table = { schema: "public", table: "item" };
const empty = noChanges(["id", "name", "note"], ["id"]);
const shown = (id: string, more: Partial<ShownRow["seen"]> = {}): ShownRow => ({
  row: { key: [id], place: null, version: "7" },
  seen: { values: [id, `name ${id}`, null], cut: [], ...more },
});
const put = (before: PendingChanges, id: string, column: string, value: string | null, was?: string | null) =>
  changeRow(before, shown(id), [{ column, value, was }]);

describe("pending changes", () => {
  test("hold a row once, its cells in the order they were typed, by which the server is asked", () => {
    const pending = put(put(put(empty, "1", "name", "a"), "2", "name", "b"), "1", "note", "");
    expect(changeSetOf(pending, table, 3)).toEqual({
      ...table,
      rev: 3,
      id: pending.id,
      key: ["id"],
      changes: [
        {
          kind: "update",
          row: shown("1").row,
          cells: [
            { column: "name", value: "a" },
            { column: "note", value: "" },
          ],
        },
        { kind: "update", row: shown("2").row, cells: [{ column: "name", value: "b" }] },
      ],
    });
  });

  test("tell a value, NULL, the empty text and DEFAULT apart; what is as it was is no change", () => {
    const same = put(empty, "1", "note", null, null);
    expect(same.rows).toEqual([]);
    expect(put(empty, "1", "note", "", null).rows).toHaveLength(1);
    expect(put(empty, "1", "name", "NULL", "name 1").rows[0]?.cells).toEqual([
      { column: "name", value: "NULL" },
    ]);
    const preset = changeRow(empty, shown("1"), [{ column: "note", value: { default: true }, was: null }]);
    expect(preset.rows[0]?.cells).toEqual([{ column: "note", value: { default: true } }]);
    expect(put(put(empty, "1", "name", "x", "name 1"), "1", "name", "name 1", "name 1").rows).toEqual([]);
  });

  test("do not take a value for as it was where only its beginning is known", () => {
    expect(put(empty, "1", "name", "name 1", undefined).rows).toHaveLength(1);
  });

  test("keep what was seen first, also where the page has read another version meanwhile", () => {
    const later = { ...shown("1"), row: { ...shown("1").row, version: "8" } };
    const pending = changeRow(put(empty, "1", "name", "a"), later, [
      { column: "note", value: "b", was: null },
    ]);
    expect(pending.rows[0]).toMatchObject({ row: { version: "7" }, cells: [{ value: "a" }, { value: "b" }] });
  });

  test("mark rows to be deleted, and bring back what was typed in them", () => {
    const pending = put(empty, "1", "name", "a");
    const marked = toggleDeleted(pending, [shown("1"), shown("2")]);
    expect(marked.rows.map(({ kind }) => kind)).toEqual(["delete", "delete"]);
    expect(put(marked, "1", "note", "no").rows).toEqual(marked.rows);
    expect(toggleDeleted(marked, [shown("1"), shown("2")]).rows).toEqual(pending.rows);
    // One of two is marked: both are, afterwards.
    expect(toggleDeleted(toggleDeleted(empty, [shown("1")]), [shown("1"), shown("2")]).rows).toHaveLength(2);
  });

  test("leave alone a row that nothing finds again", () => {
    const nowhere = { ...shown("1"), row: { key: null, place: null, version: null } };
    expect(changeRow(empty, nowhere, [{ column: "name", value: "x", was: "y" }])).toBe(empty);
    expect(toggleDeleted(empty, [nowhere])).toBe(empty);
  });

  test("tell what was seen of a row that is found by its place alone", () => {
    const place = { tableoid: "16400", ctid: "(0,1)" };
    const row: ShownRow = { row: { key: null, place, version: "7" }, seen: shown("1").seen };
    const pending = toggleDeleted(noChanges(["id", "name", "note"], null), [row]);
    expect(changeSetOf(pending, table, 0).changes).toEqual([{ kind: "delete", ...row }]);
  });

  test("take back one cell; a row that has none left is not changed at all", () => {
    const pending = put(put(empty, "1", "name", "a"), "1", "note", "b");
    const name = pending.rows[0]?.name ?? "";
    const less = undoCell(pending, name, "name");
    expect(less.rows[0]?.cells).toEqual([{ column: "note", value: "b" }]);
    expect(undoCell(less, name, "note").rows).toEqual([]);
  });

  test("a new row has its defaults until something is typed; it stays when that is taken back", () => {
    const [pending, name] = addRow(empty);
    const typed = changeNewRow(pending, name, [{ column: "name", value: "x" }]);
    expect(changeSetOf(typed, table, 0).changes).toEqual([
      { kind: "insert", cells: [{ column: "name", value: "x" }] },
    ]);
    const back = changeNewRow(typed, name, [{ column: "name", value: { default: true } }]);
    expect(changeSetOf(back, table, 0).changes).toEqual([{ kind: "insert", cells: [] }]);
    expect(undoCell(typed, name, "name").rows).toHaveLength(1);
  });

  test("a copy leaves out what the server makes, the key's default, and what is known in part", () => {
    const column = (name: string, more: Partial<ColumnFacts> = {}): ColumnFacts => ({
      name,
      type: "text",
      numeric: false,
      notNull: false,
      default: null,
      generated: null,
      comment: null,
      labels: null,
      readable: true,
      ...more,
    });
    const columns = [
      column("id", { default: "nextval('s')" }),
      column("sum", { generated: "stored" }),
      column("name"),
      column("long"),
      column("locked"),
      column("code", { default: "'x'" }),
    ];
    const seen = { values: ["1", "9", null, "be", "l", "y"], cut: [{ column: 3, length: 9_000 }] };
    expect(
      copiedCells(columns, { seen }, undefined, { takes: (name) => name !== "locked", key: ["id"] }),
    ).toEqual({
      cells: [
        { column: "name", value: null },
        { column: "code", value: "y" },
      ],
      left: ["long"],
    });
  });

  test("are another set after each edit, and once they were answered", () => {
    const pending = put(empty, "1", "name", "a");
    const ids = [pending.id, put(pending, "1", "name", "b").id, renewed(pending).id];
    expect(new Set(ids).size).toBe(3);
    expect(renewed({ ...pending, asked: true })).not.toHaveProperty("asked");
    expect(put({ ...pending, asked: true }, "1", "name", "b")).not.toHaveProperty("asked");
  });
});

describe("a conflict", () => {
  const mine = changeRow(empty, shown("1"), [
    { column: "name", value: "mine", was: "name 1" },
    { column: "note", value: "my note", was: null },
  ]);
  const name = mine.rows[0]?.name ?? "";
  const conflict: Conflict = {
    change: 0,
    why: "changed",
    now: { values: ["1", "theirs", null], cut: [] },
    identity: { key: ["1"], place: null, version: "8" },
    reasons: [],
  };

  test("mine over it: the version that is there now is the check", () => {
    const [row] = settle(mine, name, conflict, "mine").rows;
    expect(row).toMatchObject({ row: { version: "8" }, seen: conflict.now, cells: mine.rows[0]?.cells });
  });

  test("theirs: where both changed a column, mine goes; of the others it stays", () => {
    const [row] = settle(mine, name, conflict, "theirs").rows;
    expect(row).toMatchObject({ row: { version: "8" }, cells: [{ column: "note", value: "my note" }] });
    const only = undoCell(mine, name, "note");
    expect(settle(only, name, conflict, "theirs").rows).toEqual([]);
    expect(settle(toggleDeleted(empty, [shown("1")]), name, conflict, "theirs").rows).toEqual([]);
  });

  test("drop: the row is not changed", () => {
    expect(settle(mine, name, conflict, "drop").rows).toEqual([]);
  });

  test("of a row that has gone, nothing goes over it", () => {
    const gone = { ...conflict, why: "gone", now: null, identity: null } as const;
    expect(settle(mine, name, gone, "mine").rows).toEqual([]);
  });
});

describe("kept as a draft", () => {
  const cell = fc.oneof(fc.string({ unit: "grapheme" }), fc.constant(null));

  test("they come back as they were, whatever was typed", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), cell), { minLength: 1 }), (typed) => {
        const pending = typed.reduce((before, [id, value]) => put(before, id, "name", value), empty);
        const text = writeChanges(table, pending);
        expect(text.startsWith(changesMark)).toBe(true);
        const back = readChanges(table, text);
        expect(back).toEqual(pending);
        // The same text again: finding it is no edit.
        expect(back && writeChanges(table, back)).toBe(text);
      }),
    );
  });

  test.each([
    ["SQL", "select 1"],
    ["of another table", writeChanges({ ...table, table: "other" }, put(empty, "1", "name", "a"))],
    ["cut off", writeChanges(table, put(empty, "1", "name", "a")).slice(0, -2)],
    ["of another shape", `${changesMark}["public","item"],"id":"x","columns":[],"key":null,"rows":[{}]}`],
  ])("what is none of this table's is left alone: %s", (_, text) => {
    expect(readChanges(table, text)).toBeUndefined();
  });

  test("nothing pending is an empty draft", () => {
    expect(writeChanges(table, empty)).toBe("");
  });

  test("a table's draft has a name that fits, and is its own", () => {
    const names = ["item", "Item", "表", "i'tem", "x".repeat(63)].flatMap((one) => [
      changesSlot({ schema: "public", table: one }),
      changesSlot({ schema: one, table: "public" }),
    ]);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]{1,30}$/);
  });
});

test("what is sent is what the door takes", () => {
  const [pending] = addRow(toggleDeleted(put(empty, "1", "name", "a"), [shown("2")]));
  expect(changeSet.safeParse(changeSetOf(pending, table, 0)).success).toBe(true);
});

test.each([
  ["a\nb", "lf"],
  ["", "lf"],
  ["a\r\nb\r\n", "crlf"],
  ["a\r\nb\nc", "mixed"],
  ["\n\r\n", "mixed"],
  ["a\rb", "mixed"],
  ["a\r", "mixed"],
])("the lines of %j end %s", (text, ends) => {
  expect(lineEnds(text)).toBe(ends);
});

test("JSON is read, never mended", () => {
  expect(jsonTrouble('{"a": [1, ",]"]}')).toBeUndefined();
  expect(jsonTrouble('{"a": [1,]}')).toBeDefined();
  expect(jsonTrouble("")).toBeDefined();
});
