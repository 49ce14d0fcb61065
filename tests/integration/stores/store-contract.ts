import { describe, expect, test } from "vitest";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Kept, Store } from "#lib/vault/store.ts";
import { problemOf, value } from "#tests/support/scratch-vault.ts";

/** A place where nothing is kept yet, and as many handles on it as a test wants: each as another process would have. */
export interface StorePlace {
  open(): Store;
  /** Makes a first revision of a vault there. */
  begin(): Promise<Result<unknown>>;
}

/**
 * What a vault relies on, whatever keeps it. Every store runs this suite.
 * @param make a fresh place for each test
 */
export function storeContract(name: string, make: () => StorePlace): void {
  describe(`${name} keeps documents beside them`, () => {
    test("each by its name, as a whole", async () => {
      const place = make();
      const store = place.open();
      value(await place.begin());
      const one = store.document("one");
      expect(value(await one.read())).toBeUndefined();
      value(await one.write("first"));
      value(await store.document("other").write("another"));
      const kept = value(await place.open().document("one").read()) as Kept;
      expect(kept.text).toBe("first");
      expect(value(await one.read(kept.version))).toBe("unchanged");
      value(await place.open().document("one").write("second"));
      expect(value(await one.read(kept.version))).toMatchObject({ text: "second" });
      for (const name of ["../one", "One", "", "config"])
        expect(() => store.document(name)).toThrow(RangeError);
    });

    test("the highest revision of each is remembered for each vault, apart from it", async () => {
      const place = make();
      value(await place.begin());
      const document = place.open().document("one");
      expect(await document.known(storeId)).toBe(0);
      await document.remember(storeId, 3);
      await place.open().document("other").remember(storeId, 9);
      await document.remember("B".repeat(22), 7);
      expect(await place.open().document("one").known(storeId)).toBe(3);
      expect(await document.known("B".repeat(22))).toBe(7);
      expect(value(await document.read())).toBeUndefined();
    });

    test("of many changes at once none is lost, and one that fails changes nothing", async () => {
      const place = make();
      value(await place.begin());
      const documents = [place.open().document("seen"), place.open().document("seen")];
      await Promise.all(
        Array.from({ length: 16 }, async (_, index) => {
          const document = at(documents, index % 2);
          const outcome = await document.change(async () => {
            const before = value(await document.read());
            return ok(`${typeof before === "object" ? before.text : ""}x`);
          });
          value(outcome);
        }),
      );
      const refused = await at(documents, 0).change(async () => failed(problem("not-allowed")));
      expect(problemOf(refused).code).toBe("not-allowed");
      expect(value(await at(documents, 1).read())).toMatchObject({ text: "x".repeat(16) });
    });
  });

  describe(`${name} keeps logs`, () => {
    const numbered = (last: string | undefined, known: number) => {
      const seq = Math.max(Number(last?.split(" ")[0] ?? 0), known) + 1;
      return { line: `${seq} line`, seq };
    };
    const allOf = async (store: Store, name = "audit") => {
      const lines: string[] = [];
      value(
        await store.log(name, storeId).parts(async (part) => {
          await part.lines?.((line) => lines.push(line) > 0);
          return true;
        }),
      );
      return lines;
    };

    test("in order, read from either end, as far as is wanted", async () => {
      const place = make();
      value(await place.begin());
      const log = place.open().log("audit", storeId);
      expect(await log.known()).toBe(0);
      expect(value(await log.backwards(() => true))).toBeNull();
      for (let seq = 1; seq <= 7; seq += 1) expect(value(await log.append(numbered))).toBe(seq);
      expect(await log.known()).toBe(7);
      expect(await allOf(place.open())).toEqual(Array.from({ length: 7 }, (_, n) => `${n + 1} line`));
      expect(await allOf(place.open(), "other")).toEqual([]);
      const first: string[] = [];
      value(
        await log.parts(async (part) => {
          await part.lines?.((line) => first.push(line) < 2);
          return false;
        }),
      );
      expect(first).toEqual(["1 line", "2 line"]);

      const pages: string[][] = [];
      let before: number | null = null;
      do {
        const page: string[] = [];
        const take = (line: string) => page.length < 3 && page.push(line) > 0;
        before = value(await (before === null ? log.backwards(take) : log.backwards(take, before)));
        pages.push(page);
      } while (before !== null);
      expect(pages).toEqual([["7 line", "6 line", "5 line"], ["4 line", "3 line", "2 line"], ["1 line"]]);
    });

    test("of many lines at once each has its own number, and what was known before stays known", async () => {
      const place = make();
      value(await place.begin());
      const logs = [place.open().log("audit", storeId), place.open().log("audit", storeId)];
      const numbers = await Promise.all(
        Array.from({ length: 16 }, async (_, index) => value(await at(logs, index % 2).append(numbered))),
      );
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, n) => n + 1));
      expect(await allOf(place.open())).toHaveLength(16);
      // Of another vault nothing is remembered.
      expect(await place.open().log("audit", "B".repeat(22)).known()).toBe(0);
    });
  });

  describe(`${name} keeps notes for this host`, () => {
    test("the last one, with its time, until one of many takes it", async () => {
      const place = make();
      const note = place.open().note("setup-token");
      expect(await note.read()).toBeUndefined();
      expect(await note.take()).toBe(false);
      await note.write("first");
      await note.write("second");
      const read = await place.open().note("setup-token").read();
      expect(read?.text).toBe("second");
      expect(Math.abs((read?.writtenAt ?? 0) - Date.now())).toBeLessThan(60_000);
      expect(note.place).toContain("setup-token");
      const notes = Array.from({ length: 8 }, () => place.open().note("setup-token"));
      const taken = await Promise.all(notes.map((one) => one.take()));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await note.read()).toBeUndefined();
    });
  });

  describe(`${name} remembers revisions apart`, () => {
    test("the highest of each vault", async () => {
      const place = make();
      const { memory } = place.open();
      expect(await memory.recall()).toEqual({ state: "nothing" });
      await memory.raise(storeId, { rev: 3, mac: "three" });
      await memory.raise(storeId, { rev: 2, mac: "two" });
      await memory.raise("B".repeat(22), { rev: 1, mac: "one" });
      expect(await place.open().memory.recall()).toMatchObject({
        state: "known",
        seen: { [storeId]: { rev: 3, mac: "three" }, ["B".repeat(22)]: { rev: 1, mac: "one" } },
      });
    });
  });
}

const storeId = "A".repeat(22);

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`nothing at ${index}`);
  return item;
}
