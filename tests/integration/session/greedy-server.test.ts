import { afterEach, describe, expect, test } from "vitest";
import { connect } from "#lib/connect/connect.ts";
import { problem } from "#lib/problems/problem.ts";
import { defaultLimits, LiveClients } from "#lib/session/live-clients.ts";
import { query } from "#lib/session/query.ts";
import type { RunEvent } from "#lib/session/run-events.ts";
import { runStatement } from "#lib/session/run-statement.ts";
import { statement } from "#lib/session/statement.ts";
import {
  authentication,
  endless,
  type Line,
  oneColumn,
  type RogueServer,
  readyForQuery,
  serverMessage,
  startRogue,
} from "#tests/support/rogue-server.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

/** A server that sends more than it was asked for fills no memory, here or in the browser. */
let rogue: RogueServer | undefined;
// These servers answer the questions of the start alone: how many sessions they have is not asked.
const clients = new LiveClients(connect, { ...defaultLimits, perConnection: 5 });
afterEach(async () => {
  clients.close({}, problem("cancelled"));
  await rogue?.stop();
});

const bound = Buffer.concat([serverMessage("1", ""), serverMessage("2", "")]);
const emptyRow = serverMessage("D", [0, 0]);
const oneRow = serverMessage("D", [0, 1, 0, 0, 0, 1, 0x78]);
const suspended = serverMessage("s", "");
const noColumns = serverMessage("T", [0, 0]);
const many = (row: Buffer, count: number) => Buffer.concat(Array<Buffer>(count).fill(row));

interface Attack {
  readonly name: string;
  readonly attack: (line: Line) => unknown;
  /** Rows that were asked for, and may be shown. */
  readonly mostRows: number;
}

const flood = (head: Buffer, row: Buffer) => (line: Line) => {
  line.send(head);
  endless(line, row);
};

const attacks: readonly Attack[] = [
  {
    name: "empty rows without end",
    attack: flood(noColumns, emptyRow),
    mostRows: 64,
  },
  { name: "rows without end", attack: flood(oneColumn, oneRow), mostRows: 64 },
  { name: "one row more than asked", attack: (line) => line.send(oneColumn, many(oneRow, 65)), mostRows: 64 },
  { name: "columns described twice", attack: (line) => line.send(oneColumn, oneColumn), mostRows: 0 },
  { name: "columns described without end", attack: (line) => endless(line, oneColumn), mostRows: 0 },
  {
    name: "columns described anew between rows",
    attack: (line) => line.send(oneColumn, oneRow, oneColumn, oneRow),
    mostRows: 1,
  },
  {
    name: "columns described anew in the second batch",
    attack: async (line) => {
      line.send(oneColumn, many(oneRow, 64), suspended);
      await line.message(true);
      await line.message(true);
      line.send(oneColumn);
    },
    mostRows: 64,
  },
  {
    name: "more rows than the second batch asks for",
    attack: async (line) => {
      line.send(oneColumn, many(oneRow, 64), suspended);
      await line.message(true);
      await line.message(true);
      endless(line, oneRow);
    },
    mostRows: 64 + 2_000,
  },
];

describe.each([true, false])("in a result, read-only %s", (readOnly) => {
  test.each(attacks)("$name: the socket is closed", async ({ attack, mostRows }) => {
    rogue = await startRogue(async (line) => {
      await signIn(line);
      // What brings the session into shape.
      await line.message(true);
      line.send(serverMessage("C", "SET\0"), readOnly ? serverMessage("Z", "T") : readyForQuery);
      for (const _message of "PBDEH") await line.message(true);
      line.send(bound);
      await attack(line);
    });
    const session = await acquire(readOnly ? "read-only" : "read-write");
    const before = process.memoryUsage().rss;
    const { signal } = new AbortController();
    const asked = { statement: statement("select"), readOnly, rowCap: 10_000, timeoutMs: 30_000, signal };
    const events: RunEvent[] = [];
    for await (const event of runStatement(session, { ...asked, cancel: async () => undefined }))
      events.push(event);
    expect(session.connection.inbound.breach).toMatchObject({ reason: "rows" });
    expect(events.at(-1)).toMatchObject({ type: "error", stopped: "too-large" });
    expect(events.filter(({ type }) => type === "columns").length).toBeLessThanOrEqual(1);
    const rows = events.flatMap((event) => (event.type === "rows" ? event.rows : []));
    expect(rows.length).toBeLessThanOrEqual(mostRows);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
    expect(session.connection.socket.destroyed).toBe(true);
    expect(clients.count()).toMatchObject({ idle: 0, inUse: 0 });
  });
});

test("an answer to a question of the console's own is bounded by what its rows cost, too", async () => {
  rogue = await startRogue(async (line) => {
    await signIn(line);
    await line.message(true);
    line.send(many(Buffer.concat([bound, serverMessage("C", "SET\0")]), 5), bound, noColumns);
    endless(line, emptyRow);
  });
  const { connection } = await acquire("read-only");
  const limits = { timeoutMs: 30_000, lockTimeoutMs: 1_000, bytes: 1024 * 1024 };
  await expect(query(connection, statement("select"), limits)).rejects.toThrow();
  expect(connection.inbound.breach).toMatchObject({ reason: "result" });
  // 64 bytes each: long before a megabyte has come over the wire.
  expect(connection.inbound.received).toBeLessThan(512 * 1024);
});

test("a server that falls silent after the sign-in is not waited for without end", async () => {
  rogue = await startRogue(signIn);
  const asking = new LiveClients(connect, { ...defaultLimits, placesMs: 300 });
  const session = await asking.acquire({
    kind: "browse",
    userId: "user-1",
    sessionId: "session-1",
    mode: "read-only",
    profile: sampleProfile({ port: rogue.port }),
    dial: { network: { allowLoopback: true } },
  });
  // What was opened is gone by then, as a session is that ends at any other moment.
  expect(session.ok && session.value.connection.socket.destroyed).toBe(true);
  expect(asking.count()).toEqual({ idle: 0, inUse: 0, opening: 0, waiting: 0 });
});

/** Lets the client in, and answers none of what it asks of the session. */
async function signIn(line: Line): Promise<void> {
  await line.message(false);
  line.send(authentication(0), serverMessage("K", [0, 0, 0, 7, 0, 0, 0, 9]), readyForQuery);
  for (let question = 1; question <= 6; question += 1) {
    await line.message(true);
    line.send(serverMessage("E", "SERROR\0VERROR\0C42883\0Mno\0\0"), readyForQuery);
  }
}

async function acquire(mode: "read-only" | "read-write") {
  const session = await clients.acquire({
    userId: "user-1",
    sessionId: "session-1",
    kind: "tab",
    tab: { id: "view-1", lease: "lease-1", name: "" },
    mode,
    profile: sampleProfile({ port: rogue?.port ?? 0 }),
    dial: { network: { allowLoopback: true } },
  });
  if (!session.ok) throw new Error(JSON.stringify(session.problem.problem));
  return session.value;
}
