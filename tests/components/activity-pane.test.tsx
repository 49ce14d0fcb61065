import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ActivityPane } from "#app/(console)/connections/[id]/activity/activity-pane.tsx";
import type { ServerActivity, ServerSession } from "#lib/activity/shapes.ts";
import { type BrowseConsole, readAt, stubConsole } from "./browse-console.tsx";
import { renderSession } from "./render-session.tsx";

let console_: BrowseConsole;
let told: ServerActivity;

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});

beforeEach(() => {
  told = activity();
  console_ = stubConsole((what) => (what === "activity" ? told : { came: "sent" }));
});

function session(pid: number, given: Partial<ServerSession> = {}): ServerSession {
  return {
    pid,
    start: `${pid}000`,
    database: "shop",
    user: "app",
    application: "psql",
    client: "10.0.0.7",
    kind: "client backend",
    state: "active",
    waitType: null,
    wait: null,
    transactionMs: 62_000,
    statementMs: 3_000,
    stateMs: 3_000,
    query: "select <b>1</b>",
    blockedBy: [],
    whose: null,
    ...given,
  };
}

function activity(given: Partial<ServerActivity> = {}): ServerActivity {
  return {
    sessions: [
      session(7, { blockedBy: [5], waitType: "Lock", wait: "transactionid" }),
      session(5, { state: "idle in transaction", statementMs: null, whose: { who: "you", tab: "SQL 1" } }),
    ],
    total: 2,
    hidden: 0,
    tellsBlocking: true,
    mayEnd: "yes",
    readAt,
    ...given,
  };
}

/** Its words come with it, the first time. */
async function open() {
  return act(async () => renderSession(<ActivityPane connectionId="c" shown />));
}

const rows = () => screen.getAllByRole("row").slice(1);
const reads = () => console_.asked.filter(({ what }) => what === "activity").length;

describe("activity", () => {
  test("shows who holds up whom, whose it is and since when, all of it as text", async () => {
    await open();
    expect(await screen.findByText("blocks 1 session")).toBeVisible();
    expect(rows()[0]).toHaveTextContent(/5 app@shop.*yours: SQL 1.*idle in transaction.*transaction 01:02/);
    expect(rows()[1]).toHaveTextContent(/7 app@shop.*waiting for 5.*Lock: transactionid.*active/);
    expect(screen.getAllByText("select <b>1</b>")[0]).toBeVisible();
    expect(screen.getByText("1 waiting for a lock")).toBeVisible();
  });

  test("says what the role may not see, and what the server does not tell", async () => {
    const unseen = { state: null, query: null, transactionMs: null, statementMs: null, stateMs: null };
    told = activity({ sessions: [session(9, unseen)], hidden: 1, total: 700, tellsBlocking: false });
    await open();
    expect(await screen.findByText(/The statement of 1 session is hidden from this role/)).toBeVisible();
    expect(screen.getByText("This server does not report which session blocks which.")).toBeVisible();
    expect(screen.getByText(/^Showing 1 of 700 sessions/)).toBeVisible();
    expect(screen.getAllByText("Unknown")).toHaveLength(2);
  });

  test("of a server that tells nothing is one sentence", async () => {
    const trouble = { filter: null, sqlstate: "42P01", message: "no such table" };
    console_.answer = () => Response.json(trouble, { status: 422 });
    await open();
    expect(await screen.findByText(/This server does not report its sessions: no such table/)).toBeVisible();
    expect(screen.queryByRole("table")).toBeNull();
  });

  test.each([
    ["read-access", /needs Write access/],
    ["production-locked", /Unlock writing/],
  ] as const)("ends nothing with %s, and says why", async (mayEnd, words) => {
    told = activity({ mayEnd });
    await open();
    expect(await screen.findByText(words)).toBeVisible();
    expect(screen.queryByRole("button", { name: /End session/ })).toBeNull();
  });

  test("ends what is in the way after one question that says whose it is", async () => {
    const { user } = await open();
    await user.click(await screen.findByRole("button", { name: "End session 5" }));
    const dialog = within(screen.getByRole("dialog", { name: "End session 5?" }));
    expect(dialog.getByText(/your own session in this console \(SQL 1\)/)).toBeVisible();
    expect(dialog.getByText("This is recorded in the audit log.")).toBeVisible();
    expect(console_.asked.every(({ what }) => what === "activity")).toBe(true);
    told = activity({ sessions: [session(7)], total: 1 });
    const onEnded = vi.fn();
    document.addEventListener("sessionended", onEnded, { once: true });
    await user.click(dialog.getByRole("button", { name: "End" }));
    expect(await screen.findByText("Session 5 ended.")).toBeVisible();
    expect(onEnded).toHaveBeenCalledOnce();
    expect(console_.asked.find(({ what }) => what === "end")?.body).toEqual({
      act: "end",
      pid: 5,
      start: "5000",
    });
  });

  test.each([
    [{ came: "denied", message: "only superusers" }, /does not allow this role to do that: only superusers/],
    [{ came: "gone" }, /Session 7 no longer exists/],
    [{ came: "failed", message: "odd" }, /did not do it: odd/],
    [{ came: "sent" }, /Asked the server to cancel the statement of session 7/],
  ])("tells that it came to %j", async (outcome, words) => {
    console_.answer = (what) => (what === "activity" ? told : outcome);
    const { user } = await open();
    await user.click(await screen.findByRole("button", { name: "Cancel the statement of session 7" }));
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Cancel" }));
    expect(await screen.findByText(words)).toBeVisible();
  });

  test("is read again while somebody looks, and not while the page is hidden or something is decided", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { user } = await open();
    await screen.findByText("blocks 1 session");
    const once = reads();
    await act(() => vi.advanceTimersByTimeAsync(5_100));
    await waitFor(() => expect(reads()).toBe(once + 1));
    const hidden = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    await act(() => vi.advanceTimersByTimeAsync(10_100));
    expect(reads()).toBe(once + 1);
    hidden.mockRestore();
    await user.click(screen.getByRole("button", { name: "End session 5" }));
    const before = reads();
    await act(() => vi.advanceTimersByTimeAsync(10_100));
    expect(reads()).toBe(before);
    expect(screen.getByText("Paused until you decide")).toBeVisible();
    vi.useRealTimers();
  });
});
