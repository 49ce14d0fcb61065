import { describe, expect, test } from "vitest";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok } from "#lib/problems/result.ts";
import type { Plan, TextStore } from "#lib/vault/store.ts";
import { problemOf, value } from "#tests/support/scratch-vault.ts";

/** A place where nothing is kept yet, and as many handles on it as a test wants: each as another process would have. */
export interface TextPlace {
  open(): TextStore;
}

/**
 * What a vault relies on where its records are one text.
 * @param make a fresh place for each test
 */
export function textContract(name: string, make: () => TextPlace): void {
  describe(`${name} keeps the records`, () => {
    test("nothing at first, then what was written, with another version each time", async () => {
      const store = make().open();
      value(await store.records.examine());
      expect(value(await store.records.version())).toBeUndefined();
      expect(value(await store.records.read())).toBeUndefined();
      value(await store.records.prepare());
      const versions = new Set<string | undefined>();
      for (const text of ["one\n", "two\n", "two\n"]) {
        await put(store, text);
        expect(value(await store.records.read())?.text).toBe(text);
        versions.add(value(await store.records.version()));
      }
      expect(versions.size).toBe(3);
      expect(value(await store.records.read())?.version).toBe(value(await store.records.version()));
    });

    test("another handle sees the same, and the version that a plan is told is the one that is read", async () => {
      const place = make();
      const [mine, theirs] = [place.open(), place.open()];
      await put(mine, "mine");
      expect(value(await theirs.records.read())?.text).toBe("mine");
      let told = "";
      value(
        await theirs.records.replace(async (current) => {
          expect(current).toEqual(value(await mine.records.read()));
          return ok(planOf("theirs", { after: (version) => (told = version) }));
        }),
      );
      expect(value(await mine.records.read())).toEqual({ text: "theirs", version: told });
    });

    test("a plan that fails, writes nothing, or is checked and found wrong leaves everything as it was", async () => {
      const store = make().open();
      await put(store, "as it was");
      const before = value(await store.records.read());
      const refused = await store.records.replace(async () => failed(problem("not-allowed")));
      expect(problemOf(refused).code).toBe("not-allowed");
      expect(value(await store.records.replace(async () => ok({ value: 7 })))).toBe(7);
      const wrong = await store.records.replace(async () => ok(planOf("wrong", { check: () => "mac" })));
      expect(problemOf(wrong)).toMatchObject({
        code: "vault-write-failed",
        facts: { part: "mac", saved: false },
      });
      await expect(
        store.records.replace(() => Promise.reject(new RangeError("a mistake of ours"))),
      ).rejects.toThrow("a mistake of ours");
      expect(value(await store.records.read())).toEqual(before);
      await put(store, "goes on");
    });

    test("of many that add one at once none is lost", async () => {
      const place = make();
      await put(place.open(), "0");
      const stores = [place.open(), place.open(), place.open()];
      const told = await Promise.all(
        Array.from({ length: 24 }, async (_, index) => {
          const store = stores[index % stores.length] ?? place.open();
          return value(
            await store.records.replace(async (current) => {
              const next = Number(current?.text) + 1;
              return ok({ ...planOf(String(next)), value: next });
            }),
          );
        }),
      );
      expect(told.sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
      expect(value(await place.open().records.read())?.text).toBe("24");
    });

    test("what was replaced can be read again by its revision, the newest first", async () => {
      const store = make().open();
      for (let rev = 1; rev <= 4; rev += 1) await put(store, `at ${rev}`, rev - 1);
      const earlier = await store.records.earlier();
      expect(earlier.map((one) => one.rev)).toEqual([3, 2, 1]);
      for (const one of earlier) expect(await store.records.readEarlier(one)).toBe(`at ${one.rev}`);
      expect(await store.records.readEarlier({ ...at(earlier, 0), place: "/nowhere" })).toBeUndefined();
    });
  });

  describe(`${name} helps a person`, () => {
    test("who brings an earlier revision back", async () => {
      const store = make().open();
      for (let rev = 1; rev <= 2; rev += 1) await put(store, `at ${rev}`, rev - 1);
      const earlier = at(await store.records.earlier(), 0);
      for (const hint of [store.hints.forget(), store.hints.putBack(earlier, false)]) {
        expect(hint).toMatch(/\S/);
      }
      expect(store.hints.putBack(earlier, false)).toContain(earlier.place);
    });
  });
}

function planOf(
  text: string,
  more: {
    readonly keepAs?: number;
    readonly check?: () => string;
    readonly after?: (version: string) => void;
  } = {},
): Plan<void> {
  return {
    value: undefined,
    write: {
      text,
      check: async (readBack) => more.check?.() ?? (readBack === text ? undefined : "text"),
      previous: more.keepAs === undefined ? "none" : { keepAs: more.keepAs },
      after: async (version) => more.after?.(version),
    },
  };
}

async function put(store: TextStore, text: string, keepAs = 0): Promise<void> {
  value(await store.records.prepare());
  value(await store.records.replace(async () => ok(planOf(text, keepAs === 0 ? {} : { keepAs }))));
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`nothing at ${index}`);
  return item;
}
