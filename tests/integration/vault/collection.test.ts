import { copyFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ok } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { collection } from "#lib/vault/collection.ts";
import { sealRecord } from "#lib/vault/records.ts";
import { diskWith } from "#tests/support/failing-disk.ts";
import { opened, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";

const titled = z.strictObject({ title: z.string() });

describe("a collection", () => {
  test("one record that does not open or is not understood disables itself alone", async () => {
    const setup = scratchVault();
    const vault = await opened(setup);
    const notes = collection(vault, "note", titled);
    value(await notes.create({ id: "good", meta: { title: "good" } }));
    value(await collection(vault, "note", z.unknown()).create({ id: "odd", meta: { headline: 1 } }));
    expect(value(await notes.list()).map((record) => record.id)).toEqual(["good"]);
    expect(value(await notes.damaged())).toEqual([{ id: "odd", rev: 1, part: "schema" }]);
    expect(problemOf(await notes.find("odd")).facts).toMatchObject({
      reason: "record",
      record: "odd",
      part: "schema",
    });
    expect(problemOf(await notes.open("odd")).code).toBe("vault-damaged");
    value(await notes.remove("odd"));
    expect(value(await notes.damaged())).toEqual([]);
  });

  test("the file is read again only when it has changed, by whoever", async () => {
    const setup = scratchVault();
    let opens = 0;
    const disk = diskWith((call) => {
      if (call === "open") opens += 1;
    });
    const [here, elsewhere] = [await opened(setup, { disk }), await opened(setup)];
    const [mine, theirs] = [collection(here, "note", titled), collection(elsewhere, "note", titled)];
    value(await mine.list());
    opens = 0;
    for (let times = 0; times < 20; times += 1) value(await mine.list());
    expect(opens).toBe(0);
    value(await theirs.create({ id: "n", meta: { title: "new" }, secrets: { token: new Secret("t") } }));
    expect(value(await mine.find("n"))?.secretNames).toEqual(["token"]);
    expect(opens).toBeGreaterThan(0);
  });

  test("a thousand records open and list quickly", async () => {
    const setup = scratchVault();
    const vault = await opened(setup);
    value(
      await vault.commit((snapshot) => {
        const sealer = { storeId: snapshot.document.storeId, keyring: snapshot.keyring };
        const records = Array.from({ length: 1000 }, (_, index) =>
          sealRecord(
            { kind: "note", meta: { title: `${index}` }, secrets: { password: new Secret("p") } },
            sealer,
          ),
        );
        return ok({ records, value: undefined });
      }),
    );
    const start = performance.now();
    const notes = collection(await opened(setup), "note", titled);
    expect(value(await notes.list())).toHaveLength(1000);
    // Some 90 ms on an idle core; the limit leaves room for a busy machine.
    expect(performance.now() - start).toBeLessThan(1500);
  });
});

describe("a sealed file", () => {
  test("keeps JSON for its owner alone, and nothing of it can be read", async () => {
    const setup = scratchVault();
    const sessions = (await opened(setup)).document("sessions");
    expect(value(await sessions.read())).toBeUndefined();
    value(await sessions.write({ tokens: ["a"] }));
    expect(value(await (await opened(setup)).document("sessions").read())).toEqual({ tokens: ["a"] });
    expect(statSync(`${setup.configDir}/sessions.json`).mode & 0o777).toBe(0o600);
    // What was given out is the caller's own: changing it changes nothing that is kept.
    const given = value(await sessions.read()) as { tokens: string[] };
    expect(() => given.tokens.push("b")).toThrow(TypeError);
    expect(value(await sessions.read())).toEqual({ tokens: ["a"] });
  });

  test("many changes at once are all there", async () => {
    const setup = scratchVault();
    const files = [(await opened(setup)).document("seen"), (await opened(setup)).document("seen")];
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(
      numbers.map((index) =>
        files[index % 2]?.change((before) => [...((before as number[] | undefined) ?? []), index]),
      ),
    );
    const kept = value(await (await opened(setup)).document("seen").read()) as number[];
    expect(kept.toSorted((a, b) => a - b)).toEqual(numbers);
  });

  test("one of another name or another vault does not open", async () => {
    const [setup, other] = [scratchVault(), scratchVault()];
    const vault = await opened(setup);
    value(await vault.document("sessions").write([1]));
    copyFileSync(`${setup.configDir}/sessions.json`, `${setup.configDir}/seen.json`);
    expect(problemOf(await vault.document("seen").read()).code).toBe("vault-damaged");
    const there = await opened(other);
    copyFileSync(`${setup.configDir}/sessions.json`, `${other.configDir}/sessions.json`);
    expect(problemOf(await there.document("sessions").read()).code).toBe("vault-damaged");
    writeFileSync(`${setup.configDir}/sessions.json`, "{}");
    expect(problemOf(await vault.document("sessions").read()).facts.path).toBe(
      `${setup.configDir}/sessions.json`,
    );
    expect(() => vault.document("../config")).toThrow(RangeError);
    expect(() => vault.document("config")).toThrow(RangeError);
  });
});
