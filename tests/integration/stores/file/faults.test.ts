import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Secret } from "#lib/secret.ts";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { diskWith, shortWritingDisk, systemError } from "#tests/support/failing-disk.ts";
import { opened, openFileVault, scratchVault, value } from "#tests/support/scratch-vault.ts";

const notes = (vault: Vault) => collection(vault, "note", z.strictObject({ title: z.string() }));

describe("a save on a failing disk (1.4)", () => {
  /** The disk fails at its first call, then at its second, and so on until a save meets no failure any more. */
  test.each([["ENOSPC"], ["EIO"]])(
    "%s at any call: an error is shown, old or new is there, and the next save works",
    async (code) => {
      const setup = scratchVault();
      value(await notes(await opened(setup)).create({ id: "n", meta: { title: "old" } }));
      let at = 0;
      let failures = 0;
      for (let finished = false; !finished; ) {
        at += 1;
        let armed = false;
        let count = 0;
        let hit = "";
        const disk = diskWith((call) => {
          if (armed) count += 1;
          if (armed && count === at) {
            hit = call;
            throw systemError(code, call);
          }
        });
        const vault = await opened(setup, { disk });
        const before = value(await notes(vault).find("n"));
        if (before === undefined) throw new Error("the note is gone");
        armed = true;
        const title = `${code} at ${at}`;
        const outcome = await notes(vault)
          .update("n", before.rev, { meta: { title } })
          .catch((error: unknown) => error);
        armed = false;
        finished = hit === "";
        const after = value(await notes(await opened(setup)).find("n"))?.meta.title;
        const saved = hasSaved(outcome);
        if (saved !== undefined) expect(after, `${hit}, call ${at}`).toBe(saved ? title : before.meta.title);
        expect([title, before.meta.title]).toContain(after);
        if (!finished && saved !== true) failures += 1;
        // The same vault, still open, can save again at once.
        const rev = value(await notes(vault).find("n"))?.rev ?? 0;
        value(await notes(vault).update("n", rev, { meta: { title: "again" } }));
        expect(readdirSync(setup.configDir).filter((name) => name.endsWith(".tmp"))).toEqual([]);
      }
      expect(failures).toBeGreaterThan(10);
    },
  );

  test("a disk that writes a few bytes at a time gets all of them", async () => {
    const setup = scratchVault();
    const vault = await opened(setup, { disk: shortWritingDisk(13) });
    value(await notes(vault).create({ meta: { title: "short" }, secrets: { password: new Secret("pw") } }));
    expect(value(await notes(await opened(setup)).list())).toHaveLength(1);
  });

  test("a disk that gives back something else is found out before the old file is touched", async () => {
    const setup = scratchVault();
    await opened(setup);
    const before = readFileSync(setup.file);
    const plain = await opened(setup);
    let armed = false;
    const disk = diskWith(() => undefined);
    const open = disk.open;
    const lying = {
      ...disk,
      open: async (...given: Parameters<typeof open>) => {
        const handle = await open(...given);
        const isTemporary = String(given[0]).endsWith(".tmp");
        return new Proxy(handle, {
          get: (target, name) => {
            if (name === "readFile" && armed && isTemporary) {
              return async () => (await target.readFile("utf8")).replace(/"rev":\d/, '"rev":9');
            }
            const member: unknown = Reflect.get(target, name, target);
            return typeof member === "function" ? member.bind(target) : member;
          },
        });
      },
    };
    const vault = await opened(setup, { disk: lying });
    armed = true;
    const outcome = await notes(vault).create({ meta: { title: "lost" } });
    expect(outcome.ok ? "" : outcome.problem).toMatchObject({
      code: "vault-write-failed",
      facts: { saved: false, error: "EREADBACK" },
    });
    expect(readFileSync(setup.file)).toEqual(before);
    expect(value(await notes(plain).list())).toEqual([]);
  });

  test("a new vault on a failing disk: either there is one, or there is nothing that blocks the next try", async () => {
    for (let at = 1, finished = false; !finished; at += 1) {
      const setup = scratchVault();
      let hit = false;
      const disk = diskWith((call, count) => {
        if (count === at) {
          hit = true;
          throw systemError("ENOSPC", call);
        }
      });
      await openFileVault(setup, { disk }).catch(() => undefined);
      finished = !hit;
      const vault = await opened(setup);
      value(await notes(vault).create({ meta: { title: "works" } }));
    }
  });
});

/** What a save says of itself; undefined when it ended in an exception, where both are possible. */
function hasSaved(outcome: unknown): boolean | undefined {
  if (typeof outcome !== "object" || outcome === null || !("ok" in outcome)) return undefined;
  if (outcome.ok === true) return true;
  const { problem } = outcome as unknown as { problem: { code: string; facts: { saved?: boolean } } };
  if (problem.code === "vault-damaged") return false;
  expect(problem.code).toBe("vault-write-failed");
  return problem.facts.saved === true;
}
