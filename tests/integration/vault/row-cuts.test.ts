import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { keySource } from "#lib/stores/file/key-source.ts";
import { type Collection, collection } from "#lib/vault/collection.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import { type CuttingProxy, type CutWhen, cuttingProxy } from "#tests/support/cutting-proxy.ts";
import { type RowPlace, type RowServer, startRowServer } from "#tests/support/row-vaults.ts";
import { value } from "#tests/support/scratch-vault.ts";

/** Every so many bytes of a commit the connection is cut once; `EVERY=1` takes a minute. */
const every = Number(process.env.EVERY ?? 97);

const counted = z.strictObject({ count: z.int() });

let server: RowServer;
let proxy: CuttingProxy;
beforeAll(async () => {
  server = await startRowServer();
  proxy = await cuttingProxy(server.server.port);
});
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});

interface Bench {
  readonly place: RowPlace;
  readonly counters: Collection<z.infer<typeof counted>>;
  /** Rows and revision as they are kept. */
  kept(): Promise<{ readonly rev: number; readonly rows: number; readonly newest: number }>;
}

async function bench(): Promise<Bench> {
  const place = await server.place();
  const vault = value(await openVault(place.store(place.openLink(proxy.port)), keySource(place.setup.key)));
  return {
    place,
    counters: collection(vault, "counter", counted),
    kept: async () => {
      const [found] = await place.sql(
        `select (select rev::int from cloak_head where rev > 0) as rev, count(*)::int as rows, coalesce(max(at), 0)::int as newest
         from cloak_record`,
      );
      return found as { rev: number; rows: number; newest: number };
    },
  };
}

describe("a connection that breaks in the middle of a commit", () => {
  test("after any byte of either side: it is written once, and the console knows", {
    timeout: 600_000,
  }, async () => {
    const { place, counters, kept } = await bench();
    value(await counters.create({ id: "the-one", meta: { count: 0 } }));
    proxy.cutAfter(undefined);
    value(await counters.put("the-one", () => ({ count: 1 })));
    const whole = { ...proxy.passed };
    expect(whole[">"]).toBeGreaterThan(1000);

    let count = 1;
    const { rev: before } = await kept();
    for (const side of [">", "<"] as const) {
      for (let at = 1; at <= whole[side]; at += side === ">" ? every : 1 + Math.floor(every / 10)) {
        count += 1;
        proxy.cutAfter(at, side);
        const saved = await counters.put("the-one", (old) => ({ count: (old?.count ?? 0) + 1 }));
        if (saved.ok) expect(saved.value.meta.count, `${side}${at}`).toBe(count);
        else {
          // The way there was cut before anything was sent over it.
          expect(saved.problem).toMatchObject({ code: "store-away", facts: {} });
          expect(saved.problem.facts.sent).toBeUndefined();
          count -= 1;
        }
      }
    }
    proxy.cutAfter(undefined);
    expect(count).toBeGreaterThan(10);
    expect(await kept()).toEqual({ rev: before + count - 1, rows: 1, newest: before + count - 1 });
    const again = collection(await place.open(), "counter", counted);
    expect(value(await again.find("the-one"))).toMatchObject({ rev: count + 1, meta: { count } });
  });

  test.each<CutWhen>(["before", "after"])(
    "at any message of one in several batches (%s): all of it or nothing, and the console knows",
    { timeout: 120_000 },
    async (when) => {
      const { counters, kept } = await bench();
      const batch = Array.from({ length: 501 }, (_, count) => ({ meta: { count } }));
      let written = 0;
      for (let at = 1, cut = true; cut; at += 3) {
        proxy.cutAt(at, when);
        const saved = await counters.createAll(batch);
        cut = proxy.seen.length >= at;
        proxy.cutAt(undefined);
        // Before COMMIT was sent it is known that nothing was done; afterwards it is found out.
        if (saved.ok) written += saved.value.length;
        else expect(saved.problem).toMatchObject({ code: "store-away", facts: {} });
        if (!saved.ok) expect(saved.problem.facts.sent).toBeUndefined();
        expect(await kept(), `message ${at}`).toMatchObject({ rows: written });
      }
      expect(written).toBeGreaterThan(501);
      expect(value(await counters.list())).toHaveLength(written);
    },
  );
});
