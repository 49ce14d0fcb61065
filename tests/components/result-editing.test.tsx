import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";
import { ResultEditing } from "#app/(console)/connections/[id]/result-edit/result-editing.tsx";
import { GatheredRun } from "#app/(console)/connections/[id]/sql/gathered-run.ts";
import type { ResultTable } from "#lib/browse/shapes.ts";
import type { ChangeSet, Editable } from "#lib/change/shapes.ts";
import { type BrowseConsole, column, page, stubConsole } from "./browse-console.tsx";
import { renderSession } from "./render-session.tsx";

const facts = [column("id", { notNull: true }), column("name"), column("note")];
const item: ResultTable = {
  oid: 7,
  schema: "public",
  name: "item",
  kind: "table",
  key: ["id"],
  temporary: false,
  columns: facts.map(({ name }, index) => ({ number: index + 1, name })),
};
const free: Editable = {
  update: null,
  insert: null,
  delete: null,
  columns: facts.map(({ name }) => ({ name, update: null, insert: null, required: false })),
  by: "key",
  key: ["id"],
  references: [],
  partitionColumns: [],
  triggers: [],
  rowSecurity: false,
};
const stored = [
  ["1", "one", "a"],
  ["2", "two", "b"],
];

let browse: BrowseConsole;
let answers: Record<string, unknown>;

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  answers = {
    "result-tables": [item],
    rows: page(1, {
      columns: facts,
      rows: stored,
      identities: stored.map(([id = ""]) => ({ key: [id], place: null, version: "7" })),
      before: null,
      after: null,
    }),
    editable: free,
    drafts: { draft: null, id: "d", rev: 1 },
  };
  browse = stubConsole((what) => answers[what]);
});

const own = (number: number, name: string) => ({ name, from: { table: 7, column: number } });

/** A result as it stands when it has ended: an expression, the name, and the key. */
async function opened(
  columns: readonly object[] = [{ name: "upper" }, own(2, "who"), own(1, "id")],
  {
    inTransaction = false,
    rows = [
      ["ONE", "one", "1"],
      ["TWO", "two", "2"],
      ["GONE", "gone", "3"],
    ],
  } = {},
) {
  const gathered = new GatheredRun({ sql: "", readOnly: true, rowCap: 10 }, false);
  const text = { type: "text", oid: 25, modifier: -1, numeric: false };
  const all = columns.map((one) => ({ ...text, ...one }));
  gathered.take(JSON.stringify({ type: "columns", columns: all, ms: 1 }));
  gathered.take(JSON.stringify({ type: "rows", count: rows.length, cut: [], rows }));
  gathered.take(JSON.stringify({ type: "done", tag: "SELECT 3", capped: null, rows: rows.length }));
  gathered.close(undefined);
  // Its words come with it.
  const { user } = await act(async () =>
    renderSession(
      <ResultEditing
        connectionId="c"
        slot="1"
        state={gathered.state()}
        writing={{ rev: 4, may: true, production: false, unlock: null }}
        inTransaction={inTransaction}
        onClose={() => undefined}
      />,
    ),
  );
  return user;
}

const grid = () => screen.findByRole("grid", { name: "Result" }, { timeout: 20_000 });
const cell = (row: number, at: number) =>
  within(screen.getAllByRole("row")[row] as HTMLElement).getAllByRole("gridcell")[at] as HTMLElement;
const asked = (what: string) => browse.asked.filter((one) => one.what === what).map(({ body }) => body);

describe("a result with the key of its table", () => {
  test("is edited in its own columns, by the row's version, and read again once it is applied", async () => {
    const user = await opened();
    (await grid()).focus();
    await screen.findByRole("button", { name: "Delete" }, { timeout: 20_000 });
    expect(asked("rows")[0]).toMatchObject({ table: "item", where: `"id" in ('1', '2', '3')` });
    // An expression is nobody's, and a row that the table does not have is not edited either.
    await user.keyboard("{F2}");
    expect(screen.getByText("This column is not editable here.")).toBeVisible();
    await user.keyboard("{ArrowRight}{ArrowDown}{ArrowDown}{F2}");
    expect(screen.getByText(/^This row is no longer in the table/)).toBeVisible();
    expect(screen.getByRole("rowheader", { name: /Row 3, not in the table/ })).toBeVisible();
    await user.keyboard("{ArrowUp}{F2}");
    const box = await screen.findByRole("textbox", { name: "name, row 2" });
    await user.clear(box);
    await user.type(box, "zwei{Enter}");
    expect(cell(2, 1)).toHaveTextContent("zwei");
    await user.keyboard("{Control>}s{/Control}");
    const sheet = within(await screen.findByRole("dialog", { name: "Review changes" }, { timeout: 20_000 }));
    answers.apply = { outcome: "applied", stored: [], foundOut: false, undo: null, notices: [], ms: 3 };
    await user.click(sheet.getByRole("button", { name: "Apply changes" }));
    await waitFor(() => expect(asked("rows")).toHaveLength(2));
    expect(asked("apply")[0] as unknown as ChangeSet).toMatchObject({
      schema: "public",
      table: "item",
      rev: 4,
      key: ["id"],
      changes: [
        { kind: "update", row: { key: ["2"], version: "7" }, cells: [{ column: "name", value: "zwei" }] },
      ],
    });
  });

  test("whose values are not the table's any more says so, and is not edited there", async () => {
    const user = await opened(undefined, {
      rows: [
        ["ONE", "one", "1"],
        ["TWO", "old", "2"],
      ],
    });
    (await grid()).focus();
    expect(screen.getByText(/^name differs from the table now/)).toBeVisible();
    expect(cell(2, 1)).toHaveTextContent("old");
    await user.keyboard("{ArrowRight}{F2}");
    expect(screen.getByText("This column is not editable here.")).toBeVisible();
  });
});

test("a result without a whole key says which column it lacks; others, why they are not edited", async () => {
  await opened([own(2, "who")], { rows: [["one"]] });
  expect(
    await screen.findByText("Not editable: the result lacks the key column id of public.item."),
  ).toBeVisible();
});

test("a result of expressions alone is nobody's", async () => {
  await opened([{ name: "upper" }], { rows: [["ONE"]] });
  expect(await screen.findByText(/^Not editable: no column of this result/)).toBeVisible();
});

test("an open transaction, whose rows nobody else sees, is to be ended first", async () => {
  await opened(undefined, { inTransaction: true });
  expect(await screen.findByText(/^Not editable: a transaction is open in this tab/)).toBeVisible();
  expect(browse.asked).toEqual([]);
});
