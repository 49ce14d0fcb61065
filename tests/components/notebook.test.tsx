import { act, renderHook, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { HistoryPane } from "#app/(console)/connections/[id]/history/history-pane.tsx";
import { freeSlot } from "#app/(console)/connections/[id]/notebook/free-slot.ts";
import { QueriesPane } from "#app/(console)/connections/[id]/queries/queries-pane.tsx";
import { SaveQueryDialog } from "#app/(console)/connections/[id]/queries/save-query-dialog.tsx";
import {
  fillTab,
  queryOfTab,
  type TabFilling,
  tabIsFilled,
  tabText,
} from "#app/(console)/connections/[id]/sql/tab-filling.ts";
import { useRecall } from "#app/(console)/connections/[id]/sql/use-recall.ts";
import type { HistoryAnswer, ShownRun } from "#app/api/connections/[id]/history/route.ts";
import type { ShownQuery } from "#app/api/connections/[id]/queries/route.ts";
import { renderSession } from "./render-session.tsx";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown> | undefined;
}

let asked: Asked[] = [];
let answer: (ask: Asked) => unknown = () => ({});

beforeEach(() => {
  asked = [];
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function show() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    const body = init.body === undefined ? undefined : JSON.parse(String(init.body));
    const ask = { method: init.method ?? "GET", path: address.replace("/api/connections/c/", ""), body };
    asked.push(ask);
    const told = answer(ask);
    return told instanceof Response ? told : Response.json(told);
  });
});

const run = (more: Partial<ShownRun> = {}): ShownRun => ({
  id: "r".repeat(22),
  at: "2026-11-25T14:02:00.000Z",
  sql: "select 1",
  goesOn: false,
  cut: false,
  masked: false,
  connectionId: "c",
  connection: "Shop",
  database: "shop",
  role: "app",
  ms: 2,
  rows: 1,
  sqlstate: null,
  outcome: "done",
  readOnly: true,
  ...more,
});
const told = (runs: readonly ShownRun[], more: Partial<HistoryAnswer> = {}): HistoryAnswer => ({
  runs,
  more: false,
  kept: runs.length,
  days: 90,
  on: true,
  ...more,
});
const query = (more: Partial<ShownQuery> = {}): ShownQuery => ({
  id: "q".repeat(22),
  rev: 1,
  name: "Revenue",
  note: "",
  sql: "select 1",
  goesOn: false,
  everywhere: false,
  shared: false,
  savedAt: "2026-11-25T14:02:00.000Z",
  owner: "alice",
  own: true,
  mayChange: true,
  ...more,
});

describe("the history", () => {
  const open = () => {
    const onSql = vi.fn<(filling: TabFilling) => void>();
    return { onSql, ...renderSession(<HistoryPane connectionId="c" shown onSql={onSql} />) };
  };

  test("is asked by words in the body, a page at a time", async () => {
    answer = ({ body }) =>
      body?.after === undefined
        ? told([run()], { more: true })
        : told([run({ id: "s".repeat(22), sql: "select 2" })]);
    const { user } = open();
    await user.click(await screen.findByRole("button", { name: "Show more" }));
    expect(await screen.findByText("select 2")).toBeVisible();
    expect(screen.getByText("select 1")).toBeVisible();
    await user.type(screen.getByRole("searchbox", { name: "Search statements" }), "secret words");
    await waitFor(() => expect(asked.at(-1)?.body).toMatchObject({ words: "secret words" }));
    // Not with each letter.
    expect(asked.length).toBeLessThan(8);
    expect(asked.map(({ path }) => path).join()).not.toContain("secret");
  });

  test("opens a statement whole, and says what it lacks; it runs nothing", async () => {
    const long = run({ sql: "select", goesOn: true, masked: true, cut: true });
    answer = ({ method }) => (method === "GET" ? { run: { ...long, sql: "select 'whole'" } } : told([long]));
    const { user, onSql } = open();
    await user.click(await screen.findByRole("button", { name: /^Open in a new SQL tab/ }));
    await waitFor(() => expect(onSql).toHaveBeenCalledOnce());
    const sql = onSql.mock.calls[0]?.[0].sql ?? "";
    expect(sql).toMatch(
      /^-- A password or token was removed.*\n-- The statement was longer.*\nselect 'whole'$/,
    );
    expect(asked.every(({ path }) => path.startsWith("history"))).toBe(true);
  });

  test("is deleted only after a question, and says that it is switched off", async () => {
    answer = ({ method }) => (method === "DELETE" ? {} : told([run()], { on: false }));
    const { user } = open();
    expect(await screen.findByText(/^History is turned off/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Delete all…" }));
    expect(asked.filter(({ method }) => method === "DELETE")).toEqual([]);
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Delete all" }));
    await waitFor(() =>
      expect(asked.filter(({ method }) => method === "DELETE").map(({ path }) => path)).toEqual([
        "history?run=all",
      ]),
    );
  });

  test("is walked through by the recall of a tab, behind what was run there; secrets are left out", async () => {
    answer = () =>
      told([
        run({ sql: "newest" }),
        run({ sql: "same" }),
        run({ sql: "same" }),
        run({ sql: "[secret]", masked: true }),
        run({ sql: "oldest" }),
      ]);
    const { result } = renderHook(() => useRecall("c"));
    const later = vi.fn<(text: string) => void>();
    act(() => result.current.note("here"));
    expect(result.current.older("typed", later)).toBe("here");
    expect(result.current.older("here", later)).toBeUndefined();
    await waitFor(() => expect(later).toHaveBeenCalledExactlyOnceWith("newest"));
    expect(result.current.older("newest", later)).toBe("same");
    expect(result.current.older("same", later)).toBe("oldest");
    expect(result.current.older("oldest", later)).toBeUndefined();
    expect(result.current.newer()).toBe("same");
    expect(asked).toHaveLength(1);
  });
});

describe("saved queries", () => {
  test("are searched, removed and put back", async () => {
    const all = [
      query(),
      query({ id: "p".repeat(22), name: "Stock", own: false, owner: "bob", shared: true, mayChange: false }),
    ];
    answer = ({ method }) => (method === "GET" ? { queries: all } : { query: all[0], masked: false });
    const { user } = renderSession(<QueriesPane connectionId="c" shown onSql={vi.fn()} />);
    const names = () => screen.getAllByRole("heading", { level: 3 }).map(({ textContent }) => textContent);
    expect(await screen.findByText("2 queries")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Delete Stock" })).toBeNull();
    await user.type(screen.getByRole("searchbox"), "bob");
    expect(names()).toEqual(["Stockshared"]);
    await user.clear(screen.getByRole("searchbox"));
    await user.click(screen.getByRole("button", { name: "Delete Revenue" }));
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() =>
      expect(asked.at(-2)).toMatchObject({ method: "POST", body: { restore: "q".repeat(22) } }),
    );
  });

  test("that somebody has changed meanwhile are shown side by side, and written over only when that is said", async () => {
    const theirs = query({ rev: 2, name: "Revenue 2", sql: "select 'theirs'" });
    answer = ({ method, body }) => {
      if (method === "GET") return { query: theirs };
      return body?.rev === 1
        ? Response.json({}, { status: 409 })
        : { query: { ...theirs, rev: 3 }, masked: false };
    };
    const [onClose, onSaved] = [vi.fn(), vi.fn()];
    const { user } = renderSession(
      <SaveQueryDialog
        connectionId="c"
        sql="select 'mine'"
        query={query()}
        onClose={onClose}
        onSaved={onSaved}
      />,
    );
    await user.click(screen.getByRole("button", { name: "Save changes" }));
    expect(await screen.findByText("select 'theirs'")).toBeVisible();
    expect(screen.getByText("select 'mine'")).toBeVisible();
    expect(onSaved).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Overwrite with mine" }));
    await waitFor(() => expect(onSaved).toHaveBeenCalledOnce());
    expect(asked.at(-1)?.body).toMatchObject({ rev: 2, sql: "select 'mine'" });
    expect(onClose).toHaveBeenCalledOnce();
  });

  test("of another person are saved as one's own, and a secret that was left out is told", async () => {
    answer = () => ({ query: query(), masked: true });
    const others = query({ own: false, mayChange: false, shared: true });
    const { user } = renderSession(
      <SaveQueryDialog connectionId="c" sql="select 1" query={others} onClose={vi.fn()} onSaved={vi.fn()} />,
    );
    expect(screen.getByRole("checkbox", { name: /^Share/ })).not.toBeChecked();
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/^A password or token was removed/)).toBeVisible();
    expect(asked).toMatchObject([{ method: "POST", path: "queries", body: { shared: false } }]);
  });
});

describe("what a new SQL tab begins with", () => {
  test("is there once: afterwards its draft counts, and a closed tab leaves nothing", () => {
    fillTab("c", "2", { sql: "select 1", query: query() });
    expect([tabText("c", "2"), tabText("c", "3"), tabText("d", "2")]).toEqual(["select 1", "", ""]);
    tabIsFilled("c", "2");
    expect(tabText("c", "2")).toBe("");
    expect(queryOfTab("c", "2")?.name).toBe("Revenue");
    fillTab("c", "2");
    expect(queryOfTab("c", "2")).toBeUndefined();
  });

  test("goes where no draft and no session of another text is", async () => {
    sessionStorage.setItem("cloak-db.tab.c.3", "x y");
    answer = () => ({ drafts: [{ id: "c-2" }, { id: "c-5" }, { id: "d-4" }] });
    expect(await freeSlot("c", 2)).toBe("4");
    answer = () => Response.json({}, { status: 503 });
    expect(await freeSlot("c", 2)).toBe("2");
  });
});
