import { screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { DataGrid } from "#components/data-grid.tsx";
import { renderSession } from "./render-session.tsx";

const columns = [
  { name: "id", detail: "bigint", numeric: true },
  { name: "name", detail: "text", numeric: false },
  { name: "name", detail: "text", numeric: false },
];

function grid(rows: (string | null)[][], given: Partial<Parameters<typeof DataGrid>[0]> = {}) {
  return (
    <DataGrid
      label="Result"
      columns={columns}
      rows={rows}
      rowCount={rows.length}
      words={{ null: "NULL", empty: "empty" }}
      rowLabel={(row) => `Row ${row}`}
      onOpen={() => undefined}
      onCopy={() => undefined}
      {...given}
    />
  );
}

const active = () => {
  const id = screen.getByRole("grid").getAttribute("aria-activedescendant") ?? "";
  return document.getElementById(id);
};

describe("the grid", () => {
  test("tells its whole size and makes only what is in sight", () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => [String(index + 1), "x", null]);
    renderSession(grid(rows));
    expect(screen.getByRole("grid", { name: "Result" })).toHaveAttribute("aria-rowcount", "10001");
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
  });

  test("fifty columns and more: only those in sight", () => {
    const many = Array.from({ length: 1600 }, (_, index) => ({
      name: `c${index}`,
      detail: "text",
      numeric: false,
    }));
    renderSession(grid([many.map(() => "x")], { columns: many }));
    expect(screen.getByRole("grid")).toHaveAttribute("aria-colcount", "1601");
    expect(screen.getAllByRole("columnheader").length).toBeLessThan(40);
  });

  test("keeps columns of one name apart, and NULL apart from the empty text", () => {
    renderSession(grid([["1", "", null]]));
    expect(screen.getAllByRole("columnheader", { name: /name/ })).toHaveLength(2);
    const cells = screen.getAllByRole("gridcell");
    expect(cells.map((cell) => cell.textContent)).toEqual(["1", "empty", "NULL"]);
    expect(within(cells[2] as HTMLElement).getByText("NULL")).toHaveClass("italic");
  });

  test("a text that says NULL does not look like it", () => {
    renderSession(grid([["1", "NULL", null]]));
    expect(screen.getAllByText("NULL").map((found) => found.classList.contains("italic"))).toEqual([
      false,
      true,
    ]);
  });

  test("numbers stand at the right", () => {
    renderSession(grid([["1", "x", "y"]]));
    const [number, text] = screen.getAllByRole("gridcell");
    expect(number).toHaveClass("text-right");
    expect(text).not.toHaveClass("text-right");
  });

  test("hidden signs are shown, markup is text", () => {
    renderSession(grid([["1", "a\nb\u202ec", "<img src=x onerror=alert(1)>"]]));
    const [, odd, markup] = screen.getAllByRole("gridcell");
    expect(odd).toHaveTextContent("a\\nb\\u202Ec");
    expect(markup).toHaveTextContent("<img src=x onerror=alert(1)>");
    expect(document.querySelector("img")).toBeNull();
  });

  test("keys move the active cell and stop at the edges", async () => {
    const rows = Array.from({ length: 500 }, (_, index) => [String(index), "x", "y"]);
    const { user } = renderSession(grid(rows));
    await user.tab();
    expect(screen.getByRole("grid")).toHaveFocus();
    expect(active()).toHaveTextContent("0");
    await user.keyboard("{ArrowUp}{ArrowLeft}");
    expect(active()).toHaveAttribute("aria-colindex", "2");
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowRight}");
    expect(active()).toHaveAttribute("aria-colindex", "3");
    expect(active()?.parentElement).toHaveAttribute("aria-rowindex", "4");
    await user.keyboard("{End}");
    expect(active()).toHaveAttribute("aria-colindex", "4");
    await user.keyboard("{Home}");
    expect(active()).toHaveAttribute("aria-colindex", "2");
    expect(active()).toHaveAttribute("aria-selected", "true");
  });

  test("Tab leaves it", async () => {
    const { user } = renderSession(
      <>
        {grid([["1", "x", "y"]])}
        <button type="button">after</button>
      </>,
    );
    await user.tab();
    await user.tab();
    expect(screen.getByRole("button", { name: "after" })).toHaveFocus();
  });

  test("Enter and a double press open a value, Ctrl+C copies it", async () => {
    const onOpen = vi.fn();
    const onCopy = vi.fn();
    const { user } = renderSession(grid([["1", "x", "y"]], { onOpen, onCopy }));
    await user.tab();
    await user.keyboard("{ArrowRight}{Enter}");
    expect(onOpen).toHaveBeenLastCalledWith({ row: 0, column: 1 });
    await user.dblClick(screen.getAllByRole("gridcell")[2] as HTMLElement);
    expect(onOpen).toHaveBeenLastCalledWith({ row: 0, column: 2 });
    window.getSelection()?.removeAllRanges();
    await user.keyboard("{Control>}c{/Control}");
    expect(onCopy).toHaveBeenLastCalledWith({ top: 0, bottom: 0, left: 2, right: 2 });
  });

  test("grows while rows arrive", () => {
    const rows = [["1", "a", "b"]];
    const { rerender } = renderSession(grid(rows));
    rows.push(["2", "c", "d"]);
    rerender(grid(rows));
    expect(screen.getAllByRole("gridcell")).toHaveLength(6);
  });

  test("Shift with arrows selects a rectangle, and copies it", async () => {
    const onCopy = vi.fn();
    const rows = [
      ["1", "a", "b"],
      ["2", "c", "d"],
    ];
    const { user } = renderSession(grid(rows, { onCopy }));
    await user.tab();
    await user.keyboard("{ArrowRight}{Shift>}{ArrowDown}{ArrowRight}{/Shift}{Control>}c{/Control}");
    expect(onCopy).toHaveBeenLastCalledWith({ top: 0, bottom: 1, left: 1, right: 2 });
    await user.keyboard("{ArrowUp}{Control>}c{/Control}");
    expect(onCopy).toHaveBeenLastCalledWith({ top: 0, bottom: 0, left: 2, right: 2 });
  });

  test("Space selects the whole row, and Shift with arrows more of them", async () => {
    const onCopy = vi.fn();
    const { user } = renderSession(
      grid(
        [
          ["1", "a", "b"],
          ["2", "c", "d"],
          ["3", "e", "f"],
        ],
        { onCopy },
      ),
    );
    screen.getByRole("grid").focus();
    await user.keyboard("{ArrowRight} {Control>}c{/Control}");
    expect(onCopy).toHaveBeenLastCalledWith({ top: 0, bottom: 0, left: 0, right: 2 });
    expect(active()).toHaveTextContent("a");
    await user.keyboard("{Shift>}{ArrowDown}{/Shift}{Control>}c{/Control}");
    expect(onCopy).toHaveBeenLastCalledWith({ top: 0, bottom: 1, left: 0, right: 2 });
    await user.keyboard("{ArrowDown}{Control>}c{/Control}");
    expect(onCopy).toHaveBeenLastCalledWith({ top: 2, bottom: 2, left: 1, right: 1 });
  });

  test("a pinned column is made whatever is in sight, unless it is too wide", () => {
    const many = Array.from({ length: 80 }, (_, index) => ({
      name: `c${index}`,
      detail: "text",
      numeric: false,
    }));
    const rows = [many.map((_, index) => (index === 78 ? "k".repeat(60) : `v${index}`))];
    const { rerender } = renderSession(grid(rows, { columns: many, pinned: 79 }));
    const cell = screen.getByRole("gridcell", { name: "v79" });
    expect(cell).toHaveClass("sticky");
    expect(cell).toHaveAttribute("aria-colindex", "81");
    expect(screen.getByRole("columnheader", { name: /^c79/ })).toHaveClass("sticky");
    rerender(grid(rows, { columns: many, pinned: 78 }));
    expect(screen.queryByRole("gridcell", { name: /^k/ })).toBeNull();
    rerender(grid(rows, { columns: many, pinned: 0 }));
    expect(screen.getAllByRole("gridcell", { name: "v0" })).toHaveLength(1);
  });

  test("an empty text, blanks and NULL are told apart, and blanks are still blanks", () => {
    renderSession(grid([["", "  a ", null]]));
    const [empty, blanks, missing] = screen.getAllByRole("gridcell");
    expect(empty).toHaveTextContent("empty");
    expect(blanks?.textContent).toBe("  a ");
    expect(blanks?.querySelectorAll(".blanks")).toHaveLength(2);
    expect(missing).toHaveTextContent("NULL");
  });

  test("a cut value says how long it is", () => {
    const words = { null: "NULL", empty: "empty", cut: (length: number) => `${length} signs` };
    const cutLength = (row: number, column: number) => (row === 0 && column === 1 ? 9_000 : undefined);
    renderSession(grid([["1", "begins", "x"]], { words, cutLength }));
    expect(screen.getAllByRole("gridcell")[1]).toHaveTextContent("⋯ 9000 signs");
  });

  test("a head sorts by a press or by Enter, and Shift adds", async () => {
    const onSort = vi.fn();
    const { user } = renderSession(
      grid([["1", "a", "b"]], { onSort, sort: [{ column: 1, descending: true }] }),
    );
    expect(screen.getAllByRole("columnheader")[2]).toHaveAttribute("aria-sort", "descending");
    await user.click(screen.getByText("id"));
    expect(onSort).toHaveBeenLastCalledWith(0, false);
    expect(screen.getByRole("grid")).toHaveFocus();
    await user.keyboard("{ArrowUp}{ArrowRight}");
    expect(active()).toBe(screen.getAllByRole("columnheader")[2]);
    await user.keyboard("{Shift>}{Enter}{/Shift}");
    expect(onSort).toHaveBeenLastCalledWith(1, true);
  });

  test("rows that come before the others leave the active cell where it is", async () => {
    const { user, rerender } = renderSession(grid([["5", "e", ""]], { base: 100 }));
    await user.tab();
    rerender(
      grid(
        [
          ["4", "d", ""],
          ["5", "e", ""],
        ],
        { base: 99 },
      ),
    );
    expect(active()).toHaveTextContent("5");
  });
});
