import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cancelBackend } from "#lib/connect/cancel-backend.ts";
import { connect } from "#lib/connect/connect.ts";
import { endsDisagree } from "#lib/connect/ends-disagree.ts";
import { tlsTruth } from "#lib/connect/tls-truth.ts";
import { problem } from "#lib/problems/problem.ts";
import type { ConnectionProfile, TlsSettings } from "#lib/profiles/profile.ts";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import type { RunEvent } from "#lib/session/run-events.ts";
import { runStatement } from "#lib/session/run-statement.ts";
import { sessionFacts } from "#lib/session/session-facts.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

let root: SampleCertificate;
let server: SampleServer;
const clients = new LiveClients(connect);

beforeAll(async () => {
  root = await makeCertificate({ commonNames: ["Root"], ca: true });
  const leaf = await makeCertificate({ commonNames: ["db"], dns: ["localhost"], issuer: root });
  server = await startPostgres({
    certificate: leaf,
    hba: ["hostssl all all all scram-sha-256"],
    users: [{ name: "app", password: "secret" }],
  });
});
afterAll(async () => {
  clients.close({}, problem("cancelled"));
  await server?.stop();
});

describe("a session over verified TLS", () => {
  test("runs, stays, and tells the truth of its live socket", async () => {
    const first = await acquire();
    expect(tlsTruth(first.connection.report.tls)).toBe("full");
    expect(endsDisagree(first.connection.report.tls, first.connection.report.server?.sees)).toEqual([]);
    const facts = await sessionFacts(first);
    expect(facts.unbound).toEqual([]);
    expect(facts.latencyMs).toBeGreaterThan(0);
    first.release();
    const again = await acquire();
    expect(again.opened).toBeNull();
    expect(again.connection.report).toBe(first.connection.report);
    again.release();
  });

  test("the truth follows the socket, not the wish", async () => {
    const session = await acquire({ mode: "require" });
    expect(tlsTruth(session.connection.report.tls)).toBe("ca");
    session.discard();
    const careless = await acquire({ allowSelfSigned: true });
    expect(tlsTruth(careless.connection.report.tls)).toBe("unverified");
    careless.discard();
  });

  test("a cancellation goes over TLS with the same checks and ends it within a second", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const start = performance.now();
    const events = await run("select pg_sleep(60)", stop.signal);
    expect(performance.now() - start).toBeLessThan(1_200);
    expect(events.at(-1)).toMatchObject({
      type: "error",
      stopped: "cancelled",
      error: { sqlstate: "57014" },
    });
    expect(server.log()).not.toMatch(/no pg_hba.conf entry|no encryption/);
    expect((await run("select 1")).at(-1)).toMatchObject({ type: "done", rows: 1 });
  });

  test("more than a thousand notices and more than a result's usual bytes leave the socket whole", async () => {
    const many = await run("do $$ begin for i in 1..5000 loop raise notice '%', i; end loop; end $$");
    expect(many.at(-1)).toMatchObject({ type: "done", noticesDropped: 4_000 });
    for (let round = 0; round < 3; round += 1) {
      const large = await run("select repeat('x', 500000) from generate_series(1, 100)");
      expect(large.at(-1)).toMatchObject({ type: "done", rows: 100 });
    }
    const tooLarge = await run("select repeat('x', 3000000) from generate_series(1, 64)");
    expect(tooLarge.at(-1)).toMatchObject({ type: "error", stopped: "too-large" });
    expect((await run("select 1")).at(-1)).toMatchObject({ type: "done", rows: 1 });
  });

  test("one value of more than 16 MB ends the session, not the process", async () => {
    const events = await run("select repeat('x', 20000000)");
    expect(events.at(-1)).toMatchObject({ type: "error", stopped: "too-large", problem: null });
    expect((await run("select 1")).at(-1)).toMatchObject({ type: "done", rows: 1 });
  });
});

async function acquire(tls: Partial<TlsSettings> = {}) {
  const base = sampleProfile({ port: server.port, host: "localhost" });
  const profile: ConnectionProfile = {
    ...base,
    id: JSON.stringify(tls),
    tls: { ...base.tls, mode: "verify-full", trust: "own", ca: root.pem, ...tls },
  };
  const session = await clients.acquire({
    kind: "browse",
    userId: "user-1",
    sessionId: "session-1",
    profile,
    mode: "read-only",
    dial: { network: { allowLoopback: true } },
  });
  if (!session.ok) throw new Error(JSON.stringify(session.problem.problem));
  return { ...session.value, profile };
}

async function run(sql: string, signal = new AbortController().signal): Promise<RunEvent[]> {
  const session = await acquire();
  const events: RunEvent[] = [];
  const cancel = () =>
    cancelBackend(session.profile, session.connection, { network: { allowLoopback: true } }).then((sent) => {
      if (!sent.ok) throw new Error(sent.problem.code);
    });
  const asked = {
    statement: { text: sql, values: [] },
    readOnly: true,
    rowCap: 10_000,
    timeoutMs: 30_000,
    signal,
    cancel,
  };
  for await (const event of runStatement(session, asked)) events.push(event);
  return events;
}
