import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cancelBackend } from "#lib/connect/cancel-backend.ts";
import { connect, type LiveConnection, withClient } from "#lib/connect/connect.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { type WireSettings, wireProfile } from "#tests/support/wire-profile.ts";

const password = "secret";
let server: SampleServer;
let ca: string;

beforeAll(async () => {
  const root = await makeCertificate({ ca: true, commonNames: ["Root"] });
  ca = root.pem;
  server = await startPostgres({
    certificate: await makeCertificate({ dns: ["localhost"], issuer: root }),
    users: [{ name: "app", password }],
  });
});
afterAll(() => server?.stop());

describe("cancelBackend", () => {
  test.each([
    ["over TLS", {}],
    ["over direct TLS", { negotiation: "direct" }],
    ["in plain text, where the session is", { mode: "disable" }],
  ] as const)("ends what is running, %s", async (_what, tls) => {
    const given = profile({ tls });
    const live = await opened(given);
    try {
      const running = live.client
        .query("select pg_sleep(30)")
        .catch((error: { code?: string }) => error.code);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const cancelled = await cancelBackend(given, live);
      expect(cancelled).toEqual({ ok: true, value: undefined });
      expect(await running).toBe("57014");
      expect((await live.client.query("select 1 as one")).rows).toEqual([{ one: "1" }]);
    } finally {
      await live.close();
    }
  });

  test("checks the server as the session did", async () => {
    const given = profile();
    const live = await opened(given);
    try {
      const other = await makeCertificate({ ca: true, commonNames: ["Other"] });
      const untrusting = { ...given, tls: { ...given.tls, ca: other.pem } };
      expect(await cancelBackend(untrusting, live)).toMatchObject({
        ok: false,
        problem: { code: "tls-unknown-ca" },
      });
    } finally {
      await live.close();
    }
  });
});

describe("a live connection", () => {
  test("gives what the server wrote, unchanged", async () => {
    const answer = await withClient(profile(), {}, async ({ client }) => {
      const { rows } = await client.query(
        "select 12345678901234567890::numeric as n, timestamptz '2024-01-01 00:00:00.123456+00' as t, true as b, 1.10::float8 as f, null as x",
      );
      return rows;
    });
    expect(answer).toEqual({
      ok: true,
      value: [{ n: "12345678901234567890", t: "2024-01-01 00:00:00.123456+00", b: "t", f: "1.1", x: null }],
    });
  });

  test("leaves nobody on the server, whatever the work does", async () => {
    await expect(
      withClient(profile(), {}, async () => {
        throw new Error("the work failed");
      }),
    ).rejects.toThrow("the work failed");
    const [row] = await server.admin("select count(*)::int as n from pg_stat_activity where usename = 'app'");
    expect(row?.n).toBe(0);
  });

  test("forgets the password", async () => {
    const live = await opened(profile());
    try {
      expect(live.client.password).toBe("");
      const { connectionParameters } = live.client as unknown as {
        connectionParameters: { password: string };
      };
      expect(connectionParameters.password).toBe("");
    } finally {
      await live.close();
    }
  });

  test("closes when the server is gone, and more than once", async () => {
    const live = await opened(profile());
    await server.admin("select pg_terminate_backend($1)", [live.backend.pid]);
    await live.close();
    await live.close();
  });

  test("withClient hands on the problem", async () => {
    const answer = await withClient(profile({ password: "wrong" }), {}, async () => "never");
    expect(answer).toMatchObject({ ok: false, problem: { code: "auth-password-wrong" } });
  });
});

function profile(settings: Partial<WireSettings> = {}): ProfileDraft {
  return wireProfile({
    port: server.port,
    host: "localhost",
    password,
    ...settings,
    tls: { ca, ...settings.tls },
  });
}

async function opened(given: ProfileDraft): Promise<LiveConnection> {
  const { connection, report } = await connect(given);
  if (connection === null) throw new Error(JSON.stringify(report.problem));
  return connection;
}
