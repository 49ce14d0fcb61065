import { scryptSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Secret } from "#lib/secret.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { defaultPreferences, preferences } from "#lib/team/preferences.ts";
import { openTeam } from "#lib/team/team.ts";
import { type UserMeta, userMeta, users } from "#lib/team/users.ts";
import { collection } from "#lib/vault/collection.ts";
import { opened, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";

const good = new Secret("plum-tractor-oboe-9");
const other = new Secret("velvet-anchor-kiwi-4");

async function bench() {
  const setup = scratchVault();
  const vault = await opened(setup);
  const clock = { at: Date.UTC(2026, 0, 1) };
  const records = collection<UserMeta>(vault, "user", userMeta);
  return { setup, vault, clock, records, team: users(records, () => clock.at) };
}

/** The users as other processes see them: each with a vault of its own on the same files. */
async function othersOn(setup: Awaited<ReturnType<typeof bench>>["setup"], count: number) {
  const vaults = await Promise.all(Array.from({ length: count }, () => opened(setup)));
  return vaults.map((vault) => users(collection<UserMeta>(vault, "user", userMeta)));
}

describe("users", () => {
  test("are created, found whatever the case, and sign in after a restart", async () => {
    const { setup, team } = await bench();
    expect(value(await team.any())).toBe(false);
    const ann = value(await team.create({ name: " Ann ", password: good, role: "member" }));
    expect(ann.name).toBe("Ann");
    const vault = await opened(setup);
    const again = users(collection(vault, "user", userMeta));
    expect(value(await again.any())).toBe(true);
    expect(value(await again.findByName("ANN"))?.id).toBe(ann.id);
    expect(value(await again.signIn("ann", good))?.id).toBe(ann.id);
    expect(value(await again.signIn("ann", other))).toBeUndefined();
    expect(value(await again.signIn("bob", good))).toBeUndefined();
  });

  test("stand in the file with neither name nor password nor hash in the clear", async () => {
    const { setup, team } = await bench();
    // The file is base64 for its most part: a name that can stand in it by chance says nothing.
    value(await team.create({ name: "Ann Örtel", password: good, role: "owner" }));
    const text = readFileSync(setup.file, "utf8");
    for (const word of ["Ann Örtel", "plum-tractor", "scrypt", "owner"]) expect(text).not.toContain(word);
  });

  test("have one name each", async () => {
    const { team } = await bench();
    const answers = await Promise.all(
      ["ann", "Ann", "ANN"].map((name) => team.create({ name, password: good, role: "member" })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const refused = answers.find(({ ok }) => !ok);
    expect(refused && problemOf(refused).facts).toEqual({ field: "name", reason: "taken" });
  });

  test("have one name each, whichever process makes them", async () => {
    const { setup, team } = await bench();
    const teams = [team, ...(await othersOn(setup, 3))];
    const answers = await Promise.all(
      teams.map((one) => one.create({ name: "same", password: good, role: "owner" })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    for (const answer of answers.filter(({ ok }) => !ok)) {
      expect(problemOf(answer).facts).toEqual({ field: "name", reason: "taken" });
    }
    expect(value(await team.list())).toHaveLength(1);
  });

  test("the first owner is made once, whichever process makes it", async () => {
    const { setup, team } = await bench();
    const teams = [team, ...(await othersOn(setup, 3))];
    const answers = await Promise.all(
      teams.map((one, n) => one.createFirstOwner({ name: `owner ${n}`, password: good })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter(({ ok }) => !ok).map((answer) => problemOf(answer).code)).toEqual(
      Array.from({ length: 3 }, () => "not-found"),
    );
    expect(value(await team.list())).toHaveLength(1);
  });

  test("one owner stays, when two shut each other out in two processes", async () => {
    const { setup, team } = await bench();
    const ids: string[] = [];
    for (const name of ["ann", "bob", "cleo"]) {
      ids.push(value(await team.create({ name, password: good, role: "owner" })).id);
    }
    const teams = [team, ...(await othersOn(setup, 2))];
    const answers = await Promise.all(teams.map((one, n) => one.setDisabled(ids[n] ?? "", true)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(2);
    expect(value(await team.list()).filter((user) => !user.disabled)).toHaveLength(1);
  });

  test("the first owner is made once", async () => {
    const { team } = await bench();
    const answers = await Promise.all(
      ["ann", "bob"].map((name) => team.createFirstOwner({ name, password: good })),
    );
    expect(answers.map((answer) => (answer.ok ? answer.value.role : answer.problem.code))).toEqual([
      "owner",
      "not-found",
    ]);
  });

  test("somebody whose record cannot be read is still somebody: set-up stays closed", async () => {
    const { vault, team } = await bench();
    const foreign = collection(vault, "user", userMeta.loose());
    value(
      await foreign.create({
        meta: {
          name: "x",
          role: "owner",
          disabled: false,
          createdAt: 1,
          sessionsFrom: 1,
          fromTheFuture: true,
        } as never,
      }),
    );
    expect(value(await team.list())).toEqual([]);
    expect(value(await team.any())).toBe(true);
    expect(problemOf(await team.createFirstOwner({ name: "eve", password: good })).code).toBe("not-found");
  });

  test("with a new password end their older sessions", async () => {
    const { team, clock } = await bench();
    const { id } = value(await team.create({ name: "Ann", password: good, role: "member" }));
    clock.at += 1000;
    expect(problemOf(await team.changePassword(id, new Secret("ann ann ann ann"))).facts.reason).toBe(
      "holds-user-name",
    );
    const changed = value(await team.changePassword(id, other));
    expect(changed.sessionsFrom).toBe(2);
    expect(value(await team.signIn("ann", good))).toBeUndefined();
    expect(value(await team.signIn("ann", other))?.id).toBe(id);
  });

  test("shut out cannot sign in, and the last owner cannot be shut out", async () => {
    const { team, clock } = await bench();
    const owner = value(await team.create({ name: "Ann", password: good, role: "owner" }));
    const member = value(await team.create({ name: "Bob", password: good, role: "member" }));
    expect(problemOf(await team.setDisabled(owner.id, true)).code).toBe("not-allowed");
    clock.at += 1000;
    expect(value(await team.setDisabled(member.id, true)).sessionsFrom).toBe(2);
    expect(value(await team.signIn("bob", good))).toBeUndefined();
    value(await team.setDisabled(member.id, false));
    expect(value(await team.signIn("bob", good))?.id).toBe(member.id);
    const second = value(await team.create({ name: "Cleo", password: good, role: "owner" }));
    value(await team.setDisabled(owner.id, true));
    expect(problemOf(await team.setDisabled(second.id, true)).code).toBe("not-allowed");
  });

  test("with an outgrown hash get a new one when they sign in, and stay signed in elsewhere", async () => {
    const { team, records } = await bench();
    const { id, rev, ...meta } = value(await team.create({ name: "Ann", password: good, role: "member" }));
    const salt = Buffer.from("0123456789abcdef");
    const hash = scryptSync(good.reveal(), salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 });
    const bare = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
    const old = new Secret(`$scrypt$ln=15,r=8,p=1$${bare(salt)}$${bare(hash)}`);
    value(await records.update(id, rev, { meta, secrets: { password: old } }));
    const signedIn = value(await team.signIn("ann", good));
    expect(signedIn?.sessionsFrom).toBe(meta.sessionsFrom);
    expect(value(await records.open(id))?.secrets.password?.reveal()).toMatch(/^\$scrypt\$ln=16,r=8,p=2\$/);
    expect(value(await team.signIn("ann", good))?.id).toBe(id);
  });
});

describe("the team on a vault", () => {
  test("keeps sessions and preferences over a restart, sealed", async () => {
    // Long enough that random base64 does not hold it by chance.
    const user = "visitor-of-the-sealed-file";
    const setup = scratchVault();
    const first = await openTeam(await opened(setup), fileStore(setup));
    const started = value(await first.sessions.start(user, "Test Browser", 1));
    expect(value(await first.preferences.of(user))).toEqual(defaultPreferences);
    const chosen = { ...defaultPreferences, theme: "dark", timeZone: "Europe/Paris", pageSize: 250 } as const;
    value(await first.preferences.save(user, chosen));
    value(await first.preferences.save(user, { ...chosen, theme: "light" }));

    const second = await openTeam(await opened(setup), fileStore(setup));
    expect(second.sessionsDiscarded).toBeUndefined();
    expect((await second.sessions.find(started.cookie.reveal()))?.userId).toBe(user);
    expect(value(await second.preferences.of(user))).toEqual({ ...chosen, theme: "light" });
    expect(value(await second.preferences.of("u2"))).toEqual(defaultPreferences);
    const sealed = readFileSync(`${setup.configDir}/sessions.json`, "utf8");
    expect(sealed).not.toContain("Test Browser");
    expect(sealed).not.toContain(user);
  });

  test("preferences take no zone, size or field that there is not", () => {
    for (const wrong of [
      { timeZone: "Europe/Atlantis" },
      { pageSize: 7 },
      { theme: "pink" },
      { admin: true },
    ]) {
      expect(preferences.safeParse({ ...defaultPreferences, ...wrong }).success).toBe(false);
    }
  });
});
