import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Result } from "#lib/problems/result.ts";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { type Act, acts } from "#tests/crash/acts.ts";
import { value } from "#tests/crash/expected.ts";
import { postgresAt } from "#tests/crash/postgres-place.ts";
import type { Place } from "#tests/crash/stores.ts";
import { type SlowingProxy, slowingProxy } from "#tests/support/slowing-proxy.ts";
import { type StoreServer, startStoreServer } from "#tests/support/store-server.ts";

/** Longer than the console waits for an answer: it has given up when the message arrives. */
const tooLong = 7_000;
/** Shorter: it waits. */
const long = 1_500;
/** Besides those that end something, one message in so many is slow once; `EVERY=1` takes a minute. */
const every = Number(process.env.EVERY ?? 12);

let server: StoreServer;
let folder: string;
beforeAll(async () => {
  // Each place has a connection or two, and one that was given up.
  server = await startStoreServer({ max_connections: 400 });
  folder = mkdtempSync(join(tmpdir(), "cloak-slow-"));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A vault of its own behind a way of its own. */
async function bench(): Promise<{
  readonly proxy: SlowingProxy;
  readonly place: Place;
  end(): Promise<void>;
}> {
  const proxy = await slowingProxy(server.server.port);
  const schema = await server.schema();
  const home = join(folder, schema);
  mkdirSync(join(home, "state"), { recursive: true, mode: 0o700 });
  const place = postgresAt(
    JSON.stringify({
      CLOAK_DB_STORE: `postgres://app@127.0.0.1:${proxy.port}/vault?sslmode=disable&schema=${schema}`,
      CLOAK_DB_STORE_PASSWORD_FILE: server.passwordFile,
      HOME: home,
    }),
  );
  return {
    proxy,
    place,
    end: async () => {
      await place.end?.();
      await proxy.stop();
    },
  };
}

interface Trial {
  readonly told: Result<unknown>;
  /** How often it has happened, when everything that was under way has arrived. */
  readonly found: number | string;
  /** And after it was done once more. */
  readonly again: number | string;
  readonly took: number;
  readonly seen: readonly string[];
}

/** Does an act while one message of it is slow. */
async function tried(act: Act, message: number | undefined, ms: number): Promise<Trial> {
  const { proxy, place, end } = await bench();
  try {
    await act.prepare(place);
    const run = await act.begin(place);
    proxy.slowAt(message, ms);
    const began = performance.now();
    const told = await run();
    const took = performance.now() - began;
    const seen = [...proxy.seen];
    proxy.slowAt(undefined);
    await proxy.settled();
    const found = await act.found(place);
    const once = await run();
    const again = once.ok ? await act.found(place) : once.problem.code;
    return { told, found, again, took, seen };
  } finally {
    await end();
  }
}

/** Larger than one statement: a transaction of several. */
const mark = z.strictObject({ count: z.int() });
const marksOf = (vault: Vault) => collection(vault, "mark", mark);
const largeCommit: Act = {
  prepare: async (place) => {
    value(await place.open());
  },
  begin: async (place) => {
    const vault = value(await place.open());
    return () => marksOf(vault).createAll(Array.from({ length: 501 }, (_, count) => ({ meta: { count } })));
  },
  found: async (place) => value(await marksOf(value(await place.open())).list()).length / 501,
};

const slowed: Readonly<Record<string, Act>> = {
  ...Object.fromEntries(
    ["commit", "log line", "sealed document, changed", "notebook, line added"].map((name) => [
      name,
      acts[name] as Act,
    ]),
  ),
  "a commit in several statements": largeCommit,
};

describe.concurrent("a store that is slow in the middle of", () => {
  test.each(Object.keys(slowed))(
    "%s: nothing is half done, nothing is done twice, and the console says what it knows",
    { timeout: 180_000 },
    async (name) => {
      const act = slowed[name] as Act;
      const quick = await tried(act, undefined, 0);
      expect(quick).toMatchObject({ told: { ok: true }, found: 1, again: 2 });
      // A statement that was done and not ended yet, or a COMMIT, is what others wait for.
      const places = quick.seen.flatMap((kind, index) =>
        kind === ">S" || kind === ">Q" || index % every === 0 ? [index + 1] : [],
      );
      const told = await Promise.all(
        places.map(async (message) => ({ message, ...(await tried(act, message, tooLong)) })),
      );
      for (const { message, told: outcome, found, again } of told) {
        const what = `message ${message} of ${quick.seen.length} (${quick.seen[message - 1]}): ${JSON.stringify(outcome)}`;
        if (outcome.ok) expect(found, what).toBe(1);
        else {
          expect(outcome.problem.code, what).toBe("store-away");
          // Where it says that nothing was changed nothing was, even when all has arrived.
          expect(found, what).toBe(outcome.problem.facts.sent === true ? expect.any(Number) : 0);
          expect(found, what).toSatisfy((times) => times === 0 || times === 1);
        }
        expect(again, what).toBe(Number(found) + 1);
      }
      const waited = await tried(act, Math.ceil(quick.seen.length / 2), long);
      expect(waited).toMatchObject({ told: { ok: true }, found: 1, again: 2 });
    },
  );
});
