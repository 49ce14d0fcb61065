import { afterAll, beforeAll, expect, test } from "vitest";
import { testConnection } from "#lib/connect/connect.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { type WireSettings, wireProfile } from "#tests/support/wire-profile.ts";

const password = "right";
let server: SampleServer;

beforeAll(async () => {
  server = await startPostgres({ users: [{ name: "app", password }] });
  await server.admin(`set scram_iterations = 2000000; create role slow login password '${password}'`);
}, 60_000);
afterAll(() => server?.stop());

test("two million rounds are done, and the main thread goes on meanwhile", async () => {
  let turns = 0;
  const clock = setInterval(() => {
    turns += 1;
  }, 5);
  try {
    const report = await attempt({ user: "slow", password });
    expect(report.problem).toBeNull();
    const signIn = report.steps.find(({ name }) => name === "sign-in");
    // So many rounds take no less on any machine of today.
    expect(signIn?.ms).toBeGreaterThan(100);
    expect(turns).toBeGreaterThan(10);
  } finally {
    clearInterval(clock);
  }
});

test("several at once are done in turn, and nobody else waits for them", async () => {
  const slow = [attempt({ user: "slow", password }), attempt({ user: "slow", password })];
  const others = await Promise.all([1, 2, 3].map(() => attempt({ user: "app", password })));
  const first = await Promise.race([Promise.all(slow), "not yet"]);
  expect(others.map(({ problem }) => problem)).toEqual([null, null, null]);
  expect(first).toBe("not yet");
  expect((await Promise.all(slow)).map(({ problem }) => problem)).toEqual([null, null]);
});

test("a wrong password is one after two million rounds, too", async () => {
  const report = await attempt({ user: "slow", password: "wrong" });
  expect(report.problem?.code).toBe("auth-password-wrong");
});

test("more than fit into the time of the attempt are refused before they are begun", async () => {
  const report = await attempt({ user: "slow", password, more: { connectTimeoutMs: 2_000 } });
  expect(report.problem).toMatchObject({
    code: "auth-method-refused",
    facts: { reason: "scram-iterations", iterations: 2_000_000 },
  });
});

function attempt(settings: Partial<WireSettings>) {
  return testConnection(
    wireProfile({
      port: server.port,
      tls: { mode: "disable" },
      ...settings,
      // Beside other tests a round takes its time.
      more: { connectTimeoutMs: 25_000, ...settings.more },
    }),
  );
}
