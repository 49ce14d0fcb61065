import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { useState } from "react";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { TableWriting } from "#app/(console)/connections/[id]/changes/grid-editing.ts";
import { onPaneRequest } from "#app/(console)/connections/[id]/pane-requests.ts";
import { wholeTable } from "#app/(console)/connections/[id]/place.ts";
import type { InspectedRow } from "#app/(console)/connections/[id]/row/inspected-row.ts";
import { RowInspector } from "#app/(console)/connections/[id]/row/row-inspector.tsx";
import { TablePane } from "#app/(console)/connections/[id]/table/table-pane.tsx";
import type { ColumnFacts } from "#lib/browse/shapes.ts";
import type { ChangeAnswer, ChangeSet, Editable } from "#lib/change/shapes.ts";
import { type BrowseConsole, column, detail, page, stubConsole } from "./browse-console.tsx";
import { renderSession } from "./render-session.tsx";

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  // The first use of what is loaded lazily takes its time on a busy machine.
}, 60_000);

const columns: readonly ColumnFacts[] = [
  column("id", { type: "bigint", numeric: true, notNull: true, default: "nextval('item_id_seq')" }),
  column("name"),
  column("state", { labels: ["open", "paid"], default: "'open'::state" }),
  column("done", { type: "boolean" }),
  column("data", { type: "jsonb" }),
  column("owner", { type: "bigint" }),
  column("sum", { generated: "stored", default: "1 + 1" }),
];

function rowsOf(given: Parameters<typeof page>[1] = {}) {
  const rows = [
    ["1", "one", "open", "t", '{"a":1}', "7", "2"],
    ["2", "two", "paid", "f", null, "8", "2"],
    ["3", "", "open", null, null, null, "2"],
  ];
  const identities = rows.map(([id = ""]) => ({ key: [id], place: null, version: "7" }));
  const ends = { before: null, after: null };
  return page(1, { columns, rows, identities, estimate: 3, ...ends, ...given });
}

function editable(given: Partial<Editable> = {}): Editable {
  return {
    update: null,
    insert: null,
    delete: null,
    columns: columns.map(({ name, generated }) => {
      const why = generated === "stored" ? "generated" : null;
      return { name, update: why, insert: why, required: name === "owner" };
    }),
    by: "key",
    key: ["id"],
    references: [{ columns: ["owner"], schema: "hr", table: "person", foreignColumns: ["id"] }],
    partitionColumns: [],
    triggers: [],
    rowSecurity: false,
    ...given,
  };
}

let browse: BrowseConsole;
let answers: Record<string, unknown>;
const onRequest = vi.fn();
const writing: TableWriting = { rev: 4, may: true, production: false, unlock: null };
const table = { schema: "public", table: "item" };

beforeEach(() => {
  onRequest.mockReset();
  onPaneRequest("c", onRequest);
  answers = {
    table: detail({ columns }),
    rows: rowsOf(),
    editable: editable(),
    drafts: { draft: null, id: "d", rev: 1 },
    "look-up": { label: "name", rows: [{ key: ["9"], label: "Ninja" }], more: false },
  };
  browse = stubConsole((what, body) => {
    const answer = answers[what];
    return typeof answer === "function" ? answer(body) : answer;
  });
});

function Pane({ how = writing }: { readonly how?: TableWriting }) {
  const [row, setRow] = useState<InspectedRow>();
  return (
    <>
      <TablePane
        connectionId="c"
        table={table}
        part="rows"
        view={wholeTable}
        shown
        onPart={() => undefined}
        onView={() => undefined}
        onSeen={() => undefined}
        onRow={setRow}
        onGo={() => undefined}
        writing={how}
      />
      <section aria-label="Row">
        <RowInspector row={row} onGo={() => undefined} />
      </section>
    </>
  );
}

async function opened(how?: TableWriting): Promise<UserEvent> {
  const { user } = renderSession(<Pane {...(how && { how })} />);
  await screen.findByRole("button", { name: "Add row" }, { timeout: 20_000 });
  screen.getByRole("grid", { name: "Rows" }).focus();
  return user;
}

const grid = () => screen.getByRole("grid", { name: "Rows" });
const bar = () => screen.getByRole("region", { name: "Pending changes" });
const said = () => screen.getByRole("status", { name: "Changes" });
const rowAt = (at: number) => within(grid()).getAllByRole("row")[at] as HTMLElement;
const cellAt = (row: number, at: number) => within(rowAt(row)).getAllByRole("gridcell")[at] as HTMLElement;
const press = (name: string | RegExp) => screen.getByRole("button", { name });
const asked = (what: string) => browse.asked.filter((one) => one.what === what).map(({ body }) => body);
const sent = (what = "apply") => asked(what).at(-1) as unknown as ChangeSet;

async function review(user: UserEvent) {
  await user.keyboard("{Control>}s{/Control}");
  return within(await screen.findByRole("dialog", { name: "Review changes" }, { timeout: 20_000 }));
}

describe("a cell", () => {
  test("is edited by a key, kept by Enter, undone by Escape; the grid has the focus again", async () => {
    const user = await opened();
    await user.keyboard("{ArrowRight}{F2}");
    const box = await screen.findByRole("textbox", { name: "name, row 1" });
    expect(box).toHaveFocus();
    await user.clear(box);
    await user.type(box, "uno{Enter}");
    expect(cellAt(1, 1)).toHaveTextContent("uno");
    expect(screen.getByRole("rowheader", { name: "Row 1, to be changed" })).toBeVisible();
    expect(bar()).toHaveTextContent("1 change");
    expect(grid()).toHaveFocus();
    await user.keyboard("{Escape}");
    expect(cellAt(1, 1)).toHaveTextContent("one");
    expect(screen.queryByRole("region", { name: "Pending changes" })).toBeNull();
  });

  test("is left as it was by Escape in it", async () => {
    const user = await opened();
    await user.keyboard("{ArrowRight}{Enter}");
    await user.type(await screen.findByRole("textbox", { name: /, row \d/ }), "x{Escape}");
    expect(cellAt(1, 1)).toHaveTextContent("one");
    expect(screen.queryByRole("textbox", { name: "name, row 1" })).toBeNull();
    expect(grid()).toHaveFocus();
  });

  test("Tab keeps it and goes on to the next one, past what nobody can edit", async () => {
    const user = await opened();
    await user.keyboard("{ArrowRight}{F2}");
    await user.type(await screen.findByRole("textbox", { name: /, row \d/ }), "!{Tab}");
    expect(await screen.findByRole("combobox", { name: "state, row 1" })).toHaveFocus();
    await user.keyboard("{Shift>}{Tab}{/Shift}");
    expect(await screen.findByRole("textbox", { name: "name, row 1" })).toHaveFocus();
    expect(cellAt(1, 1)).toHaveTextContent("!");
  });

  test("value, NULL, DEFAULT and the empty text are four things, and look it", async () => {
    const user = await opened();
    await user.keyboard("{ArrowRight}{Control>}{Alt>}n{/Alt}{/Control}");
    expect(cellAt(1, 1)).toHaveTextContent(/^NULL$/);
    await user.keyboard("{ArrowRight}{Control>}{Alt>}d{/Alt}{/Control}");
    expect(cellAt(1, 2)).toHaveTextContent(/^DEFAULT$/);
    await user.keyboard("{ArrowDown}{ArrowLeft}{F2}");
    await user.clear(await screen.findByRole("textbox", { name: /, row \d/ }));
    await user.keyboard("{Enter}");
    expect(cellAt(2, 1)).toHaveTextContent(/^empty$|^empty text$/);
    answers.apply = { outcome: "conflict", conflicts: [] };
    const sheet = await review(user);
    await user.click(sheet.getByRole("button", { name: "Apply changes" }));
    await waitFor(() => expect(asked("apply")).toHaveLength(1));
    expect(sent().changes).toEqual([
      {
        kind: "update",
        row: { key: ["1"], place: null, version: "7" },
        cells: [
          { column: "name", value: null },
          { column: "state", value: { default: true } },
        ],
      },
      {
        kind: "update",
        row: { key: ["2"], place: null, version: "7" },
        cells: [{ column: "name", value: "" }],
      },
    ]);
  });

  test("a column that takes no NULL says so; one that the server makes is looked at", async () => {
    const user = await opened();
    await user.keyboard("{Control>}{Alt>}n{/Alt}{/Control}");
    expect(said()).toHaveTextContent("id does not accept NULL.");
    await user.keyboard("{End}{F2}");
    expect(said()).toHaveTextContent("Not editable: this column is generated.");
    expect(screen.queryByRole("textbox", { name: /row 1/ })).toBeNull();
  });

  test("an enum and a boolean are chosen, also NULL and DEFAULT", async () => {
    const user = await opened();
    await user.keyboard("{ArrowRight}{ArrowRight}{F2}");
    const state = await screen.findByRole("combobox", { name: "state, row 1" });
    expect(
      within(state)
        .getAllByRole("option")
        .map((one) => one.textContent),
    ).toEqual(["NULL (no value)", "DEFAULT (the column’s default)", "open", "paid"]);
    await user.selectOptions(state, "paid");
    await user.keyboard("{Tab}");
    const done = await screen.findByRole("combobox", { name: "done, row 1" });
    await user.selectOptions(done, "false");
    await user.keyboard("{Enter}");
    expect(cellAt(1, 2)).toHaveTextContent("paid");
    expect(cellAt(1, 3)).toHaveTextContent("f");
  });

  test("JSON is checked, and kept as it was typed", async () => {
    const user = await opened();
    await user.keyboard("{ArrowRight>4/}{F2}");
    const box = await screen.findByRole("textbox", { name: "data, row 1" });
    await user.clear(box);
    await user.type(box, '{{"a": [[1,] }');
    expect(screen.getByText(/Not valid JSON/)).toBeVisible();
    await user.keyboard("{Enter}");
    expect(cellAt(1, 4)).toHaveTextContent('{"a": [1,] }');
  });

  test("a foreign key is found in the table that it refers to", async () => {
    const user = await opened();
    await user.keyboard("{ArrowRight>5/}{F2}");
    const box = await screen.findByRole("combobox", { name: "owner, row 1" });
    await user.clear(box);
    await user.type(box, "nin");
    expect(await screen.findByRole("option", { name: /9.*Ninja/ })).toBeVisible();
    await waitFor(() =>
      expect(asked("look-up").at(-1)).toEqual({
        schema: "hr",
        table: "person",
        columns: ["id"],
        search: "nin",
      }),
    );
    await user.keyboard("{ArrowDown}{Tab}");
    expect(cellAt(1, 5)).toHaveTextContent("9");
  });

  test("that is cut is fetched whole before it is edited", async () => {
    answers.rows = rowsOf({ cut: [{ row: 0, column: 1, length: 9_000 }] });
    answers.value = () => new Response("one and all the rest");
    const user = await opened();
    await user.keyboard("{ArrowRight}{Enter}");
    const dialog = within(await screen.findByRole("dialog", { name: "name, row 1" }));
    await user.click(await dialog.findByRole("button", { name: "Edit" }));
    const box = await screen.findByRole("textbox", { name: "name, row 1" });
    expect(box).toHaveValue("one and all the rest");
    await user.keyboard("{Enter}");
    expect(screen.queryByRole("region", { name: "Pending changes" })).toBeNull();
    await user.keyboard("{F2}");
    await user.type(await screen.findByRole("textbox", { name: /, row \d/ }), "!");
    await user.keyboard("{Enter}");
    expect(bar()).toHaveTextContent("1 change");
  });

  test("lines that end in CR LF stay so; mixed ones are not edited here", async () => {
    answers.rows = rowsOf({
      rows: [
        ["1", "a\r\nb", "open", "t", null, null, "2"],
        ["2", "a\r\nb\nc", "open", "t", null, null, "2"],
      ],
      identities: ["1", "2"].map((id) => ({ key: [id], place: null, version: "7" })),
    });
    const user = await opened();
    await user.keyboard("{ArrowRight}{ArrowDown}{F2}");
    expect(said()).toHaveTextContent(/mixed line endings/);
    await user.keyboard("{ArrowUp}{F2}");
    await user.type(await screen.findByRole("textbox", { name: /, row \d/ }), "{End}!{Enter}");
    answers.try = { outcome: "conflict", conflicts: [] };
    const sheet = await review(user);
    await user.click(sheet.getByRole("button", { name: "Try" }));
    await waitFor(() => expect(sent("try").changes[0]).toMatchObject({ cells: [{ value: "a\r\nb!" }] }));
  });
});

describe("a row", () => {
  test("is marked to be deleted, and is still there; Delete once more keeps it", async () => {
    const user = await opened();
    await user.keyboard("{Delete}");
    expect(screen.getByRole("rowheader", { name: "Row 1, to be deleted" })).toBeVisible();
    await user.keyboard("{F2}");
    expect(said()).toHaveTextContent(/marked for deletion/);
    await user.keyboard("{Delete}");
    expect(screen.getByRole("rowheader", { name: "Row 1" })).toBeVisible();
  });

  test("Space selects rows; what is done is done with all of them", async () => {
    const user = await opened();
    await user.keyboard(" {ArrowDown}{ArrowDown} ");
    expect(said()).toHaveTextContent("2 rows selected");
    expect(rowAt(3)).toHaveAttribute("aria-selected", "true");
    await user.click(press("Delete"));
    expect(bar()).toHaveTextContent("2 changes");
    expect(screen.getByRole("rowheader", { name: "Row 3, to be deleted" })).toBeVisible();
    expect(screen.getByRole("rowheader", { name: "Row 2" })).toBeVisible();
  });

  test("is added by a key, and what is not typed has its default", async () => {
    const user = await opened();
    await user.keyboard("{Control>}{Alt>}{Insert}{/Alt}{/Control}");
    const box = await screen.findByRole("textbox", { name: "name, new row 1" });
    await user.type(box, "new{Enter}");
    const fresh = screen.getByRole("grid", { name: "To be added: 1" });
    expect(within(fresh).getAllByText("DEFAULT")).toHaveLength(5);
    expect(within(fresh).getByRole("gridcell", { name: "new" })).toBeVisible();
    answers.apply = { outcome: "applied", stored: [], foundOut: false, undo: "delete …", notices: [], ms: 3 };
    const sheet = await review(user);
    await user.click(sheet.getByRole("button", { name: "Apply changes" }));
    await screen.findByText(/^1 change applied/);
    expect(sent().changes).toEqual([{ kind: "insert", cells: [{ column: "name", value: "new" }] }]);
    expect(screen.queryByRole("grid", { name: "To be added: 1" })).toBeNull();
  });

  test("that lacks a required value says so where it is typed, and in the review", async () => {
    const user = await opened();
    await user.keyboard("{Control>}{Alt>}{Insert}{/Alt}{/Control}");
    await user.type(await screen.findByRole("textbox", { name: "name, new row 1" }), "new{Enter}");
    const fresh = screen.getByRole("grid", { name: "To be added: 1" });
    expect(within(fresh).getByText("required")).toBeVisible();
    let sheet = await review(user);
    expect(sheet.getByText("1 new row lacks a required value")).toBeVisible();
    expect(sheet.getByText("owner needs a value.")).toBeVisible();
    await user.click(sheet.getByRole("button", { name: "Close" }));
    // NULL is no value; and there is no default that could be chosen.
    const inspector = within(screen.getByRole("region", { name: "Row" }));
    await user.click(inspector.getByRole("button", { name: "Edit owner" }));
    const box = await inspector.findByRole("combobox", { name: "owner" });
    expect(box).toHaveAttribute("placeholder", "required");
    expect(inspector.queryByRole("button", { name: "DEFAULT" })).toBeNull();
    await user.type(box, "9{Tab}");
    sheet = await review(user);
    expect(sheet.queryByText("owner needs a value.")).toBeNull();
  });

  test("is duplicated without its key and what the server makes", async () => {
    const user = await opened();
    await user.click(press("Duplicate"));
    answers.try = { outcome: "conflict", conflicts: [] };
    const sheet = await review(user);
    await user.click(sheet.getByRole("button", { name: "Try" }));
    await waitFor(() =>
      expect(sent("try").changes).toEqual([
        {
          kind: "insert",
          cells: [
            { column: "name", value: "one" },
            { column: "state", value: "open" },
            { column: "done", value: "t" },
            { column: "data", value: '{"a":1}' },
            { column: "owner", value: "7" },
          ],
        },
      ]),
    );
  });

  test("is changed in the pane beside, too: it is one set", async () => {
    const user = await opened();
    const pane = within(screen.getByRole("region", { name: "Row" }));
    await user.click(await pane.findByRole("button", { name: "Edit name" }));
    const box = pane.getByRole("textbox", { name: "name" });
    await user.clear(box);
    await user.type(box, "beside{Enter}");
    expect(cellAt(1, 1)).toHaveTextContent("beside");
    await user.click(pane.getByRole("button", { name: "Undo the change to name" }));
    expect(cellAt(1, 1)).toHaveTextContent("one");
  });
});

describe("pending changes", () => {
  const kept = (version: string) => ({
    text: `{"changesOf":["public","item"],"id":"AAAAAAAAAAAAAAAAAAAAAA","columns":${JSON.stringify(
      columns.map(({ name }) => name),
    )},"key":["id"],"rows":[{"kind":"update","name":"[\\"2\\"]","row":{"key":["2"],"place":null,"version":"${version}"},"seen":{"values":["2","two","paid","f",null,"8","2"],"cut":[]},"cells":[{"column":"name","value":"kept"}]}]}`,
    id: "d",
    rev: 3,
    savedAt: "",
    begins: "",
    beside: null,
  });

  test("that were kept are found again, and nothing is said of rows that are as they were", async () => {
    answers.drafts = { draft: kept("7") };
    await opened();
    await waitFor(() => expect(cellAt(2, 1)).toHaveTextContent("kept"));
    expect(bar()).toHaveTextContent("1 change");
    await waitFor(() =>
      expect(asked("rows").at(-1)).toMatchObject({ filters: [{ column: "id", operator: "in", value: "2" }] }),
    );
    expect(bar()).not.toHaveTextContent("conflict");
  });

  test("that were kept of a view are found by the columns that were named then", async () => {
    answers.drafts = { draft: kept("7") };
    answers.editable = editable({ by: "named", key: null });
    answers.rows = rowsOf({
      identities: ["1", "2", "3"].map(() => ({ key: null, place: null, version: "7" })),
    });
    await opened();
    await waitFor(() => expect(cellAt(2, 1)).toHaveTextContent("kept"));
    expect(screen.getByText("Rows are identified by id.")).toBeVisible();
  });

  test("that were kept of a row that has changed meanwhile are a conflict, side by side", async () => {
    answers.drafts = { draft: kept("5") };
    const user = await opened();
    await waitFor(() => expect(bar()).toHaveTextContent("1 conflict"));
    expect(screen.getByRole("rowheader", { name: /Row 2, changed by someone else/ })).toBeVisible();
    const sheet = await review(user);
    const conflict = within(sheet.getByRole("group", { name: "Conflict" }));
    expect(conflict.getAllByRole("columnheader").map((one) => one.textContent)).toEqual([
      "Column",
      "You saw",
      "Is now",
      "Yours",
    ]);
    expect(sheet.getByRole("button", { name: "Apply changes" })).toBeDisabled();
    await user.click(conflict.getByRole("button", { name: "Use mine" }));
    expect(sheet.queryByRole("group", { name: "Conflict" })).toBeNull();
    answers.apply = { outcome: "applied", stored: [], foundOut: false, undo: null, notices: [], ms: 3 };
    await user.click(sheet.getByRole("button", { name: "Apply changes" }));
    await waitFor(() => expect(sent().changes[0]).toMatchObject({ row: { key: ["2"], version: "7" } }));
  });

  test("are kept as a draft that is none of the SQL tabs'", async () => {
    const user = await opened();
    await user.keyboard("{Delete}");
    await waitFor(() => expect(asked("drafts").at(-1)?.change).toBeDefined(), { timeout: 5_000 });
    const { change } = asked("drafts").at(-1) as { change: { text: string } };
    expect(change.text).toMatch(/^\{"changesOf":\["public","item"\],/);
  });

  test("that are discarded can be brought back", async () => {
    const user = await opened();
    await user.keyboard("{Delete}");
    await user.click(press("Discard changes"));
    expect(screen.getByRole("rowheader", { name: "Row 1" })).toBeVisible();
    await user.click(press("Restore"));
    expect(screen.getByRole("rowheader", { name: "Row 1, to be deleted" })).toBeVisible();
  });
});

describe("the review", () => {
  async function changed(how?: TableWriting) {
    const user = await opened(how);
    await user.keyboard("{ArrowRight}{F2}");
    await user.type(await screen.findByRole("textbox", { name: /, row \d/ }), "!{Enter}");
    return { user, sheet: await review(user) };
  }

  test("shows the SQL, and from what to what; a change can be discarded, and the focus stays near", async () => {
    const { user, sheet } = await changed();
    const item = within(sheet.getByRole("listitem", { name: "Change id = 1" }));
    expect(item.getByText(/UPDATE "public"."item"\s+SET "name" = 'one!'/)).toBeVisible();
    expect(item.getByRole("deletion")).toHaveTextContent("one");
    await user.click(item.getByRole("button", { name: /^Discard/ }));
    expect(sheet.getByText("Nothing to apply.")).toBeVisible();
    expect(screen.getByRole("dialog")).toContainElement(document.activeElement as HTMLElement);
    await user.click(sheet.getByRole("button", { name: "Close" }));
    expect(screen.getByRole("grid", { name: "Rows" })).toHaveFocus();
  });

  test("begins in a cell that is being typed in, with what was typed", async () => {
    // While the focus goes from one element to the other, this document says that it has none.
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    const user = await opened();
    await user.keyboard("{ArrowRight}{F2}");
    await user.type(await screen.findByRole("textbox", { name: "name, row 1" }), "!");
    const sheet = await review(user);
    expect(sheet.getByRole("listitem", { name: "Change id = 1" })).toHaveTextContent("one!");
  });

  test("a trial says what was stored otherwise, and what a rollback does not undo", async () => {
    const { user, sheet } = await changed();
    answers.try = {
      outcome: "tried",
      stored: [
        {
          change: 0,
          row: null,
          identity: null,
          differs: [{ column: "name", typed: "one!", stored: "ONE!" }],
          movedTo: "item_2",
        },
      ],
      notUndone: ["sequences"],
      notices: ["hello"],
      ms: 12,
    } satisfies ChangeAnswer;
    await user.click(sheet.getByRole("button", { name: "Try" }));
    expect(await sheet.findByText("Tried and rolled back in 12 ms. Nothing was changed.")).toBeVisible();
    expect(sheet.getByText(/Sequence numbers stay used/)).toBeVisible();
    expect(sheet.getByText("ONE!")).toBeVisible();
    expect(sheet.getByText("Moves to item_2.")).toBeVisible();
    expect(bar()).toHaveTextContent("1 change");
  });

  test("applied: the rows are read again, and the inverse goes into a SQL tab", async () => {
    const { user, sheet } = await changed();
    const before = asked("rows").length;
    answers.apply = {
      outcome: "applied",
      stored: [],
      foundOut: true,
      undo: "update back",
      notices: [],
      ms: 3,
    } satisfies ChangeAnswer;
    await user.click(sheet.getByRole("button", { name: "Apply changes" }));
    expect(await sheet.findByText(/the server has since confirmed it/)).toBeVisible();
    expect(sent()).toMatchObject({ schema: "public", table: "item", rev: 4, key: ["id"] });
    expect(asked("rows")).toHaveLength(before + 1);
    await user.click(sheet.getByRole("button", { name: "Undo as a draft" }));
    await waitFor(() => expect(onRequest).toHaveBeenCalledWith({ to: "draft", draft: "d" }));
    expect(asked("drafts").at(-1)).toMatchObject({ change: { text: "update back" } });
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.queryByRole("region", { name: "Pending changes" })).toBeNull();
  });

  test("what the server refuses stands at the change that it is about", async () => {
    const { user, sheet } = await changed();
    answers.apply = {
      outcome: "refused",
      change: 0,
      error: { sqlstate: "23514", message: 'violates check "short"' },
      again: false,
    } satisfies ChangeAnswer;
    await user.click(sheet.getByRole("button", { name: "Apply changes" }));
    const item = within(await sheet.findByRole("listitem", { name: "Change id = 1" }));
    expect(await item.findByText(/violates check "short"/)).toBeVisible();
    expect(sheet.getAllByText(/Nothing was changed/)[0]).toBeVisible();
  });

  test("a conflict is settled by the version that is there now, also while the page shows an older one", async () => {
    const { user, sheet } = await changed();
    answers.apply = {
      outcome: "conflict",
      conflicts: [
        {
          change: 0,
          why: "changed",
          now: { values: ["1", "theirs", "open", "t", null, "7", "2"], cut: [] },
          identity: { key: ["1"], place: null, version: "9" },
          reasons: [],
        },
      ],
    } satisfies ChangeAnswer;
    await user.click(sheet.getByRole("button", { name: "Apply changes" }));
    const row = within(await sheet.findByRole("group", { name: "Conflict" })).getByRole("row", {
      name: /^name/,
    });
    expect(
      within(row)
        .getAllByRole("cell")
        .map((one) => one.textContent),
    ).toEqual(["one", "theirs", "one!"]);
    await user.click(sheet.getByRole("button", { name: "Use mine" }));
    expect(sheet.queryByRole("group", { name: "Conflict" })).toBeNull();
    await user.click(sheet.getByRole("button", { name: "Apply changes" }));
    await waitFor(() => expect(asked("apply")).toHaveLength(2));
    expect(sent().changes[0]).toMatchObject({
      row: { version: "9" },
      cells: [{ column: "name", value: "one!" }],
    });
  });

  test("an answer that is lost is asked for again by the same id; another set has another", async () => {
    const { user, sheet } = await changed();
    let round = 0;
    answers.apply = () => {
      round += 1;
      if (round === 1) throw new TypeError("network");
      return { outcome: "lost", foundOut: true } satisfies ChangeAnswer;
    };
    await user.click(sheet.getByRole("button", { name: "Apply changes" }));
    expect(await sheet.findByText(/Checking what happened to the changes/)).toBeVisible();
    expect(
      await sheet.findByText(/since confirmed that it rolled back/, {}, { timeout: 5_000 }),
    ).toBeVisible();
    const [first, second] = asked("apply") as unknown as ChangeSet[];
    expect(second).toEqual(first);
    await user.click(sheet.getByRole("button", { name: "Apply changes" }));
    await waitFor(() => expect(asked("apply")).toHaveLength(3));
    expect(sent().id).not.toBe(first?.id);
  });

  test("unknown: nothing is claimed, and the same is asked once more", async () => {
    const { user, sheet } = await changed();
    answers.apply = { outcome: "unknown", why: "unreachable" } satisfies ChangeAnswer;
    await user.click(sheet.getByRole("button", { name: "Apply changes" }));
    expect(await sheet.findByText("It is unknown whether the changes were applied")).toBeVisible();
    expect(bar()).toHaveTextContent("1 change");
    await user.click(sheet.getByRole("button", { name: "Check the outcome" }));
    await waitFor(() => expect(asked("apply")).toHaveLength(2));
    const [first, second] = asked("apply") as unknown as ChangeSet[];
    expect(second).toEqual(first);
  });

  test("on Production the number of changes is typed first", async () => {
    const { user, sheet } = await changed({ ...writing, production: true });
    const apply = sheet.getByRole("button", { name: "Apply changes" });
    expect(apply).toBeDisabled();
    await user.type(sheet.getByRole("textbox", { name: /Type the number of changes, 1/ }), "1");
    expect(apply).toBeEnabled();
  });
});

describe("not editable", () => {
  test.each([
    [{ ...writing, may: false }, "Not editable: you have only Read access to this connection."],
    [
      { ...writing, may: false, production: true, unlock: <button type="button">Unlock writing…</button> },
      "Not editable: writing on Production is locked.",
    ],
  ])("by the console's word: no controls, and a sentence (%#)", async (how, words) => {
    const { user } = renderSession(<Pane how={how} />);
    expect(await screen.findByText(words, {}, { timeout: 20_000 })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Add row" })).toBeNull();
    expect(asked("editable")).toEqual([]);
    grid().focus();
    await user.keyboard("{ArrowRight}{F2}{Delete}");
    expect(screen.queryByRole("textbox", { name: "name, row 1" })).toBeNull();
    expect(screen.queryByRole("region", { name: "Pending changes" })).toBeNull();
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: "name, row 1" })).toBeVisible();
  });

  test("by the server's: the reason in one line", async () => {
    const why = "materialized-view";
    answers.editable = editable({ update: why, insert: why, delete: why, by: null, key: null });
    renderSession(<Pane />);
    expect(
      await screen.findByText(/^Not editable: this is a materialized view/, {}, { timeout: 20_000 }),
    ).toBeVisible();
    expect(screen.queryByRole("button", { name: "Add row" })).toBeNull();
  });

  test("a view is edited once the person has named what tells its rows apart", async () => {
    answers.rows = rowsOf({
      identities: ["1", "2", "3"].map(() => ({
        key: null,
        place: null,
        version: "0cc175b9c0f1b6a831c399e269772661",
      })),
    });
    answers.editable = editable({ by: "named", key: null });
    const user = await opened();
    await user.click(press("Choose key columns…"));
    const dialog = within(await screen.findByRole("dialog", {}, { timeout: 20_000 }));
    await user.click(dialog.getByRole("checkbox", { name: /^id/ }));
    await user.click(dialog.getByRole("button", { name: "Use these columns" }));
    grid().focus();
    await user.keyboard("{Delete}");
    answers.try = { outcome: "conflict", conflicts: [] };
    const sheet = await review(user);
    await user.click(sheet.getByRole("button", { name: "Try" }));
    await waitFor(() =>
      expect(sent("try")).toMatchObject({
        key: ["id"],
        changes: [{ kind: "delete", row: { key: ["1"], place: null } }],
      }),
    );
  });
});
