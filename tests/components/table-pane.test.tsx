import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { noteNamesMade } from "#app/(console)/connections/[id]/names-made.ts";
import { type TablePart, type TableView, wholeTable } from "#app/(console)/connections/[id]/place.ts";
import { TablePane } from "#app/(console)/connections/[id]/table/table-pane.tsx";
import type { RowsAsk } from "#lib/browse/ask.ts";
import { type BrowseConsole, column, detail, page, pageFor, stubConsole } from "./browse-console.tsx";
import { renderSession } from "./render-session.tsx";

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});

let browse: BrowseConsole;
const onGo = vi.fn();
const onView = vi.fn();

beforeEach(() => {
  onGo.mockReset();
  onView.mockReset();
  browse = stubConsole((what, body) =>
    what === "table"
      ? detail()
      : what === "rows"
        ? pageFor(body as unknown as RowsAsk)
        : { rows: null, ms: 1 },
  );
});

const table = { schema: "public", table: "item" };

function Pane({ view: first = wholeTable }: { readonly view?: TableView }) {
  const [view, setView] = useState(first);
  const [part, setPart] = useState<TablePart>("rows");
  return (
    <TablePane
      connectionId="c"
      table={table}
      part={part}
      view={view}
      shown
      onPart={setPart}
      onView={(next) => {
        onView(next);
        setView(next);
      }}
      onSeen={setView}
      onRow={() => undefined}
      onGo={onGo}
    />
  );
}

const rowsAsked = () => browse.asked.filter(({ what }) => what === "rows").map(({ body }) => body);
const position = () => screen.getByRole("status", { name: "Position" });
const press = (name: string) => screen.getByRole("button", { name });

describe("the rows of a table", () => {
  test("come by key, with the order and the place said", async () => {
    renderSession(<Pane />);
    expect(await screen.findByRole("grid", { name: "Rows" })).toBeVisible();
    expect(screen.getByText("Ordered by id ↑")).toBeVisible();
    expect(position()).toHaveTextContent("rows 1–100 of ≈ 1,000,000");
    expect(rowsAsked()[0]).toMatchObject({ schema: "public", table: "item", at: { to: "first" }, sort: [] });
  });

  test("next, last and first page, each by a mark", async () => {
    const { user } = renderSession(<Pane />);
    await screen.findByRole("grid");
    await user.click(press("Next page"));
    await waitFor(() => expect(rowsAsked().at(-1)).toMatchObject({ at: { to: "after" } }));
    await user.click(press("Last page"));
    await waitFor(() => expect(position()).toHaveTextContent("rows 901–1,000"));
    await waitFor(() => expect(press("Next page")).toHaveAttribute("aria-disabled", "true"));
    await user.click(press("First page"));
    await waitFor(() => expect(position()).toHaveTextContent("rows 1–100"));
  });

  test("Ctrl+End goes to the last page, Ctrl+G to a key, whose place is not told for sure", async () => {
    const { user } = renderSession(<Pane />);
    (await screen.findByRole("grid")).focus();
    await user.keyboard("{Control>}{End}{/Control}");
    await waitFor(() =>
      expect(rowsAsked().some((ask) => JSON.stringify(ask.at) === '{"to":"last"}')).toBe(true),
    );
    await screen.findByText("name 1000");
    screen.getByRole("grid").focus();
    await user.keyboard("{Control>}g{/Control}");
    const dialog = within(await screen.findByRole("dialog", { name: "Go to key" }));
    await user.type(dialog.getByRole("textbox", { name: "id" }), "731{Enter}");
    await waitFor(() => expect(position()).toHaveTextContent("from row ≈ 701"));
    expect(rowsAsked().some((ask) => JSON.stringify(ask.at) === '{"to":"key","values":["731"]}')).toBe(true);
    expect(onView).toHaveBeenLastCalledWith({ ...wholeTable, row: ["731"] });
  });

  test("the keys stay with the rows that are gone to", async () => {
    const { user } = renderSession(<Pane />);
    (await screen.findByRole("grid")).focus();
    await user.keyboard("{Control>}{End}{/Control}");
    await waitFor(() => expect(position()).toHaveTextContent("rows 901–1,000"));
    expect(screen.getByRole("grid")).toHaveFocus();
    await user.keyboard("{Control>}g{/Control}");
    await user.type(await screen.findByRole("textbox", { name: "id" }), "77{Enter}");
    await waitFor(() => expect(screen.getByRole("gridcell", { name: "77" })).toBeVisible());
    await waitFor(() => expect(screen.getByRole("grid")).toHaveFocus());
  });

  test("a head sorts up, down, and no more", async () => {
    const { user } = renderSession(<Pane />);
    await screen.findByRole("grid");
    for (const sort of [
      [{ column: "name", descending: false }],
      [{ column: "name", descending: true }],
      [],
    ]) {
      const head = await screen.findByRole("columnheader", { name: /name/ });
      await user.click(within(head).getByText("name"));
      await waitFor(() => expect(rowsAsked().at(-1)).toMatchObject({ sort, at: { to: "first" } }));
    }
  });

  test("a chip filters by column, operator and value; the server's words stand at it", async () => {
    const { user } = renderSession(<Pane />);
    await screen.findByRole("grid");
    await user.click(press("Add filter"));
    await user.selectOptions(await screen.findByRole("combobox", { name: "Column" }), "id");
    await user.selectOptions(screen.getByRole("combobox", { name: "Operator" }), ">=");
    await user.type(screen.getByRole("textbox", { name: "Value" }), "seven");
    browse.answer = () =>
      Response.json(
        { filter: 0, sqlstate: "22P02", message: 'invalid input syntax for type bigint: "seven"' },
        { status: 422 },
      );
    const bar = within(screen.getByRole("region", { name: "Filters" }));
    await user.click(bar.getAllByRole("button", { name: "Apply" })[0] as HTMLElement);
    expect(await bar.findByRole("alert")).toHaveTextContent("invalid input syntax for type bigint");
    expect(rowsAsked().at(-1)).toMatchObject({ filters: [{ column: "id", operator: ">=", value: "seven" }] });
    await user.click(press("Remove filter on id"));
    await waitFor(() => expect(rowsAsked().at(-1)).toMatchObject({ filters: [] }));
  });

  test("a condition can be written before the first page; the rows it waits for are those", async () => {
    browse.answer = (what) => (what === "rows" ? new Promise(() => undefined) : detail());
    const { user } = renderSession(<Pane />);
    await user.type(screen.getByRole("textbox", { name: "WHERE" }), "id > 7{Enter}");
    await waitFor(() => expect(rowsAsked().at(-1)).toMatchObject({ where: "id > 7" }));
  });

  test("a condition that came with a link is not read before it was applied", async () => {
    const { user } = renderSession(<Pane view={{ ...wholeTable, where: "pg_sleep(9) is null" }} />);
    expect(screen.getByText(/Nothing has been read yet/)).toBeVisible();
    await waitFor(() => expect(browse.asked.map(({ what }) => what)).toEqual(["table"]));
    await user.click(press("Apply"));
    await waitFor(() => expect(rowsAsked().at(-1)).toMatchObject({ where: "pg_sleep(9) is null" }));
  });

  test("a long plan is a question first", async () => {
    browse.answer = (what, body) =>
      what !== "rows"
        ? detail()
        : body.evenIfLong === true
          ? page(1)
          : Response.json({ filter: null, sqlstate: "", message: "", expected: 9_000_000 }, { status: 422 });
    const { user } = renderSession(<Pane />);
    expect(await screen.findByRole("alert")).toHaveTextContent("about 9,000,000 rows");
    await user.click(press("Read anyway"));
    expect(await screen.findByRole("grid")).toBeVisible();
  });

  test("counting gives up after its time, and goes on only when it is asked to", async () => {
    const { user } = renderSession(<Pane />);
    await screen.findByRole("grid");
    await user.click(press("Count exactly"));
    expect(await screen.findByText("This takes more than 2 s.")).toBeVisible();
    browse.answer = () => ({ rows: 1_000, ms: 3_000 });
    await user.click(press("Keep counting"));
    await waitFor(() => expect(position()).toHaveTextContent("rows 1–100 of 1,000"));
    expect(browse.asked.at(-1)?.body.timeoutMs).toBe(600_000);
  });

  test("Refresh marks what changed, came and went", async () => {
    const { user } = renderSession(<Pane />);
    await screen.findByRole("grid");
    browse.answer = () => {
      const fresh = page(1);
      const rows = fresh.rows.map((row) => (row[0] === "2" ? ["2", "renamed"] : row));
      const identities = fresh.identities.map((one) =>
        one.key?.[0] === "2" ? { ...one, version: "8" } : one,
      );
      return {
        ...fresh,
        rows: [...rows.slice(0, 3), ["3a", "came"], ...rows.slice(4)],
        identities: [
          ...identities.slice(0, 3),
          { key: ["3a"], place: null, version: "9" },
          ...identities.slice(4),
        ],
      };
    };
    await user.click(press("Refresh"));
    expect(await screen.findByRole("rowheader", { name: "Row 2, changed since it was read" })).toBeVisible();
    expect(screen.getByRole("rowheader", { name: "Row 4, new since it was read" })).toBeVisible();
    expect(screen.getByRole("rowheader", { name: /gone since it was read/ })).toBeVisible();
  });
});

describe("a value", () => {
  const cut = () => page(1, { cut: [{ row: 0, column: 1, length: 9_000 }] });

  test("that is cut is fetched whole by its key before it is shown, and before it is copied", async () => {
    const written: string[] = [];
    browse.answer = (what) =>
      what === "rows" ? cut() : what === "value" ? new Response("whole ".repeat(1_500)) : detail();
    const { user } = renderSession(<Pane />);
    vi.spyOn(navigator.clipboard, "writeText").mockImplementation(async (text) => {
      written.push(text);
    });
    (await screen.findByRole("grid")).focus();
    await user.keyboard("{ArrowRight}{Control>}c{/Control}");
    await waitFor(() => expect(written.map(({ length }) => length)).toEqual([9_000]));
    await user.keyboard("{Enter}");
    const dialog = within(await screen.findByRole("dialog", { name: "name, row 1" }));
    expect(await dialog.findByText("9,000 characters")).toBeVisible();
    expect(browse.asked.at(-1)).toEqual({
      what: "value",
      body: { schema: "public", table: "item", column: "name", key: ["1"], place: null },
    });
  });

  test("is closed by Escape, also while a page is on its way, which Escape ends otherwise", async () => {
    browse.answer = (what, body) =>
      what !== "rows"
        ? detail()
        : (body.at as { to: string }).to === "first"
          ? page(1)
          : new Promise(() => undefined);
    const { user } = renderSession(<Pane />);
    (await screen.findByRole("grid")).focus();
    await user.click(press("Next page"));
    screen.getByRole("grid").focus();
    await user.keyboard("{Enter}");
    const dialog = await screen.findByRole("dialog", { name: "id, row 1" });
    expect(fireEvent.keyDown(dialog, { key: "Escape" })).toBe(true);
    expect(fireEvent.keyDown(screen.getByRole("grid", { hidden: true }), { key: "Escape" })).toBe(false);
  });

  test("that is cut is not copied among others", async () => {
    browse.answer = (what) => (what === "rows" ? cut() : detail());
    const { user } = renderSession(<Pane />);
    const write = vi.spyOn(navigator.clipboard, "writeText").mockReset();
    (await screen.findByRole("grid")).focus();
    await user.keyboard("{Shift>}{ArrowRight}{/Shift}{Control>}c{/Control}");
    expect(await screen.findByText(/truncated values, so nothing was copied/)).toBeVisible();
    expect(write).not.toHaveBeenCalled();
  });

  test.each([
    [new Response(null, { status: 204 }), "This value is NULL."],
    [Response.json({ problem: {} }, { status: 404 }), "The row no longer exists."],
    [
      Response.json({ filter: null, sqlstate: "54000", message: "", expected: 9e7 }, { status: 422 }),
      "The value is larger than 64 MB, too large to show on a page.",
    ],
  ])("that is not there to be shown (%#)", async (response, words) => {
    browse.answer = (what) => (what === "rows" ? cut() : what === "value" ? response : detail());
    const { user } = renderSession(<Pane />);
    (await screen.findByRole("grid")).focus();
    await user.keyboard("{ArrowRight}{Enter}");
    expect(await screen.findByText(words)).toBeVisible();
  });
});

describe("a reference", () => {
  const owner = {
    name: "item_owner",
    columns: ["name"],
    schema: "hr",
    table: "person",
    foreignColumns: ["login"],
    definition: "",
  };

  test("is peeked at by a key, and gone to by a press", async () => {
    browse.answer = (what, body) =>
      what === "table"
        ? detail({ references: [owner] })
        : body.table === "person"
          ? page(1, { columns: [column("login"), column("age")], rows: [["name 1", "44"]] })
          : page(1);
    const { user } = renderSession(<Pane />);
    (await screen.findByRole("grid")).focus();
    await waitFor(() => expect(screen.getByRole("gridcell", { name: "name 1" })).toHaveClass("text-accent"));
    await user.keyboard("{ArrowRight}{Alt>}{Enter}{/Alt}");
    const dialog = within(await screen.findByRole("dialog", { name: "Referenced row in person" }));
    expect(await dialog.findByText("44")).toBeVisible();
    const target = {
      schema: "hr",
      table: "person",
      filters: [{ column: "login", operator: "=", value: "name 1" }],
    };
    await user.click(dialog.getByRole("button", { name: "Go to row" }));
    expect(onGo).toHaveBeenLastCalledWith(target);
    await user.keyboard("{Control>}");
    await user.click(screen.getByRole("gridcell", { name: "name 2" }));
    expect(onGo).toHaveBeenLastCalledWith({
      ...target,
      filters: [{ ...target.filters[0], value: "name 2" }],
    });
  });
});

describe("its structure", () => {
  test("stands beside its rows, which stay", async () => {
    browse.answer = (what) =>
      what === "rows"
        ? page(1)
        : detail({
            keys: [{ name: "item_pkey", kind: "primary", columns: ["id"], definition: "PRIMARY KEY (id)" }],
            indexes: [
              { name: "item_pkey", definition: "CREATE …", bytes: 3_000_000, scans: 12, valid: true },
            ],
          });
    const { user } = renderSession(<Pane />);
    await screen.findByRole("grid");
    await user.click(screen.getByRole("tab", { name: "Columns" }));
    expect(await screen.findByRole("cell", { name: "bigint" })).toBeVisible();
    await user.keyboard("{ArrowRight}");
    expect(await screen.findByText("PRIMARY KEY (id)")).toBeVisible();
    expect(screen.getByText("2.9 MB")).toBeVisible();
    // It says when it was read, and is read again: by its button, by F5, and after a statement that may have changed it.
    const facts = () => browse.asked.filter(({ what }) => what === "table").length;
    const shown = within(screen.getByRole("tabpanel", { name: "Keys and indexes" }));
    expect(shown.getByText(/^as of/)).toBeVisible();
    await user.click(shown.getByRole("button", { name: "Refresh" }));
    await waitFor(() => expect(facts()).toBe(2));
    await user.keyboard("{F5}");
    await waitFor(() => expect(facts()).toBe(3));
    act(() => noteNamesMade("c"));
    await waitFor(() => expect(facts()).toBe(4));
    await user.click(screen.getByRole("tab", { name: "Rows" }));
    expect(screen.getByRole("grid")).toBeVisible();
    expect(rowsAsked()).toHaveLength(1);
  });

  test.each([
    ["on for this user", true, true, "Row-level security is on. This user may not see every row."],
    ["passed by", true, false, /^Row-level security is on, but the policies do not apply to this user/],
    ["off", false, false, "Row-level security is off for this table: its policies have no effect."],
  ])("says what its policies do where row-level security is %s", async (_, on, active, said) => {
    browse.answer = (what) =>
      what === "rows"
        ? page(1)
        : detail({
            policies: [{ name: "own", definition: "create policy own …" }],
            rowSecurityOn: on,
            rowSecurity: active,
          });
    const { user } = renderSession(<Pane />);
    await screen.findByRole("grid");
    await user.click(screen.getByRole("tab", { name: "Keys and indexes" }));
    expect(await screen.findByText(said)).toBeVisible();
    expect(screen.getAllByText(/^Row-level security is/)).toHaveLength(1);
  });
});
