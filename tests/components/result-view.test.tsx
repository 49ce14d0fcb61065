import { screen, within } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { GatheredRun } from "#app/(console)/connections/[id]/sql/gathered-run.ts";
import { ResultView } from "#app/(console)/connections/[id]/sql/result-view.tsx";
import { renderSession } from "./render-session.tsx";

let written: string[];

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});
beforeEach(() => {
  written = [];
});
afterEach(() => vi.restoreAllMocks());

/** A result of two columns, the second of its last row cut. */
function open() {
  const gathered = new GatheredRun({ sql: "", readOnly: true, rowCap: 10 }, false);
  const text = { type: "text", oid: 25, modifier: -1, numeric: false };
  const columns = [
    { ...text, name: "a" },
    { ...text, name: "b" },
  ];
  const rows = [
    ["", null],
    ["tab\there", 'say "so"'],
    ["short", "begins"],
  ];
  const cut = [{ row: 2, column: 1, length: 3_000_000 }];
  gathered.take(JSON.stringify({ type: "columns", columns, ms: 1 }));
  gathered.take(JSON.stringify({ type: "rows", count: 3, cut, rows }));
  gathered.take(JSON.stringify({ type: "done", tag: "SELECT 3", capped: null, rows: 3 }));
  gathered.close(undefined);
  const { user } = renderSession(<ResultView state={gathered.state()} />);
  vi.spyOn(navigator.clipboard, "writeText").mockImplementation(async (text) => {
    written.push(text);
  });
  return user;
}

const copy = "{Control>}c{/Control}";

test("rows are copied as COPY writes CSV, with tabs: NULL is nothing, an empty text is quoted", async () => {
  const user = open();
  await user.tab();
  await user.keyboard(`{Shift>}{ArrowDown}{ArrowRight}{/Shift}${copy}`);
  expect(written).toEqual(['""\t\n"tab\there"\t"say ""so"""']);
});

test("one cell is copied as its bare text", async () => {
  const user = open();
  await user.tab();
  await user.keyboard(`{ArrowDown}${copy}{ArrowRight}${copy}{ArrowUp}${copy}`);
  expect(written).toEqual(["tab\there", 'say "so"', ""]);
});

test.each([
  ["by itself", "{ArrowDown}{ArrowDown}{ArrowRight}"],
  ["among others", "{Shift>}{ArrowDown}{ArrowDown}{ArrowRight}{/Shift}"],
])("a value that is cut is not copied without a word: %s", async (_, way) => {
  const user = open();
  await user.tab();
  await user.keyboard(`${way}${copy}`);
  expect(written).toEqual([]);
  expect(
    screen.getByText(/contains a truncated value, so nothing was copied. Open the value with Enter/),
  ).toBeVisible();
  await user.keyboard(`{ArrowUp}{ArrowLeft}${copy}`);
  expect(written).toHaveLength(1);
  expect(screen.queryByText(/nothing was copied/)).toBeNull();
});

test("opened, a cut value says how long it is and where the whole is, and gives its part by that name", async () => {
  const user = open();
  await user.tab();
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowRight}{Enter}");
  const dialog = within(await screen.findByRole("dialog", { name: "b, row 3" }));
  expect(dialog.getByText(/of 3,000,000 characters.*Open the table to see the whole value/)).toBeVisible();
  expect(dialog.queryByRole("button", { name: "Copy value" })).toBeNull();
  await user.click(dialog.getByRole("button", { name: "Copy first 6 characters" }));
  expect(written).toEqual(["begins"]);
});

test("an empty text, NULL and blanks look different, in the grid and opened", async () => {
  const user = open();
  const [empty, missing] = screen.getAllByRole("gridcell");
  expect(empty).toHaveTextContent("empty");
  expect(missing).toHaveTextContent("NULL");
  await user.dblClick(empty as HTMLElement);
  expect(await screen.findByText("This value is an empty string.")).toBeVisible();
});
