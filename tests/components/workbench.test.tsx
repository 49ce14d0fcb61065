import { screen, waitFor, within } from "@testing-library/react";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { RunMessage } from "#app/_server/run-messages.ts";
import { Workbench, type WorkbenchProps } from "#app/(console)/connections/[id]/workbench.tsx";
import type { TabAnswer } from "#app/api/connections/[id]/tab/route.ts";
import { holdsNothing, type TabSession } from "#lib/session/held.ts";
import type { Cell, Column, CutCell, DoneEvent } from "#lib/session/run-events.ts";
import { attempt, renderSession, tlsReport } from "./render-session.tsx";

const refresh = vi.fn();
vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh }), usePathname: () => "/" }));

/** What the page asked of the console, and the streams that answer it. */
interface Asked {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly signal: AbortSignal | undefined;
}
let asked: Asked[];
let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
let answer: () => Response;
let tabAnswer: TabAnswer;
/** How often the tree was asked for. */
let trees = 0;
/** Each test is another connection: a page keeps the tab of one as long as it lives. */
let connections = 1;

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});

beforeEach(() => {
  asked = [];
  trees = 0;
  stream = undefined;
  connections += 1;
  tabAnswer = { here: true, session: null, lost: null };
  answer = () =>
    new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          stream = controller;
        },
      }),
    );
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    // The tree asks by itself: its own tests look at it.
    if (path.endsWith("/relations")) {
      trees += 1;
      return new Promise(() => undefined);
    }
    // Nor is what is typed, and kept, what these are about.
    if (path.includes("/drafts"))
      return Response.json(init.method === "PUT" ? { id: "d1", rev: 1 } : { drafts: [] });
    asked.push({ path, body: JSON.parse(String(init.body)), signal: init.signal ?? undefined });
    if (path.endsWith("/tab")) return Response.json(tabAnswer);
    if (path.endsWith("/more")) return Response.json({ goesOn: true });
    return path.endsWith("/cancel") ? new Response(null, { status: 204 }) : answer();
  });
});

/** Sends lines as a network does: cut anywhere. */
async function send(...messages: readonly RunMessage[]) {
  await waitFor(() => expect(stream).toBeDefined());
  const bytes = new TextEncoder().encode(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
  const middle = Math.floor(bytes.length / 2);
  stream?.enqueue(bytes.slice(0, middle));
  stream?.enqueue(bytes.slice(middle));
}

async function end(...messages: readonly RunMessage[]) {
  await send(...messages);
  stream?.close();
}

const column = (name: string, type = "text"): Column => ({
  name,
  type,
  oid: 25,
  modifier: -1,
  numeric: false,
});
const started: RunMessage = { type: "started", readOnly: false, opened: null };
const rows = (given: readonly (readonly Cell[])[], cut: readonly CutCell[] = []): RunMessage => ({
  type: "rows",
  count: given.length,
  cut,
  rows: given,
});
const done = (given: Partial<Extract<RunMessage, { type: "done" }>> = {}): RunMessage => ({
  type: "done",
  tag: "SELECT 1",
  affected: null,
  rows: 1,
  capped: null,
  rowCap: 10_000,
  firstRowMs: 1,
  ms: 2,
  noticesDropped: 0,
  transaction: "none",
  ...given,
});
const failure = (given: Partial<Extract<RunMessage, { type: "error" }>> = {}): RunMessage => ({
  type: "error",
  problem: null,
  explained: null,
  error: null,
  stopped: null,
  rows: 0,
  ms: 2,
  transaction: "none",
  ...given,
});

function open(given: Partial<WorkbenchProps> = {}) {
  return renderSession(
    <Workbench
      connectionId={`c ${connections}`}
      rev={3}
      mayWrite
      report={attempt()}
      host="db.example.test:5432"
      latencyMs={1.23}
      now="2026-11-22T00:00:00.000Z"
      allowSelfSigned={false}
      psql=""
      readOnlyFirst={false}
      unbound={[]}
      citus={null}
      {...given}
    />,
  );
}

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "SQL" });
const outcome = () => screen.getByRole("status", { name: "Outcome" });
const readOnly = () => screen.getByRole("switch", { name: "Read-only" });

describe("what a statement has made", () => {
  test.each([
    ["CREATE TABLE", 2],
    ["SELECT 1", 1],
  ])("after %s the tree is read %i times", async (tag, times) => {
    const { user } = open();
    expect(trees).toBe(1);
    await user.type(box(), "something");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end(started, done({ tag }));
    await waitFor(() => expect(outcome()).toHaveTextContent("ms"));
    await waitFor(() => expect(trees).toBe(times));
  });
});

describe("the session", () => {
  test("shows server, database, user, uptime, latency and the badge", () => {
    open();
    const facts = within(screen.getByRole("region", { name: "Session" }));
    for (const text of ["PostgreSQL 18.4", "db.example.test:5432", "shop", "app", "2 days", "1.2 ms"]) {
      expect(facts.getByText(text)).toBeVisible();
    }
    expect(screen.getByRole("button", { name: "TLS Verified: chain and name" })).toBeVisible();
  });

  test("a superuser, a fallback and switched-off verification stay in sight", () => {
    const { server } = attempt();
    open({
      report: attempt({ fallback: "to-plaintext", server: server && { ...server, superuser: true } }),
      allowSelfSigned: true,
    });
    for (const text of ["superuser", "Fell back to plain text", "Verification is off"]) {
      expect(screen.getByText(text)).toBeVisible();
    }
  });

  test("tells of the connection that a run had to open, not of the old one", async () => {
    const { user } = open();
    await user.type(box(), "select 1");
    await user.click(screen.getByRole("button", { name: "Run" }));
    const opened = attempt({ tls: tlsReport({ verified: "none", anchor: null }) });
    await end({ ...started, opened }, done());
    expect(await screen.findByRole("button", { name: "TLS Encrypted, not verified" })).toBeVisible();
  });
});

describe("a run", () => {
  test("goes out as JSON, with Ctrl+Enter, never in the address", async () => {
    const { user } = open();
    await user.type(box(), "select 'secret'{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]).toMatchObject({
      path: `/api/connections/c%20${connections}/run`,
      body: { sql: "select 'secret'", readOnly: false, rowCap: 10_000, inTransaction: false },
    });
    expect(asked[0]?.body.runId).toMatch(/^[A-Za-z0-9_-]{22}$/);
    await end(started, done());
  });

  test("shows the first rows while the rest is on its way", async () => {
    const { user } = open();
    await user.type(box(), "select 1");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await send(started, { type: "columns", columns: [column("a")], ms: 1 }, rows([["first"]]));
    expect(await screen.findByRole("gridcell", { name: "first" })).toBeVisible();
    expect(outcome()).toHaveTextContent("1 row so far");
    await end(rows([["second"]]), done({ rows: 2 }));
    expect(await screen.findByRole("gridcell", { name: "second" })).toBeVisible();
    await waitFor(() => expect(outcome()).toHaveTextContent("2 rows · 2.0 ms"));
  });

  test.each([
    [done({ tag: "INSERT 0 5", affected: 5, rows: 0 }), "5 rows written"],
    [done({ tag: "CREATE TABLE", rows: 0 }), "CREATE TABLE"],
    [done({ tag: null, rows: 0 }), "The statement was empty."],
    [
      done({ capped: "rows", rowCap: 10_000 }),
      "Stopped at the limit of 10,000 rows. More rows are available.",
    ],
    [done({ capped: "bytes" }), "Stopped after 64 MB."],
  ])("ends in words (%#)", async (last, words) => {
    const { user } = open();
    await user.type(box(), "x");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end(started, last);
    await waitFor(() => expect(outcome()).toHaveTextContent(words));
  });

  test("opens a whole value, and says when it was cut", async () => {
    const { user } = open();
    await user.type(box(), "x");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end(
      started,
      { type: "columns", columns: [column("a")], ms: 1 },
      rows([["line one\nline two"]], [{ row: 0, column: 0, length: 2_000_000 }]),
      done(),
    );
    await user.dblClick(await screen.findByRole("gridcell"));
    const dialog = within(await screen.findByRole("dialog", { name: "a, row 1" }));
    expect(dialog.getByText(/of 2,000,000 characters/)).toBeVisible();
    expect(dialog.getByText(/line one\s+line two/)).toBeVisible();
  });

  test("shows the messages of the server", async () => {
    const { user } = open();
    await user.type(box(), "x");
    await user.click(screen.getByRole("button", { name: "Run" }));
    const notice = { severity: "WARNING", warning: true, sqlstate: "01000", message: "careful\u202e" };
    await end(started, { type: "notice", notice }, done({ noticesDropped: 3 }));
    expect(await screen.findByText("1 server message")).toBeVisible();
    expect(screen.getByText("3 more were not kept.")).toBeVisible();
    expect(screen.getByText("\\u202E")).toBeVisible();
  });
});

describe("a result that waits at its limit", () => {
  const capped = done({ rows: 2, capped: "rows", rowCap: 10_000 }) as DoneEvent;
  async function runToTheLimit() {
    const { user } = open();
    await user.type(box(), "select n");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await send(started, { type: "columns", columns: [column("n")], ms: 1 }, rows([["1"], ["2"]]), {
      type: "paused",
      done: capped,
      forMs: 58_700,
    });
    await screen.findByText(/keeps the result for 59 s, with this tab’s session and its open transaction/);
    return user;
  }

  test("is shown as any other, and goes on when more is asked for", async () => {
    const user = await runToTheLimit();
    expect(outcome()).toHaveTextContent("2 rows · 2.0 ms");
    expect(screen.getByRole("button", { name: "Run" })).not.toHaveAttribute("aria-busy");
    await user.click(screen.getByRole("button", { name: "Load 10,000 more" }));
    expect(asked.at(-1)).toMatchObject({
      path: `/api/connections/c%20${connections}/more`,
      body: { runId: asked[0]?.body.runId, rows: 10_000 },
    });
    expect(asked[0]?.body).toMatchObject({ waits: true });
    expect(screen.queryByRole("button", { name: /^Load/ })).toBeNull();
    expect(outcome()).toHaveTextContent("2 rows so far");
    await end(rows([["3"]]), done({ rows: 3 }));
    await waitFor(() => expect(outcome()).toHaveTextContent("3 rows"));
    expect(screen.getAllByRole("gridcell").map((cell) => cell.textContent)).toEqual(["1", "2", "3"]);
  });

  test.each([
    ["time", "the time limit was reached"],
    ["wanted", "its session was needed"],
    ["most", "A page can hold a million rows or 256 MB"],
  ] as const)("ends by itself, and says why: %s", async (waited, words) => {
    await runToTheLimit();
    await end({ ...capped, waited });
    expect(await screen.findByText(new RegExp(words))).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Load/ })).toBeNull();
    expect(outcome()).toHaveTextContent("Stopped at the limit of 10,000 rows.");
  });

  test("one that the server does not keep says what would go on", async () => {
    const { user } = open();
    await user.type(box(), "x");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end(started, { type: "columns", columns: [column("n")], ms: 1 }, rows([["1"]]), capped);
    expect(
      await screen.findByText(/Only statements that read, run read-only, or run in a transaction/),
    ).toBeVisible();
  });

  test("another statement is sent at once, and the one that waited leaves no trace in it", async () => {
    const user = await runToTheLimit();
    const first = stream;
    stream = undefined;
    await user.click(screen.getByRole("button", { name: "Run" }));
    await waitFor(() => expect(asked).toHaveLength(2));
    await send(started, { type: "columns", columns: [column("n")], ms: 1 }, rows([["other"]]));
    first?.enqueue(new TextEncoder().encode(`${JSON.stringify({ ...capped, waited: "wanted" })}\n`));
    first?.close();
    await end(done());
    await waitFor(() => expect(outcome()).toHaveTextContent("1 row · 2.0 ms"));
    expect(screen.getAllByRole("gridcell").map((cell) => cell.textContent)).toEqual(["other"]);
    expect(screen.queryByText(/session was needed/)).toBeNull();
  });
});

describe("an error", () => {
  const missing = {
    severity: "ERROR",
    sqlstate: "42703",
    message: 'column "nme" does not exist',
    hint: "Perhaps you meant name.",
    position: 12,
  };

  test("keeps the server's words and marks the place until the text is changed", async () => {
    const { user } = open();
    await user.type(box(), "select id, nme from t");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end(started, failure({ error: missing }));
    const alert = within(await screen.findByRole("alert"));
    expect(alert.getByText(/column "nme" does not exist/)).toBeVisible();
    expect(alert.getByText("42703")).toBeVisible();
    expect(alert.getByText("Perhaps you meant name.")).toBeVisible();
    expect(document.querySelector("[data-error-place]")).toHaveTextContent("nme");
    expect(box()).toBeInvalid();
    await user.click(alert.getByRole("button", { name: "Go to line 1, column 12" }));
    expect(box()).toHaveFocus();
    expect(box().selectionStart).toBe(11);
    await user.type(box(), "!");
    expect(document.querySelector("[data-error-place]")).toBeNull();
  });

  test("a conflict is explained (D), and run again by one click", async () => {
    const { user } = open();
    await user.type(box(), "update t set n = 1");
    await user.click(screen.getByRole("button", { name: "Run" }));
    const message = "change conflicts with another transaction, please retry: (OC000)";
    await end(started, failure({ error: { severity: "ERROR", sqlstate: "40001", message } }));
    expect(await screen.findByText(/Another transaction changed the same rows first/)).toBeVisible();
    stream = undefined;
    await user.click(screen.getByRole("button", { name: "Run it again" }));
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1]?.body).toMatchObject({ sql: "update t set n = 1", inTransaction: false });
    await end(started, done({ tag: "UPDATE 1", affected: 1, rows: 0 }));
  });

  test("after a conflict at the commit, the last statement alone is not offered again", async () => {
    const { user } = open();
    await user.type(box(), "begin");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end(started, done({ tag: "BEGIN", rows: 0, transaction: "open" }));
    await screen.findByText(/A transaction is open/);
    stream = undefined;
    await user.click(screen.getByRole("button", { name: "Commit" }));
    const message = "could not serialize access due to read/write dependencies among transactions";
    await end(started, failure({ error: { severity: "ERROR", sqlstate: "40001", message } }));
    expect(await screen.findByText(/Run all of it again from its first statement/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Run it again" })).toBeNull();
  });

  test("what a paste has changed is told", async () => {
    const { user } = open();
    await user.type(box(), "select “id” from item");
    await user.click(screen.getByRole("button", { name: "Run" }));
    const error = { severity: "ERROR", sqlstate: "42703", message: "column “id” does not exist" };
    await end(started, failure({ error }));
    expect(await screen.findByText(/typographic quotes, dashes or full-width characters/)).toBeVisible();
  });

  test("a second statement gets a hint", async () => {
    const { user } = open();
    await user.type(box(), "select 1; select 2");
    await user.click(screen.getByRole("button", { name: "Run" }));
    const error = {
      severity: "ERROR",
      sqlstate: "42601",
      message: "cannot insert multiple commands",
      routine: "exec_parse_message",
    };
    await end(started, failure({ error }));
    expect(await screen.findByText("Run one statement at a time.")).toBeVisible();
  });

  test("a problem of the console comes with its words and its code", async () => {
    answer = () =>
      Response.json(
        {
          problem: {},
          explained: {
            problem: { code: "too-many-attempts", step: "console", facts: { limit: 5 }, fixes: [], also: [] },
            title: "Too many at once",
            cause: "All places are taken.",
            fix: "Wait a little.",
            fixes: [],
          },
        },
        { status: 429 },
      );
    const { user } = open();
    await user.type(box(), "x");
    await user.click(screen.getByRole("button", { name: "Run" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveAttribute("data-problem", "too-many-attempts");
    expect(alert).toHaveTextContent("All places are taken.");
  });

  test.each([
    ["a session that has ended", () => Response.json({ problem: {} }, { status: 401 }), /Sign in again/],
    [
      "a console that is gone",
      () => {
        throw new TypeError("fetch failed");
      },
      /The console did not answer/,
    ],
    [
      "a stream that breaks off",
      () => new Response(`${JSON.stringify(started)}\n{"ty`),
      /The console did not answer/,
    ],
  ] as const)("%s", async (_, given, words) => {
    answer = given;
    const { user } = open();
    await user.type(box(), "x");
    await user.click(screen.getByRole("button", { name: "Run" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(words);
    expect(screen.getByRole("button", { name: "Run" })).not.toHaveAttribute("aria-busy");
  });
});

describe("cancel", () => {
  test("has a request of its own and waits for the server's word", async () => {
    const { user } = open();
    await user.type(box(), "select pg_sleep(60)");
    expect(screen.getByRole("button", { name: "Cancel" })).toBeDisabled();
    await user.click(screen.getByRole("button", { name: "Run" }));
    await send(started);
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1]).toMatchObject({
      path: `/api/connections/c%20${connections}/cancel`,
      body: { runId: asked[0]?.body.runId },
    });
    expect(outcome()).toHaveTextContent("Cancelling on the server");
    await end(failure({ stopped: "cancelled" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The server stopped the statement");
  });

  test("leaving the page ends the request", async () => {
    const { user, unmount } = open();
    await user.type(box(), "select pg_sleep(60)");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await send(started);
    unmount();
    expect(asked[0]?.signal?.aborted).toBe(true);
  });
});

describe("read-only", () => {
  test("a statement that it swallows is said to have no effect; off, LISTEN is told where it is heard", async () => {
    const { user } = open({ readOnlyFirst: true });
    await user.type(box(), "set work_mem = '8MB'");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end({ ...started, readOnly: true }, done({ tag: "SET", rows: 0 }));
    expect(await screen.findByText(/This has no effect: with the Read-only switch on/)).toBeVisible();
    stream = undefined;
    await user.click(readOnly());
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end(started, done({ tag: "SET", rows: 0 }));
    await waitFor(() => expect(screen.queryByText(/This has no effect/)).toBeNull());
    stream = undefined;
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end(started, done({ tag: "LISTEN", rows: 0 }));
    expect(
      await screen.findByText(/Notifications sent to this session are shown with the next statement/),
    ).toBeVisible();
  });

  test("is on where the connection is marked Production, and can be switched off for a run", async () => {
    const { user } = open({ readOnlyFirst: true });
    expect(readOnly()).toBeChecked();
    await user.type(box(), "x");
    await user.click(readOnly());
    await user.click(screen.getByRole("button", { name: "Run" }));
    await waitFor(() => expect(asked[0]?.body.readOnly).toBe(false));
    await end(started, done());
  });

  test("says which roles it does not bind, while it is on", async () => {
    const { user } = open({ readOnlyFirst: true, unbound: ["superuser"] });
    expect(screen.getByText("This role can bypass read-only")).toBeVisible();
    await user.click(readOnly());
    expect(screen.queryByText("This role can bypass read-only")).toBeNull();
  });
});

describe("the tab's own session", () => {
  const session = (given: Partial<TabSession> = {}): TabSession => ({
    id: "s".repeat(22),
    held: holdsNothing,
    transaction: "none",
    openMs: null,
    endsInMs: null,
    shared: false,
    ...given,
  });
  const holding = session({
    held: { ...holdsNothing, temporary: 1, settings: ["search_path", "work_mem"], searchPath: "pg_catalog" },
    endsInMs: 900_000,
  });
  const strip = () => screen.findByRole("region", { name: "Session of this tab" });
  const runs = () => asked.filter(({ path }) => path.endsWith("/run"));

  /** As a page that was loaded anew finds them. */
  const kept = () => {
    const [id, lease] = ["t".repeat(22), "l".repeat(22)];
    sessionStorage.setItem(`cloak-db.tab.c ${connections}.1`, `${id} ${lease}`);
    return { id, lease };
  };

  async function runOnce(user: ReturnType<typeof open>["user"], ...messages: readonly RunMessage[]) {
    await user.type(box(), "x");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end(started, ...messages, done());
    await waitFor(() => expect(outcome()).toHaveTextContent("SELECT 1"));
    stream = undefined;
  }

  test("is told in a strip, and counted on by the next run", async () => {
    const { user } = open();
    await runOnce(user, { type: "session", session: holding });
    expect(await strip()).toHaveTextContent(
      "own session · search_path=pg_catalog · setting: work_mem · 1 temporary object",
    );
    await user.click(screen.getByRole("button", { name: "Run" }));
    await waitFor(() => expect(runs()).toHaveLength(2));
    expect(runs()[0]?.body.tab).toMatchObject({ name: "SQL 1" });
    expect(runs()[0]?.body.tab).not.toHaveProperty("session");
    expect(runs()[1]?.body.tab).toMatchObject({ session: holding.id });
    await end(started, { type: "session", session: session() }, done());
    await waitFor(() => expect(screen.queryByRole("region", { name: "Session of this tab" })).toBeNull());
  });

  test("its last minute is counted down, and its end is asked for", async () => {
    const { user } = open();
    await runOnce(user, { type: "session", session: { ...holding, endsInMs: 59_000 } });
    expect(await strip()).toHaveTextContent(/closes in 00:5\d/);
    await runOnce(user, { type: "session", session: { ...holding, endsInMs: -2_000 } });
    expect(await screen.findByText(/This tab’s database session has ended/)).toBeVisible();
  });

  test("found again by a page that was loaded anew, with its transaction (W1)", async () => {
    const { id, lease } = kept();
    const open3 = { transaction: "open", openMs: 42_000, endsInMs: 200_000 } as const;
    tabAnswer = { here: true, session: session(open3), lost: null };
    const { user } = open();
    await screen.findByText(/A transaction is open/);
    expect(await strip()).toHaveTextContent(/own session · transaction open 00:4\d/);
    expect(asked[0]?.body).toMatchObject({ act: "take", tab: id, lease, anyhow: false });
    await user.click(screen.getByRole("button", { name: "Commit" }));
    await waitFor(() => expect(runs()).toHaveLength(1));
    expect(runs()[0]?.body).toMatchObject({
      sql: "commit",
      inTransaction: true,
      tab: { id, lease: asked[0]?.body.next, session: "s".repeat(22) },
    });
    await end(started, { type: "session", session: session() }, done({ tag: "COMMIT" }));
    await waitFor(() => expect(screen.queryByText(/A transaction is open/)).toBeNull());
  });

  test("another page's is only used here when the person says so", async () => {
    kept();
    tabAnswer = { here: false };
    const { user } = open();
    const use = await screen.findByRole("button", { name: "Use it here" });
    tabAnswer = { here: true, session: holding, lost: null };
    await user.click(use);
    expect(await screen.findByText(/search_path=pg_catalog/)).toBeVisible();
    expect(asked[1]?.body).toMatchObject({ anyhow: true });
  });

  test("once it is gone, what was lost is named, and a button runs it anew", async () => {
    const { user } = open();
    await runOnce(user, { type: "session", session: { ...holding, transaction: "open", openMs: 1 } });
    const lost = { id: holding.id, held: holding.held, transaction: true, why: "cut" } as const;
    tabAnswer = { here: true, session: null, lost };
    const facts = { reason: "cut", session: holding.id };
    const gone = { code: "session-gone", step: "console", facts, fixes: [], also: [] };
    const words = { title: "Gone", cause: "It was ended.", fix: "Run it anew.", fixes: [] };
    answer = () => Response.json({ problem: gone, explained: { problem: gone, ...words } }, { status: 409 });
    await user.click(screen.getByRole("button", { name: "Run" }));
    expect(await screen.findByText("It was ended.")).toBeVisible();
    expect(await strip()).toHaveTextContent(
      "Lost with it: an open transaction, search_path=pg_catalog, setting: work_mem, 1 temporary object.",
    );
    expect(screen.queryByText(/A transaction is open/)).toBeNull();
    answer = () => new Response(`${JSON.stringify(started)}\n${JSON.stringify(done())}\n`);
    await user.click(screen.getByRole("button", { name: "Run in a new session" }));
    await waitFor(() => expect(runs()).toHaveLength(3));
    expect(runs()[2]?.body).toMatchObject({ inTransaction: false, tab: { knownLost: holding.id } });
    expect(runs()[2]?.body.tab).not.toHaveProperty("session");
    await waitFor(() => expect(outcome()).toHaveTextContent("SELECT 1"));
  });

  test("behind a pooler that shares sessions it is said that nothing lasts", async () => {
    const { user } = open();
    await runOnce(user, { type: "session", session: session({ shared: true }) });
    expect(await strip()).toHaveTextContent("settings and temporary tables do not last");
  });
});

describe("a transaction", () => {
  test("stays in sight, keeps read-only off, and is ended by a button", async () => {
    const { user } = open({ readOnlyFirst: true });
    await user.click(readOnly());
    await user.type(box(), "begin");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end(started, done({ tag: "BEGIN", rows: 0, transaction: "open" }));
    expect(await screen.findByText(/A transaction is open/)).toBeVisible();
    expect(readOnly()).toBeDisabled();
    expect(readOnly()).not.toBeChecked();
    stream = undefined;
    await user.click(screen.getByRole("button", { name: "Roll back" }));
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1]?.body).toMatchObject({
      sql: "rollback",
      rev: 3,
      inTransaction: true,
      tab: asked[0]?.body.tab,
    });
    await end(started, done({ tag: "ROLLBACK", rows: 0 }));
    await waitFor(() => expect(screen.queryByText(/A transaction is open/)).toBeNull());
  });

  test("one that is gone is said, and the statement did not run", async () => {
    const { user } = open();
    await user.type(box(), "x");
    await user.click(screen.getByRole("button", { name: "Run" }));
    await end(started, failure({ stopped: "transaction-lost" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The transaction has ended");
  });
});
