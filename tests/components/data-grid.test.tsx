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
      nullText="NULL"
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
    expect(cells.map((cell) => cell.textContent)).toEqual(["1", "", "NULL"]);
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
    expect(onCopy).toHaveBeenLastCalledWith({ row: 0, column: 2 });
  });

  test("grows while rows arrive", () => {
    const rows = [["1", "a", "b"]];
    const { rerender } = renderSession(grid(rows));
    rows.push(["2", "c", "d"]);
    rerender(grid(rows));
    expect(screen.getAllByRole("gridcell")).toHaveLength(6);
  });
});
