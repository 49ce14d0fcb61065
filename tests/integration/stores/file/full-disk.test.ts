import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { openSessions } from "#lib/team/sessions.ts";
import { collection } from "#lib/vault/collection.ts";
import { opened, problemOf, value } from "#tests/support/scratch-vault.ts";

/** A file system of 256 kB of its own; undefined where this user may not mount one. */
const small = mountSmall();

afterAll(() => {
  if (small === undefined) return;
  execFileSync("umount", [small]);
  rmSync(small, { recursive: true });
});

describe.skipIf(small === undefined)("on a disk that is really full (needs the right to mount one)", () => {
  test("nothing is half done, each is told, a sign-out stays one, and with room again all goes on", async () => {
    const [configDir, stateDir] = [join(small ?? "", "config"), join(small ?? "", "state")];
    for (const folder of [configDir, stateDir]) mkdirSync(folder, { mode: 0o700 });
    const setup = {
      configDir,
      stateDir,
      key: { from: "generated", path: join(stateDir, "vault.key") } as const,
    };
    const vault = await opened(setup);
    const notes = collection(vault, "note", z.strictObject({ title: z.string() }));
    const log = vault.chainedLog("audit", z.strictObject({ text: z.string() }));
    const sessionsNow = async () => {
      const again = await opened(setup);
      return openSessions({
        file: again.document("sessions", { guarded: true, replaceable: true }),
        cookieKey: again.deriveKey("session cookie"),
        storeKey: again.deriveKey("session store"),
      });
    };
    value(await notes.create({ meta: { title: "before" } }));
    value(await log.append({ text: "before" }));
    const { sessions } = await sessionsNow();
    const { session, cookie } = value(await sessions.start("ada", "x", 1));

    const ballast = join(small ?? "", "ballast");
    const { bavail, bsize } = statfsSync(small ?? "");
    writeFileSync(ballast, Buffer.alloc(Number(bavail) * Number(bsize)));
    const full = { code: "vault-write-failed", facts: { error: "ENOSPC", saved: false } };
    expect(problemOf(await notes.create({ meta: { title: "lost" } }))).toMatchObject(full);
    expect(problemOf(await fileStore(setup).tryOut())).toMatchObject({
      code: "vault-write-failed",
      facts: { error: "ENOSPC" },
    });
    // A few lines may still fit into the last block; then they are as safe as any.
    const texts = Array.from({ length: 60 }, (_, n) => `${n} ${"x".repeat(200)}`);
    const lines = await Promise.all(texts.map((text) => log.append({ text })));
    for (const line of lines) if (!line.ok) expect(line.problem).toMatchObject(full);
    expect(lines.every((line) => line.ok)).toBe(false);
    expect(value(await log.check())).toEqual({
      state: "whole",
      entries: 1 + lines.filter((line) => line.ok).length,
    });
    expect(problemOf(await sessions.end("ada", session.id))).toMatchObject(full);
    const after = await sessionsNow();
    expect(after.discarded?.code).toBe("vault-rolled-back");
    expect(await after.sessions.find(cookie.reveal())).toBeUndefined();

    rmSync(ballast);
    value(await fileStore(setup).tryOut());
    value(await notes.create({ meta: { title: "after" } }));
    value(await log.append({ text: "after" }));
    expect(value(await log.check()).state).toBe("whole");
    expect(value(await notes.list()).map(({ meta }) => meta.title)).toEqual(["before", "after"]);
    value(await after.sessions.start("ada", "x", 1));
    expect((await sessionsNow()).discarded).toBeUndefined();
  });
});

function mountSmall(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "cloak-full-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}
