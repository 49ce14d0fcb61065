import { existsSync } from "node:fs";
import { readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ok } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { readSetupToken, setupToken } from "#lib/team/setup-token.ts";
import { createSignInLink, dropOldSignInLink, takeSignInLink } from "#lib/team/sign-in-link.ts";
import { spentTokens } from "#lib/team/spent-tokens.ts";
import type { Store } from "#lib/vault/store.ts";
import { scratchVault, value } from "#tests/support/scratch-vault.ts";

const minute = 60_000;

describe("the set-up token", () => {
  function bench() {
    const setup = scratchVault();
    const { stateDir } = setup;
    const store = fileStore(setup);
    const clock = { now: Date.now(), steady: 0 };
    const token = setupToken(store, { now: () => clock.now, steady: () => clock.steady });
    return { store, stateDir, clock, token, path: join(stateDir, "setup-token") };
  }
  const read = async (path: string) => new Secret(await readFile(path, "utf8"));

  test("is 160 random bits in a file of one's own, another one each time", async () => {
    const { token, path, stateDir, store } = bench();
    await token.renew();
    const first = await readFile(path, "utf8");
    expect(first).toMatch(/^[a-z2-7]{32}\n$/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readSetupToken(store))?.reveal()).toBe(first.trim());
    await token.renew();
    expect(await readFile(path, "utf8")).not.toBe(first);
    expect(await readdir(stateDir)).toEqual(["setup-token"]);
  });

  test("fits itself and nothing else, and is gone when removed", async () => {
    const { token, path } = bench();
    await token.renew();
    expect(await token.check(await read(path))).toEqual({ outcome: "right" });
    expect(await token.check(new Secret("a".repeat(32)))).toEqual({ outcome: "wrong" });
    expect(await token.check(new Secret(""))).toEqual({ outcome: "wrong" });
    const good = await read(path);
    await token.remove();
    expect(existsSync(path)).toBe(false);
    expect(await token.check(good)).toEqual({ outcome: "expired" });
    await token.remove();
  });

  test("is good for 60 minutes; then the next visitor's page has a new one made", async () => {
    const { token, path, clock } = bench();
    await token.renew();
    clock.now += 59 * minute;
    expect(await token.renewIfOver()).toBe(false);
    expect((await token.check(await read(path))).outcome).toBe("right");
    clock.now += 2 * minute;
    expect((await token.check(await read(path))).outcome).toBe("expired");
    const old = await readFile(path, "utf8");
    expect(await token.renewIfOver()).toBe(true);
    expect(await readFile(path, "utf8")).not.toBe(old);
  });

  test("from a clock that was set back does not live on", async () => {
    const { token, path, clock } = bench();
    await token.renew();
    const later = new Date(clock.now + 365 * 24 * 60 * minute);
    await utimes(path, later, later);
    expect((await token.check(await read(path))).outcome).toBe("expired");
  });

  test("may be guessed at five times a minute; being right costs nothing", async () => {
    const { token, path, clock } = bench();
    await token.renew();
    for (let n = 0; n < 20; n += 1) expect((await token.check(await read(path))).outcome).toBe("right");
    for (let n = 0; n < 5; n += 1) expect((await token.check(new Secret("x"))).outcome).toBe("wrong");
    expect(await token.check(await read(path))).toEqual({ outcome: "too-many", retryAfter: 12 });
    clock.steady += 12_000;
    expect((await token.check(await read(path))).outcome).toBe("right");
  });

  test("that is not one of ours opens nothing", async () => {
    const { token, path } = bench();
    for (const text of ["", "\n", "short", "A".repeat(32), "x".repeat(5000)]) {
      await writeFile(path, text);
      expect((await token.check(new Secret(text))).outcome).toBe("expired");
    }
  });

  test("replaces a link that lies in its place, and does not write through it", async () => {
    const { token, path, stateDir } = bench();
    const elsewhere = join(stateDir, "elsewhere");
    await writeFile(elsewhere, "untouched");
    await symlink(elsewhere, path);
    await token.renew();
    expect(await readFile(elsewhere, "utf8")).toBe("untouched");
    expect((await read(path)).reveal()).toMatch(/^[a-z2-7]{32}\n$/);
  });
});

describe("the sign-in link", () => {
  /** Marks in memory: that they are kept is for `consoles-contract.ts` to show. */
  let kept: unknown;
  const marks = spentTokens({
    change: async (edit) => {
      kept = edit(kept);
      return ok(undefined);
    },
  });
  const take = async (store: Store, token: Secret, now?: number) =>
    value(await takeSignInLink({ store, spentTokens: marks }, token, now));

  test("gives its user once, also of two at the same time, and leaves no file", async () => {
    const setup = scratchVault();
    const store = fileStore(setup);
    const token = new Secret(await createSignInLink(store, "Ann"));
    expect(await take(store, new Secret("x".repeat(43)))).toBeUndefined();
    const taken = await Promise.all([take(store, token), take(store, token)]);
    expect(taken.filter((name) => name === "Ann")).toHaveLength(1);
    expect(taken.filter((name) => name === undefined)).toHaveLength(1);
    expect(await readdir(setup.stateDir)).toEqual([]);
  });

  test("is good for 12 hours, and the last one made counts", async () => {
    const setup = scratchVault();
    const store = fileStore(setup);
    const now = Date.now();
    const first = new Secret(await createSignInLink(store, "Ann", now));
    const second = new Secret(await createSignInLink(store, "Bob", now));
    expect(await take(store, first, now)).toBeUndefined();
    expect(await take(store, second, now + 13 * 60 * minute)).toBeUndefined();
    expect(await take(store, second, now + 11 * 60 * minute)).toBe("Bob");
  });

  test("of a clock that was years ahead opens nothing", async () => {
    const store = fileStore(scratchVault());
    const now = Date.now();
    const token = new Secret(await createSignInLink(store, "Ann", now + 10 * 365 * 24 * 60 * minute));
    expect(await take(store, token, now)).toBeUndefined();
    const soon = new Secret(await createSignInLink(store, "Ann", now + 2 * minute));
    expect(await take(store, soon, now)).toBe("Ann");
  });

  test("that nobody used in its time does not lie there for ever", async () => {
    const setup = scratchVault();
    const store = fileStore(setup);
    const now = Date.now();
    await createSignInLink(store, "Ann", now);
    await dropOldSignInLink(store, now + 11 * 60 * minute);
    expect(await readdir(setup.stateDir)).toEqual(["sign-in-link.json"]);
    await dropOldSignInLink(store, now + 13 * 60 * minute);
    expect(await readdir(setup.stateDir)).toEqual([]);
  });
});
