import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backup as runBackup } from "#lib/cli/backup.ts";
import { readEnvironment } from "#lib/env.ts";
import { newDraft } from "#lib/profiles/profile.ts";
import { Secret } from "#lib/secret.ts";
import { openWorkspace, type Workspace } from "#lib/workspace.ts";
import { foundIn } from "#tests/support/canaries.ts";
import { scratchFolder } from "#tests/support/run-cli.ts";
import { value } from "#tests/support/scratch-vault.ts";

const oldPassword = "canary-of-the-old-password";
const newPassword = "canary-of-the-new-password";
const ownerPassword = "a lamp, a fig and 3 owls";

let scratch: ReturnType<typeof scratchFolder>;
let config: string;
/** A console beside which the command line runs. */
let beside: Workspace;
const printed: string[] = [];

beforeEach(async () => {
  scratch = scratchFolder();
  config = join(scratch.path, "config");
  beside = await opened();
  value(await beside.users.create({ name: "anna", password: new Secret(ownerPassword), role: "owner" }));
});

afterEach(() => {
  scratch.remove();
  expect(
    foundIn([{ from: "output", body: printed.splice(0).join("\n") }], [oldPassword, newPassword]),
  ).toEqual([]);
});

async function opened(env: Readonly<Record<string, string>> = scratch.env): Promise<Workspace> {
  return value(await openWorkspace(value(readEnvironment({ ...env, NODE_ENV: "test" }))));
}

/** In this process: the program itself is run for the examples of its help and of the documents. */
async function backup(args: string, env = scratch.env) {
  const words = args.split(" ").map((word) => (word.endsWith(".json") ? join(scratch.path, word) : word));
  let [stdout, stderr] = ["", ""];
  const io = {
    stdin: process.stdin,
    out: (line: string) => {
      stdout += `${line}\n`;
    },
    err: (line: string) => {
      stderr += `${line}\n`;
    },
  };
  const code = await runBackup(words, io, readEnvironment({ ...env, NODE_ENV: "test" }));
  printed.push(stdout, stderr);
  return { code, stdout, stderr, all: stdout + stderr };
}

/** A connection whose password was replaced after it was made. */
async function shopWithNewPassword(): Promise<string> {
  const draft = { ...newDraft(), name: "Shop", host: "db.test", user: "app" };
  const { id } = value(
    await beside.profiles.create({ ...draft, secrets: { password: new Secret(oldPassword) } }),
  );
  const changed = { ...draft, secrets: { password: new Secret(newPassword) } };
  value(await beside.profiles.update(id, 1, changed, { password: "replace" }));
  return id;
}

describe("a backup, made and put back", () => {
  test("create writes one sealed file, says what it leaves out, and overwrites nothing", async () => {
    await shopWithNewPassword();
    const made = await backup("create --to copy.json");
    expect([made.code, made.stderr]).toEqual([0, ""]);
    expect(made.stdout).toContain("does not hold the key, the audit log");
    const file = join(scratch.path, "copy.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file, "utf8");
    expect(foundIn([{ from: file, body: before }], [oldPassword, newPassword, "Shop", "anna"])).toEqual([]);
    const again = await backup("create --to copy.json");
    expect([again.code, again.all]).toEqual([1, expect.stringContaining("already exists")]);
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(readdirSync(scratch.path).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("restore shows what differs, asks, and becomes a new revision that a console beside takes over", async () => {
    const id = await shopWithNewPassword();
    const created = await backup("create --to copy.json");
    const rev = /Revision (\d+)/.exec(created.stdout)?.[1];
    const { cookie } = value(
      await beside.sessions.start((await anna()).id, "test", (await anna()).sessionsFrom),
    );
    value(await beside.profiles.remove(id));
    value(await beside.users.create({ name: "bert", password: new Secret(ownerPassword), role: "owner" }));

    const asked = await backup("restore copy.json");
    expect([asked.code, asked.stdout, asked.stderr]).toEqual([
      1,
      expect.stringMatching(/come back: Shop\n[\s\S]*will be removed: bert/),
      expect.stringContaining("--yes"),
    ]);
    const tried = await backup("restore copy.json --dry-run");
    expect([tried.code, tried.stdout]).toEqual([0, asked.stdout]);
    expect(value(await beside.profiles.list())).toEqual([]);

    const before = value(await beside.vault.read()).document.rev;
    const done = await backup("restore copy.json --yes");
    expect(done.code, done.all).toBe(0);
    const found = value(await beside.profiles.open(id));
    expect(found?.secrets.password?.reveal()).toBe(newPassword);
    expect(value(await beside.users.findByName("bert"))).toBeUndefined();
    expect(value(await beside.vault.read()).document.rev).toBe(before + 1);
    // What a form or a cache has seen of it was another one.
    expect(found?.rev).toBe(before + 1);
    // Everybody signs in again: the session was begun at a number that no longer counts.
    expect((await beside.sessions.find(cookie.reveal()))?.epoch).not.toBe((await anna()).sessionsFrom);
    expect(value(await beside.users.signIn("anna", new Secret(ownerPassword)))?.name).toBe("anna");
    const { entries } = value(await beside.audit.newest(1));
    expect(entries[0]).toMatchObject({ actor: "command-line", action: "backup-restore", object: rev });

    // And back: what was in use then is a revision like the others.
    expect((await backup(`restore ${before} --yes`)).code).toBe(0);
    expect(value(await beside.users.findByName("bert"))?.name).toBe("bert");
    expect((await backup(`restore ${before}`)).stdout).toContain("Nothing was changed");
  });

  test("a revision without an owner is not put back", async () => {
    const refused = await backup("restore 1 --yes");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("no owner")]);
    expect((await anna()).name).toBe("anna");
  });

  test("list says what was done since, by name, for people and programs", async () => {
    await shopWithNewPassword();
    const people = await backup("list");
    expect(people.code).toBe(0);
    expect(people.stdout).toMatch(
      /Revision 3 · saved .*\n.*config\.3\.json\n {2}Opens and is complete\n {2}Connections changed since: Shop\n/,
    );
    const lines = (await backup("list --json")).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ rev, state }) => [rev, state])).toEqual([
      [3, "whole"],
      [2, "whole"],
      [1, "whole"],
    ]);
    expect(lines[1].differs).toEqual([
      { kind: "conn", added: [{ id: expect.any(String), name: "Shop" }], removed: [], changed: [] },
    ]);
  });
});

describe("a lost disk", () => {
  test.each(["with", "without"])(
    "begins again from a backup, %s what the host remembered",
    async (memory) => {
      const id = await shopWithNewPassword();
      await backup("create --to copy.json");
      const key = join(scratch.path, "key");
      copyFileSync(join(scratch.path, "state/vault.key"), key);
      rmSync(config, { recursive: true });
      if (memory === "without") rmSync(join(scratch.path, "state"), { recursive: true });
      const env = { ...scratch.env, CLOAK_DB_KEY_FILE: key };
      expect((await backup("verify copy.json", env)).code).toBe(0);
      const done = await backup("restore copy.json --yes", env);
      expect(done.code, done.all).toBe(0);
      const again = await opened(env);
      expect(value(await again.profiles.open(id))?.secrets.password?.reveal()).toBe(newPassword);
      expect(value(await again.users.signIn("anna", new Secret(ownerPassword)))?.name).toBe("anna");
      const { entries } = value(await again.audit.newest(1));
      expect(entries[0]?.action).toBe("backup-restore");
      // No alarm, and nothing to forget: it goes on from there.
      value(await again.profiles.remove(id));
    },
  );

  test("without the key says so, and makes no vault", async () => {
    await backup("create --to copy.json");
    rmSync(config, { recursive: true });
    rmSync(join(scratch.path, "state"), { recursive: true });
    const refused = await backup("restore copy.json --yes");
    expect([refused.code, existsSync(join(config, "config.json"))]).toEqual([1, false]);
    expect(refused.stderr).toContain("key that is not here");
  });

  test("a folder with another vault's remains is not written to", async () => {
    await backup("create --to copy.json");
    const key = join(scratch.path, "key");
    renameSync(join(scratch.path, "state/vault.key"), key);
    rmSync(join(scratch.path, "state"), { recursive: true });
    rmSync(config, { recursive: true });
    value(await (await opened()).audit.note({ actor: null }, { action: "setup" }));
    rmSync(join(config, "config.json"));
    rmSync(join(scratch.path, "state/highest-revision.json"));
    const refused = await backup("restore copy.json --yes", { ...scratch.env, CLOAK_DB_KEY_FILE: key });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("audit.jsonl")]);
    expect(existsSync(join(config, "config.json"))).toBe(false);
  });
});

test("what is no backup of this vault is told apart, each in its own words", async () => {
  await backup("create --to whole.json");
  const other = scratchFolder();
  try {
    value(
      await (await opened(other.env)).users.create({
        name: "eve",
        password: new Secret(ownerPassword),
        role: "owner",
      }),
    );
    copyFileSync(join(other.path, "config/config.json"), join(scratch.path, "other-vault.json"));
  } finally {
    other.remove();
  }
  const whole = readFileSync(join(scratch.path, "whole.json"), "utf8");
  const write = (name: string, text: string) => writeFileSync(join(scratch.path, name), text);
  write("newer.json", whole.replace('"v":3', '"v":4'));
  write("cut.json", whole.slice(0, -200));
  write(
    "bent.json",
    whole.replace(/"c":"(.)/, (_, first) => `"c":"${first === "A" ? "B" : "A"}`),
  );
  write("plain.json", JSON.stringify({ version: 1, connections: [] }));
  write("nothing.json", "");
  const words: readonly (readonly [string, RegExp])[] = [
    ["whole.json", /Opens and is complete/],
    ["other-vault.json", /From another vault \(.{8}\)/],
    ["newer.json", /later version of Cloak DB \(format 4\)/],
    ["cut.json", /Not a backup of Cloak DB, or cut off/],
    ["bent.json", /Damaged/],
    ["plain.json", /Cloak DB 0\.3/],
    ["nothing.json", /Not a backup/],
  ];
  const verified = await backup(`verify ${words.map(([name]) => name).join(" ")} missing.json`);
  expect(verified.code).toBe(1);
  for (const [name, said] of words) {
    const at = verified.stdout.indexOf(`/${name}\n`);
    expect([name, verified.stdout.slice(at).split("\n")[1]]).toEqual([name, expect.stringMatching(said)]);
  }
  expect(verified.stderr).toContain("missing.json cannot be read: there is no such file");
  // Of the backups that are kept nothing was asked.
  expect((await backup("verify missing.json")).stdout).toBe("");
  const refused = await backup("restore other-vault.json --yes");
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("empty folder")]);
});

describe("purge", () => {
  test("takes an old secret out of the backups, which stay whole without it", async () => {
    const id = await shopWithNewPassword();
    const holds = async (rev: number) => {
      const revision = value(await beside.backups.kept()).revisions.find((one) => one.rev === rev);
      const text = revision && (await beside.backups.read(revision));
      const judged = text === undefined ? undefined : value(await beside.backups.judge(text, true));
      if (judged?.state !== "whole") return judged?.state;
      return judged.copy.document.records.flatMap((record) =>
        record.id === id ? Object.keys(record.secrets) : [],
      );
    };
    expect(await holds(3)).toEqual(["password"]);
    const saved = value(await beside.backups.kept()).revisions.map(({ savedAt }) => savedAt);
    const tried = await backup("purge --secrets-of Shop --dry-run");
    expect(tried.stdout).toContain("Revision 3: would remove password");
    expect(await holds(3)).toEqual(["password"]);
    const done = await backup("purge --secrets-of Shop");
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining("Revision 3: removed password")]);
    expect(await holds(3)).toEqual([]);
    expect(value(await beside.backups.kept()).revisions.map(({ savedAt }) => savedAt)).toEqual(saved);
    expect(value(await beside.audit.newest(1)).entries[0]).toMatchObject({
      action: "backup-purge",
      object: id,
    });
    // The one in use is no old one.
    expect(value(await beside.profiles.open(id))?.secrets.password?.reveal()).toBe(newPassword);
    expect((await backup("purge --secrets-of Shop")).stdout).toContain("No backup holds");
    expect((await backup("restore 3 --yes")).code).toBe(0);
    expect(value(await beside.profiles.open(id))?.secrets.password).toBeUndefined();
  });

  test("of a deleted connection, by its name in a backup; it cannot be put back either", async () => {
    const id = await shopWithNewPassword();
    value(await beside.removedProfiles.keep("u", id, value(await beside.profiles.remove(id))));
    const done = await backup("purge --secrets-of Shop");
    expect(done.stdout).toMatch(
      /Revision 4: removed password[\s\S]*Revision 3: removed password[\s\S]*no longer be restored/,
    );
    expect(value(await beside.removedProfiles.list())).toEqual([]);
    expect((await backup("purge --secrets-of Nothing")).code).toBe(1);
  });

  test("by age, or all", async () => {
    await shopWithNewPassword();
    expect((await backup("purge --older-than 1")).stdout).toContain("No backup holds");
    expect((await backup("purge --all")).stdout).toMatch(
      /Removed: revision 3\nRemoved: revision 2\nRemoved: revision 1/,
    );
    expect(readdirSync(join(config, "backups"))).toEqual([]);
    expect((await backup("purge --all --older-than 3")).code).toBe(2);
  });
});

async function anna() {
  const found = value(await beside.users.findByName("anna"));
  if (found === undefined) throw new Error("anna is gone");
  return found;
}
