import { act, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { askPanes } from "#app/(console)/connections/[id]/pane-requests.ts";
import { Panes } from "#app/(console)/connections/[id]/panes.tsx";
import { draftOf } from "#app/(console)/connections/[id]/sql/use-draft.ts";
import type { RowsAsk } from "#lib/browse/ask.ts";
import { holdsNothing } from "#lib/session/held.ts";
import { type BrowseConsole, detail, pageFor, stubConsole, tree } from "./browse-console.tsx";
import { renderSession } from "./render-session.tsx";

vi.mock("next/navigation", () => ({ usePathname: () => window.location.pathname }));

let browse: BrowseConsole;

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  window.history.replaceState(null, "", "/connections/c");
  sessionStorage.clear();
  browse = stubConsole((what, body) =>
    what === "relations" ? tree() : what === "rows" ? pageFor(body as unknown as RowsAsk) : detail(),
  );
});

/** A tab that remembers what was typed. */
function Sql({ tab }: { readonly tab: string }) {
  const [text, setText] = useState("");
  return <input aria-label={`SQL ${tab}`} value={text} onChange={(event) => setText(event.target.value)} />;
}

const open = () => renderSession(<Panes connectionId="c" sqlTab={(tab) => <Sql tab={tab} />} />);
const tabs = () =>
  screen.getAllByRole("tab").filter((tab) => tab.closest('[aria-label="Open tabs"]') !== null);
const names = () => tabs().map(({ textContent }) => textContent);
const selected = () =>
  tabs().find((tab) => tab.ariaSelected === "true" || tab.getAttribute("aria-selected") === "true")
    ?.textContent;
const item = (name: string) => screen.findByRole("treeitem", { name: new RegExp(`^${name}`) });

describe("what is open", () => {
  test("a table opens in a tab of its own, and what was typed in the SQL tab stays", async () => {
    const { user } = open();
    await user.type(screen.getByRole("textbox", { name: "SQL 1" }), "select 1");
    await user.click(await item("item"));
    expect(await screen.findByRole("grid", { name: "Rows" })).toBeVisible();
    expect(window.location.pathname).toBe("/connections/c/t/public/item");
    expect(names()).toEqual(["SQL 1", "item"]);
    await user.click(screen.getByRole("tab", { name: "SQL 1" }));
    expect(screen.getByRole("textbox", { name: "SQL 1" })).toHaveValue("select 1");
    await user.click(await item("item"));
    expect(names()).toEqual(["SQL 1", "item"]);
    expect(browse.asked.filter(({ what }) => what === "rows")).toHaveLength(1);
  });

  test("Back and Forward go from tab to tab; Delete closes one, and the one before it shows", async () => {
    const { user } = open();
    await user.click(screen.getByRole("button", { name: "New SQL tab" }));
    expect(selected()).toBe("SQL 2");
    act(() => window.history.back());
    await waitFor(() => expect(selected()).toBe("SQL 1"));
    act(() => window.history.forward());
    await waitFor(() => expect(selected()).toBe("SQL 2"));
    act(() => screen.getByRole("tab", { name: "SQL 2" }).focus());
    await user.keyboard("{Delete}");
    await waitFor(() => expect(names()).toEqual(["SQL 1"]));
    expect(selected()).toBe("SQL 1");
  });

  test("SQL tabs that hold something are found after a reload; closing one ends its session", async () => {
    const [id, lease] = ["t".repeat(22), "l".repeat(22)];
    for (const slot of ["2", "3"]) sessionStorage.setItem(`cloak-db.tab.d.${slot}`, `${slot}${id} ${lease}`);
    const session = { id, held: holdsNothing, transaction: "open", openMs: 1, endsInMs: 9e4, shared: false };
    browse.answer = (what, body) =>
      what === "relations"
        ? tree()
        : { here: true, session: body.tab === `2${id}` ? session : null, lost: null };
    window.history.replaceState(null, "", "/connections/d");
    const { user } = renderSession(<Panes connectionId="d" sqlTab={(tab) => <Sql tab={tab} />} />);
    await waitFor(() => expect(names()).toEqual(["SQL 2", "SQL 1"]));
    const took = browse.asked.filter(({ body }) => body.act === "take").map(({ body }) => body.tab);
    expect(took.sort()).toEqual([`2${id}`, `3${id}`]);
    await user.click(screen.getByRole("tab", { name: "SQL 2" }));
    act(() => screen.getByRole("tab", { name: "SQL 2" }).focus());
    await user.keyboard("{Delete}");
    const question = await screen.findByRole("dialog", { name: "Close SQL 2?" });
    expect(question).toHaveTextContent("A transaction is open");
    await user.click(within(question).getByRole("button", { name: "Keep open" }));
    expect(names()).toEqual(["SQL 2", "SQL 1"]);
    act(() => screen.getByRole("tab", { name: "SQL 2" }).focus());
    await user.keyboard("{Delete}");
    await user.click(await screen.findByRole("button", { name: "Close tab" }));
    await waitFor(() => expect(names()).toEqual(["SQL 1"]));
    await waitFor(() =>
      expect(browse.asked.at(-1)).toMatchObject({ what: "tab", body: { act: "close", tab: `2${id}` } }),
    );
    expect(sessionStorage.getItem("cloak-db.tab.d.2")).toBeNull();
    sessionStorage.clear();
  });

  test("after a reload what was open is open again, sorted alike, and no value was put into the storage", async () => {
    const view =
      "#f=%5B%5B%22name%22%2C%22%3D%22%2C%22mine%40example.com%22%5D%5D&s=%5B%5B%22name%22%2Ctrue%5D%5D";
    window.history.replaceState(null, "", `/connections/c/t/public/item/columns${view}`);
    const first = open();
    await first.user.click(screen.getByRole("button", { name: "Activity" }));
    await first.user.click(screen.getByRole("button", { name: "New SQL tab" }));
    await first.user.click(screen.getByRole("button", { name: "New SQL tab" }));
    act(() => screen.getByRole("tab", { name: "SQL 2" }).focus());
    await first.user.keyboard("{Delete}");
    await waitFor(() => expect(names()).not.toContain("SQL 2"));
    const before = names();
    expect(before).toEqual(["item", "Activity", "SQL 1"]);
    first.unmount();
    const kept = JSON.stringify({ ...sessionStorage });
    expect(kept).toContain("item");
    expect(kept).not.toContain("mine");

    browse.asked.length = 0;
    const { user } = open();
    await waitFor(() => expect(names()).toEqual(before));
    expect(selected()).toBe("SQL 1");
    // What is not in sight has asked the server for nothing.
    expect(browse.asked.map(({ what }) => what)).not.toContain("table");
    await user.click(screen.getByRole("tab", { name: "item" }));
    expect(window.location.pathname).toBe("/connections/c/t/public/item/columns");
    expect(decodeURIComponent(window.location.hash)).toBe('#s=[["name",true]]');
  });

  test("what is kept of a connection opens nothing at another, and what does not read is left out", async () => {
    sessionStorage.setItem(
      "cloak-db.entries:tabs:c",
      '["/connections/d/t/public/item", 7, "/connections/c/nowhere"]',
    );
    const { unmount } = open();
    await item("item");
    expect(names()).toEqual(["SQL 1"]);
    unmount();
    sessionStorage.setItem("cloak-db.entries:tabs:c", "{");
    open();
    await item("item");
    expect(names()).toEqual(["SQL 1"]);
  });

  test("what was open goes with who signs out, and nothing is kept after", async () => {
    vi.resetModules();
    const { keepTabs, keptTabs } = await import("#app/(console)/connections/[id]/kept-tabs.ts");
    const { forgetAllEntries } = await import("#app/(console)/connections/form/entries-place.ts");
    const table = { kind: "table", schema: "public", table: "salaries", part: "columns" } as const;
    keepTabs("c", [{ place: table, fragment: "" }]);
    expect(keptTabs("c")).toEqual([{ place: table, fragment: "" }]);
    forgetAllEntries();
    expect(JSON.stringify({ ...sessionStorage })).not.toContain("salaries");
    keepTabs("c", [{ place: table, fragment: "" }]);
    expect(JSON.stringify({ ...sessionStorage })).not.toContain("salaries");
  });

  test("an address opens what it names; a place that does not read leaves the first", async () => {
    window.history.replaceState(null, "", "/connections/c/t/public/item#s=%5B%5B%22name%22%2Ctrue%5D%5D");
    const { unmount } = open();
    await waitFor(() =>
      expect(browse.asked.find(({ what }) => what === "rows")?.body).toMatchObject({
        sort: [{ column: "name", descending: true }],
      }),
    );
    unmount();
    window.history.replaceState(null, "", "/connections/c/nowhere");
    open();
    expect(selected()).toBe("SQL 1");
  });
});

describe("what a pane asks of the others", () => {
  test("a place is gone to, the tree is searched, a draft opens in a tab of its own, once", async () => {
    open();
    await item("item");
    act(() =>
      askPanes("c", {
        to: "place",
        place: { kind: "table", schema: "public", table: "item", part: "columns" },
      }),
    );
    await waitFor(() => expect(window.location.pathname).toBe("/connections/c/t/public/item/columns"));
    act(() => askPanes("c", { to: "tree", text: "ord" }));
    expect(screen.getByRole("searchbox", { name: "Filter tables" })).toHaveValue("ord");
    expect(screen.getByRole("searchbox", { name: "Filter tables" })).toHaveFocus();
    act(() => askPanes("c", { to: "draft", draft: "d".repeat(22) }));
    expect(selected()).toBe("SQL 2");
    expect(draftOf("c", "2")).toBe("d".repeat(22));
    expect(draftOf("c", "1")).toBe("c-1");
    act(() => askPanes("c", { to: "draft", draft: "c-1" }));
    expect(selected()).toBe("SQL 1");
    act(() => askPanes("c", { to: "draft", draft: "d".repeat(22) }));
    expect(names()).toEqual(["SQL 1", "item", "SQL 2"]);
    expect(selected()).toBe("SQL 2");
  });
});

describe("the keyboard", () => {
  test("Alt with the arrows goes back and forward, but not in a text", async () => {
    const { user } = open();
    await user.click(await item("item"));
    (await screen.findByRole("grid")).focus();
    await user.keyboard("{Alt>}{ArrowLeft}{/Alt}");
    await waitFor(() => expect(selected()).toBe("SQL 1"));
    await user.click(screen.getByRole("textbox", { name: "SQL 1" }));
    await user.keyboard("{Alt>}{ArrowRight}{/Alt}");
    screen.getByRole("tab", { name: "SQL 1" }).focus();
    expect(selected()).toBe("SQL 1");
    await user.keyboard("{Alt>}{ArrowRight}{/Alt}");
    await waitFor(() => expect(selected()).toBe("item"));
  });

  test("Ctrl+K finds a table, F4 shows the row of the active cell, ? tells the keys but not where one types", async () => {
    const { user } = open();
    await user.click(await item("item"));
    (await screen.findByRole("grid")).focus();
    await user.keyboard("{F4}{ArrowDown}");
    const row = within(screen.getByRole("region", { name: "Row" }));
    expect(await row.findByText("name 2")).toBeVisible();
    expect(row.getByRole("heading", { name: "Row 2" })).toBeVisible();
    await user.click(screen.getByRole("tab", { name: "SQL 1" }));
    expect(row.queryByText("name 2")).toBeNull();
    await user.click(screen.getByRole("tab", { name: "item" }));
    expect(row.getByText("name 2")).toBeVisible();
    await user.keyboard("{Control>}k{/Control}");
    await waitFor(() => expect(screen.getByRole("searchbox", { name: "Filter tables" })).toHaveFocus());
    // Open tabs and what can be done are found as well.
    await user.keyboard("new sq");
    await user.click(within(screen.getByRole("list", { name: "Open tabs and actions" })).getByRole("button"));
    expect(selected()).toBe("SQL 2");
    await user.keyboard("{Control>}k{/Control}");
    await user.keyboard("?");
    expect(screen.queryByRole("dialog", { name: "Keyboard shortcuts" })).toBeNull();
  });
});

describe("on a narrow screen", () => {
  test("a bar leads from pane to pane", async () => {
    const { user } = open();
    const bar = within(screen.getByRole("navigation", { name: "Panes" }));
    const frame = () => document.querySelector("[data-narrow]")?.getAttribute("data-narrow");
    // No table is open yet: one is chosen first.
    await user.click(bar.getByRole("button", { name: "Data" }));
    expect(frame()).toBe("tables");
    await user.click(await item("item"));
    expect(frame()).toBe("middle");
    expect(bar.getByRole("button", { name: "Data" })).toHaveAttribute("aria-current", "true");
    await user.click(bar.getByRole("button", { name: "SQL" }));
    expect(selected()).toBe("SQL 1");
    await user.click(bar.getByRole("button", { name: "Row" }));
    expect(frame()).toBe("row");
    await user.click(bar.getByRole("button", { name: "Data" }));
    expect(selected()).toBe("item");
    // A tap on a row opens it; where there is room for both, it does not.
    const cell = () => screen.getByRole("gridcell", { name: "name 3" });
    await user.click(cell());
    expect(frame()).toBe("middle");
    vi.stubGlobal("matchMedia", () => ({
      matches: true,
      addEventListener: vi.fn(),
      removeEventListener: vi.fn(),
    }));
    await user.click(cell());
    vi.unstubAllGlobals();
    expect(frame()).toBe("row");
    expect(
      await within(screen.getByRole("region", { name: "Row" })).findByText("name 3"),
    ).toBeInTheDocument();
  });
});
