import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSessions } from "#lib/team/sessions.ts";
import { diskWith, systemError } from "#tests/support/failing-disk.ts";
import { opened, type ScratchVault, scratchVault, value } from "#tests/support/scratch-vault.ts";

type Options = Parameters<typeof opened>[1];

/** The sessions of a console that starts on these folders. */
async function sessionsOf(setup: ScratchVault, options?: Options) {
  const vault = await opened(setup, options);
  return openSessions({
    file: vault.document("sessions", { guarded: true, replaceable: true }),
    cookieKey: vault.deriveKey("session cookie"),
    storeKey: vault.deriveKey("session store"),
  });
}

/** Two people who are signed in, and a backup of the list with both. */
async function bothIn(options?: Options) {
  const setup = scratchVault();
  const { sessions } = await sessionsOf(setup, options);
  const [ada, bob] = [value(await sessions.start("ada", "x", 1)), value(await sessions.start("bob", "x", 1))];
  const [path, backup] = [join(setup.configDir, "sessions.json"), join(setup.configDir, "kept.bak")];
  copyFileSync(path, backup);
  const cookies = { ada: ada.cookie.reveal(), bob: bob.cookie.reveal() };
  return { setup, sessions, path, backup, cookies, idOf: { ada: ada.session.id, bob: bob.session.id } };
}

describe("a list of sessions that is put back from a backup", () => {
  test("revives nobody: everybody signs in again, with the reason told, and goes on from there", async () => {
    const { setup, sessions, path, backup, cookies, idOf } = await bothIn();
    value(await sessions.end("ada", idOf.ada));
    copyFileSync(backup, path);
    const again = await sessionsOf(setup);
    expect(again.discarded).toMatchObject({
      code: "vault-rolled-back",
      facts: { path, rev: 2, highestRev: 3 },
    });
    expect(await again.sessions.find(cookies.ada)).toBeUndefined();
    expect(await again.sessions.find(cookies.bob)).toBeUndefined();
    const fresh = value(await again.sessions.start("bob", "x", 1));
    const third = await sessionsOf(setup);
    expect(third.discarded).toBeUndefined();
    expect((await third.sessions.find(fresh.cookie.reveal()))?.userId).toBe("bob");
    // The backup stays an old one.
    copyFileSync(backup, path);
    expect((await sessionsOf(setup)).discarded?.code).toBe("vault-rolled-back");
  });

  test("the list as it was left is believed after a restart, and when the memory is gone", async () => {
    const { setup, sessions, cookies, idOf } = await bothIn();
    value(await sessions.end("ada", idOf.ada));
    for (const forget of [() => undefined, () => rmSync(headOf(setup))]) {
      forget();
      const again = await sessionsOf(setup);
      expect(again.discarded).toBeUndefined();
      expect((await again.sessions.find(cookies.bob))?.userId).toBe("bob");
      expect(await again.sessions.find(cookies.ada)).toBeUndefined();
    }
  });

  test("taken away it is one that was put back, and people go on from there", async () => {
    const { setup, path, cookies } = await bothIn();
    rmSync(path);
    const again = await sessionsOf(setup);
    expect(again.discarded).toMatchObject({
      code: "vault-rolled-back",
      facts: { path, rev: 0, highestRev: 2 },
    });
    expect(await again.sessions.find(cookies.bob)).toBeUndefined();
    const fresh = value(await again.sessions.start("bob", "x", 1));
    expect((await (await sessionsOf(setup)).sessions.find(fresh.cookie.reveal()))?.userId).toBe("bob");
  });

  test("is none while others write: whoever reads meanwhile believes what they read", async () => {
    const { setup, sessions, idOf, cookies } = await bothIn();
    const kept = (await opened(setup)).document("sessions", { guarded: true });
    let isWriting = true;
    const writing = (async () => {
      for (let n = 0; n < 30; n += 1) value(await sessions.confirm("ada", idOf.ada));
      isWriting = false;
    })();
    let reads = 0;
    for (; isWriting; reads += 1) value(await kept.read());
    await writing;
    expect(reads).toBeGreaterThan(10);
    expect((await (await sessionsOf(setup)).sessions.find(cookies.bob))?.userId).toBe("bob");
  });

  test("its revision cannot be raised by hand: the box is bound to it", async () => {
    const { setup, sessions, path, backup, idOf } = await bothIn();
    value(await sessions.end("ada", idOf.ada));
    writeFileSync(path, readFileSync(backup, "utf8").replace('"b":2', '"b":4'), { mode: 0o600 });
    expect((await sessionsOf(setup)).discarded?.code).toBe("vault-damaged");
  });

  test("one of an earlier version, which counted nothing, is taken over", async () => {
    const setup = scratchVault();
    const before = (await opened(setup)).document("sessions");
    value(await before.write({ v: 2, sessions: [] }));
    const { sessions, discarded } = await sessionsOf(setup);
    expect(discarded).toBeUndefined();
    value(await sessions.start("ada", "x", 1));
    expect(readFileSync(join(setup.configDir, "sessions.json"), "utf8")).toContain('"b":2');
  });
});

test("a sign-out on a full disk does not live again after a restart", async () => {
  let full = false;
  const disk = diskWith((call) => {
    // What is written over itself needs no room: only new files do.
    if (full && call === "handle.sync") throw systemError("ENOSPC", "write");
  });
  const { setup, sessions, cookies, idOf } = await bothIn({ disk });
  full = true;
  expect((await sessions.end("ada", idOf.ada)).ok).toBe(false);
  const after = await sessionsOf(setup);
  expect(after.discarded?.code).toBe("vault-rolled-back");
  expect(await after.sessions.find(cookies.ada)).toBeUndefined();
  // With room again before the restart nobody is sent out.
  full = false;
  value(await sessions.confirm("bob", idOf.bob));
  const healed = await sessionsOf(setup);
  expect(healed.discarded).toBeUndefined();
  expect((await healed.sessions.find(cookies.bob))?.userId).toBe("bob");
  expect(await healed.sessions.find(cookies.ada)).toBeUndefined();
});

function headOf(setup: ScratchVault): string {
  const { storeId } = JSON.parse(readFileSync(setup.file, "utf8")) as { readonly storeId: string };
  return join(setup.stateDir, `sessions-head.${storeId}.json`);
}
