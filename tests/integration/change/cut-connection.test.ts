import { afterAll, beforeAll, expect, test } from "vitest";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Changing, deleteAt, insertOf, updateAt } from "#tests/support/changing.ts";
import { type CuttingProxy, type CutWhen, cuttingProxy } from "#tests/support/cutting-proxy.ts";

let server: SampleServer;
let proxy: CuttingProxy;
let changing: Changing;

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    fill: { postgres: "create table cut (id int primary key, v text); grant all on cut to app" },
  });
  proxy = await cuttingProxy(server.port);
  changing = new Changing({ port: proxy.port }, { port: server.port });
});
afterAll(async () => {
  changing?.close();
  await proxy?.stop();
  await server?.stop();
});

const before = ["(1,x)", "(2,x)", "(3,x)"];
const after = ["(1,mine)", "(3,x)", "(4,new)"];

const rows = async () =>
  (await server.admin("select c::text as row from cut c order by id")).map(({ row }) => row as string);

/** Applies the same set anew, with the connection cut at a message of it, if any. */
async function applied(cut: number | undefined, when: CutWhen) {
  await server.admin("truncate cut; insert into cut select n, 'x' from generate_series(1, 3) n");
  const page = await changing.open("cut");
  const changes = [updateAt(page, 0, { v: "mine" }), deleteAt(page, 1), insertOf({ id: "4", v: "new" })];
  // The session stands and has learned what it needs: what is counted are messages of the set.
  await changing.try(page, changes.slice(0, 1));
  proxy.cutAt(cut, when);
  const answer = await changing.apply(page, changes);
  const seen = [...proxy.seen];
  proxy.cutAt(undefined);
  return { answer, seen, rows: await rows() };
}

/** All of them, or in a short run those around COMMIT, and some before. */
const everyMessage = process.env.CLOAK_DB_ROUNDS !== undefined;
const aroundCommit = 26;

test("cut at whatever message, what is told is what became of it", { timeout: 600_000 }, async () => {
  const whole = await applied(undefined, "before");
  expect(whole.answer).toMatchObject({ outcome: "applied", foundOut: false });
  expect(whole.rows).toEqual(after);
  const told = new Set<string>();
  for (const when of ["before", "after"] as const)
    for (let at = 1; at <= whole.seen.length; at += 1) {
      if (!everyMessage && at < whole.seen.length - aroundCommit && at % 80 !== 1) continue;
      const { answer, rows: found } = await applied(at, when);
      const isThere = JSON.stringify(found) === JSON.stringify(after);
      const place = [at, when, whole.seen[at - 1]];
      expect([...place, answer.outcome, found]).toEqual([
        ...place,
        isThere ? "applied" : "lost",
        isThere ? after : before,
      ]);
      told.add("foundOut" in answer && answer.foundOut ? `${answer.outcome}, found out` : answer.outcome);
    }
  // Every way it can end was met: told at once, and found out by another connection.
  expect([...told].sort()).toEqual(["applied", "applied, found out", "lost", "lost, found out"]);
});

test("a server that waits for a COMMIT which never comes is told so at once", async () => {
  const { seen } = await applied(undefined, "before");
  // The last packet empties the session, the one before it is COMMIT.
  const commit = seen.lastIndexOf(">P", seen.lastIndexOf(">P") - 1) + 1;
  const startedAt = performance.now();
  expect(await applied(commit, "unheard")).toMatchObject({
    answer: { outcome: "lost", foundOut: true },
    rows: before,
  });
  // By itself it would wait for 15 seconds.
  expect(performance.now() - startedAt).toBeLessThan(12_000);
});
