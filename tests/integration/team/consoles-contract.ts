import { describe, expect, test } from "vitest";
import { z } from "zod";
import { removedProfiles } from "#lib/saved/removed-profiles.ts";
import { Secret } from "#lib/secret.ts";
import { createSignInLink, takeSignInLink } from "#lib/team/sign-in-link.ts";
import { openTeam, type Team } from "#lib/team/team.ts";
import { collection } from "#lib/vault/collection.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import type { Store } from "#lib/vault/store.ts";
import type { Vault } from "#lib/vault/vault.ts";
import type { KeySource } from "#lib/vault/vault-key.ts";
import { value } from "#tests/support/scratch-vault.ts";

/** A place where nothing is kept yet, and as many consoles on it as a test wants: each with a handle of its own. */
export interface ConsolePlace {
  /** @param host which one's: each has a memory and notes of its own */
  open(host: number): Store;
  readonly key: KeySource;
  /**
   * Copies all that lies beside the records, and no memory of a host.
   * @returns puts it back, as who may write there can
   */
  copy(): Promise<() => Promise<void>>;
}

interface Console extends Team {
  readonly vault: Vault;
  readonly store: Store;
  /** Why kept sessions were not believed. */
  readonly discarded: string[];
}

/**
 * What several consoles on one store have in common, whatever keeps it, and what nobody brings back by putting an older
 * copy in its place. Every store runs this suite.
 * @param make a fresh place for each test
 */
export function consolesContract(name: string, make: () => ConsolePlace): void {
  async function consoleOn(place: ConsolePlace, host = 1): Promise<Console> {
    const store = place.open(host);
    const vault = value(await openVault(store, place.key));
    const discarded: string[] = [];
    const team = await openTeam(vault, store, ({ code }) => discarded.push(code));
    if (team.sessionsDiscarded !== undefined) discarded.push(team.sessionsDiscarded.code);
    return { ...team, vault, store, discarded };
  }

  const threeOn = async (place: ConsolePlace, hosts = [1, 2, 3]): Promise<readonly Console[]> => {
    const all: Console[] = [];
    // The first makes the vault.
    for (const host of hosts) all.push(await consoleOn(place, host));
    return all;
  };

  /** Long enough for what was read to be looked at anew. */
  const soon = { timeout: 4000, interval: 100 };

  describe(`several consoles on ${name}`, () => {
    test("know the same sessions, whichever begins, renews and ends them", async () => {
      const place = make();
      const [one, two] = [await consoleOn(place, 1), await consoleOn(place, 2)];
      const begun = value(await one.sessions.start("ada", "Browser", 1));
      const cookie = begun.cookie.reveal();
      await expect.poll(() => two.sessions.find(cookie), soon).toMatchObject({ id: begun.session.id });
      const renewed = value(await two.sessions.renew("ada", begun.session.id))?.reveal();
      await expect.poll(() => one.sessions.find(cookie), soon).toBeUndefined();
      expect(await one.sessions.find(renewed)).toMatchObject({ id: begun.session.id });
      value(await two.sessions.end("ada", begun.session.id));
      await expect.poll(() => one.sessions.find(renewed), soon).toBeUndefined();
      expect(await (await consoleOn(place, 3)).sessions.find(renewed)).toBeUndefined();
    });

    test("lose no session that others begin at the same moment, and revive none that others end", async () => {
      const place = make();
      const all = await threeOn(place);
      const first = await Promise.all(all.map(({ sessions }) => sessions.start("ada", "x", 1)));
      const ids = first.map((begun) => value(begun).session.id);
      await Promise.all(
        all.flatMap(({ sessions }, index) => [
          sessions.end("ada", ids[index] ?? ""),
          sessions.start("bob", "x", 1),
          sessions.start("bob", "x", 1),
        ]),
      );
      for (const { sessions } of [...all, await consoleOn(place, 4)]) {
        const living = [...(await sessions.now()).values()];
        expect(living.map(({ userId }) => userId)).toEqual(Array(6).fill("bob"));
      }
    });

    test("sign one in by a link, once", async () => {
      const place = make();
      const all = await threeOn(place, [1, 1, 1]);
      const token = new Secret(await createSignInLink(place.open(1), "Ann"));
      const taken = await Promise.all([...all, ...all].map((console) => takeSignInLink(console, token)));
      expect(taken.filter((answer) => value(answer) === "Ann")).toHaveLength(1);
    });

    test("count wrong tries together, also those of the same moment, and a new one goes on from there", async () => {
      const place = make();
      const all = await threeOn(place);
      const attempt = { account: "ann", source: "192.0.2.1" };
      const asked = all.flatMap(({ throttle }) => Array.from({ length: 4 }, () => throttle.ask(attempt)));
      const taken = (await Promise.all(asked)).filter((answer) => answer.ok);
      expect(taken).toHaveLength(5);
      const after = await (await consoleOn(place, 4)).throttle.ask(attempt);
      expect(after).toMatchObject({ problem: { code: "too-many-attempts" } });
    });

    test("hand a removed connection out once", async () => {
      const place = make();
      const all = await threeOn(place);
      const bins = all.map(binOf);
      const { record } = await removedRecord(at(all, 0));
      value(await at(bins, 0).keep("ada", "p", record));
      const taken = await Promise.all([...bins, ...bins].map((bin) => bin.take("p")));
      expect(taken.filter((answer) => value(answer) !== undefined)).toHaveLength(1);
    });
  });

  describe(`an older copy that is put back in ${name}`, () => {
    test("revives no session: everybody signs in again, and the console that runs says why, once", async () => {
      const place = make();
      const console = await consoleOn(place);
      const [gone, left] = [
        value(await console.sessions.start("ada", "x", 1)),
        value(await console.sessions.start("bob", "x", 1)),
      ];
      const putBack = await place.copy();
      value(await console.sessions.end("ada", gone.session.id));
      await putBack();
      await expect.poll(() => console.sessions.find(left.cookie.reveal()), soon).toBeUndefined();
      expect(await console.sessions.find(gone.cookie.reveal())).toBeUndefined();
      const again = await consoleOn(place);
      expect(await again.sessions.find(gone.cookie.reveal())).toBeUndefined();
      expect([...console.discarded, ...again.discarded]).toEqual(["vault-rolled-back", "vault-rolled-back"]);
      const fresh = value(await again.sessions.start("bob", "x", 1));
      await expect.poll(() => console.sessions.find(fresh.cookie.reveal()), soon).toBeDefined();
    });

    test("lets a sign-in link be used no second time, also where the marks are put back with it", async () => {
      const place = make();
      const console = await consoleOn(place);
      const take = async (by: Console, token: Secret) => value(await takeSignInLink(by, token));
      const first = new Secret(await createSignInLink(console.store, "Ann"));
      expect(await take(console, first)).toBe("Ann");
      const token = new Secret(await createSignInLink(console.store, "Ann"));
      const putBack = await place.copy();
      expect(await take(console, token)).toBe("Ann");
      await putBack();
      expect(await take(console, token)).toBeUndefined();
      await putBack();
      expect(await take(await consoleOn(place), token)).toBeUndefined();
      const next = new Secret(await createSignInLink(console.store, "Ann"));
      expect(await take(console, next)).toBe("Ann");
    });

    test("undoes no removal that was undone", async () => {
      const place = make();
      const console = await consoleOn(place);
      const { record } = await removedRecord(console);
      value(await binOf(console).keep("ada", "p", record));
      const putBack = await place.copy();
      expect(value(await binOf(console).take("p"))).toBeDefined();
      await putBack();
      for (const by of [console, await consoleOn(place)]) {
        expect(value(await binOf(by).list())).toEqual([]);
        expect(value(await binOf(by).take("p"))).toBeUndefined();
      }
      value(await binOf(console).keep("ada", "p", record));
      expect(value(await binOf(console).list())).toHaveLength(1);
    });

    test("lets nobody become owner a second time by the set-up token", async () => {
      const place = make();
      const console = await consoleOn(place);
      await console.setupToken.renew();
      const putBack = await place.copy();
      const password = new Secret("plum-tractor-oboe-9");
      value(await console.users.createFirstOwner({ name: "Ann", password }));
      await console.setupToken.remove();
      await putBack();
      const second = await (await consoleOn(place)).users.createFirstOwner({ name: "Eve", password });
      expect(second.ok).toBe(false);
    });
  });
}

function binOf({ vault }: Console) {
  return removedProfiles(vault.document("removed", { guarded: true, replaceable: true }));
}

async function removedRecord({ vault }: Console) {
  const notes = collection(vault, "note", z.strictObject({ title: z.string() }));
  const { id } = value(await notes.create({ meta: { title: "removed" } }));
  return { record: value(await notes.remove(id)) };
}

function at<T>(all: readonly T[], index: number): T {
  const found = all[index];
  if (found === undefined) throw new Error("no such");
  return found;
}
