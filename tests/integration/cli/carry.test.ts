import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readEnvironment } from "#lib/env.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { openWorkspace, type Workspace } from "#lib/workspace.ts";
import { runCli, runInProcess, scratchFolder } from "#tests/support/run-cli.ts";

// A process keeps the environment that it began with; here the commands of two consoles run in one.
vi.mock("#lib/env.ts", async (original) => {
  const real = await original<typeof import("#lib/env.ts")>();
  return { ...real, readEnvironment: (source = process.env) => real.readEnvironment(source) };
});

const scratch = scratchFolder();
/** Another console, on the same machine. */
const other = {
  HOME: scratch.env.HOME ?? "",
  CLOAK_DB_CONFIG_DIR: join(scratch.path, "other/config"),
  CLOAK_DB_STATE_DIR: join(scratch.path, "other/state"),
};
const passphrase = "a lamp, a fig and 3 owls";
const canary = "canary-4711";

const here = (args: readonly string[], stdin?: string) => runInProcess(args, scratch.env, stdin);
const there = (args: readonly string[], stdin?: string) => runInProcess(args, other, stdin);
const file = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  mkdirSync(join(scratch.path, "other"), { mode: 0o700 });
  writeFileSync(file("passphrase"), `${passphrase}\n`, { mode: 0o600 });
  const { profiles, labels } = await workspaceOf(scratch.env);
  const made = await profiles.createAll([
    await draftOf({ name: "Shop", host: "db.example.test", user: "app", password: canary }),
    await draftOf({ name: "Plain", host: "plain.example.test", user: "app", ssl: false }),
  ]);
  if (!made.ok) throw new Error(made.problem.code);
  const labelled = await labels.change([made.value[0]?.id ?? ""], { group: "Shops", addTags: ["eu"] });
  if (!labelled.ok) throw new Error(labelled.problem.code);
});

afterAll(() => scratch.remove());

describe("connections without secrets", () => {
  test("are printed as readable JSON, noted in the audit log", async () => {
    const { code, stdout } = await here(["export", "shop"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      format: "cloak-connections",
      connections: [{ name: "Shop", group: "Shops", tags: ["eu"], hasSecrets: ["password"] }],
    });
    expect(stdout).not.toContain(canary);
    expect((await here(["audit", "export"])).stdout).toMatch(/Export a connection/);
  });

  test("go into a new file for its owner alone, and into no other", async () => {
    expect((await here(["export", "--to", file("all.json")])).stdout).toContain(
      `2 connections written to ${file("all.json")}`,
    );
    expect(statSync(file("all.json")).mode & 0o777).toBe(0o600);
    const again = await here(["export", "--to", file("all.json")]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("EEXIST")]);
  });

  test("come in once: a dry run says so, then they are new, then the same", async () => {
    const dry = await there(["import", file("all.json"), "--dry-run"]);
    expect([dry.code, dry.stderr]).toEqual([0, ""]);
    expect(dry.stdout).toMatch(
      /New: Shop · app@db\.example\.test:5432\/app · sslmode=verify-full\n {2}Not in the file, add it later: Password/,
    );
    expect(dry.stdout).toMatch(/New: Plain.*sslmode=disable\n {2}Checks less than Verify Full\./);
    expect(dry.stdout).toContain("Dry run: 2 connections would be added");
    expect(await namesIn(other)).toEqual([]);
    expect((await there(["import", file("all.json")])).stdout).toContain("2 connections added");
    expect(await namesIn(other)).toEqual(["Shop", "Plain"]);
    const labels = await (await workspaceOf(other)).labels.all();
    expect(labels.ok && [...labels.value.values()]).toEqual([{ group: "Shops", tags: ["eu"] }]);
    const again = await there(["import", file("all.json")]);
    expect(again.stdout).toMatch(/Already here: Shop[\s\S]*0 connections added, 0 replaced, 2 skipped/);
  });
});

describe("connections with secrets", () => {
  test("are sealed with a passphrase, and replace what is there", async () => {
    const out = await here(
      ["export", "Shop", "--with-secrets", "--to", file("shop.age"), "--json"],
      `${passphrase}\n`,
    );
    expect(JSON.parse(out.stdout)).toEqual({
      file: file("shop.age"),
      connections: ["Shop"],
      withSecrets: true,
    });
    expect(readFileSync(file("shop.age"), "utf8")).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    expect((await here(["audit", "export"])).stdout).toMatch(/Export a connection.*password/);

    const wrong = await there(["import", file("shop.age")], "another one, and long\n");
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("[import-locked]")]);
    const done = await there([
      "import",
      file("shop.age"),
      "--on-conflict",
      "replace",
      "--passphrase-file",
      file("passphrase"),
    ]);
    expect(done.stdout).toMatch(/Replaces the existing connection: Shop[\s\S]*Secrets in the file: Password/);
    expect(done.stdout + done.stderr).not.toContain(canary);
    expect(await passwordIn(other, "Shop")).toBe(canary);
    expect(await namesIn(other)).toEqual(["Shop", "Plain"]);
  });

  test("are sealed to another console, which alone opens them", async () => {
    const recipient = (await there(["import", "--recipient"])).stdout.trim();
    expect(recipient).toMatch(/^age1/);
    expect((await there(["import", "--recipient"])).stdout.trim()).toBe(recipient);
    const sealed = await here(["export", "Shop", "--with-secrets", "--recipient", recipient]);
    expect(sealed.stderr).toBe("");
    expect((await there(["import", "-", "--on-conflict", "rename"], sealed.stdout)).stdout).toContain(
      "New, under another name: Shop (2)",
    );
    expect(await passwordIn(other, "Shop (2)")).toBe(canary);
    const ours = await here(["import", "-"], sealed.stdout);
    expect([ours.code, ours.stderr]).toEqual([1, expect.stringContaining("another vault")]);
  });

  test("are sealed to no console that is not there: asking makes none", async () => {
    const nowhere = { ...other, CLOAK_DB_CONFIG_DIR: join(scratch.path, "nowhere/config") };
    const { code, stdout, stderr } = await runInProcess(["import", "--recipient"], nowhere);
    expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining("no console in")]);
    expect(existsSync(join(scratch.path, "nowhere"))).toBe(false);
  });

  test("are not sealed with a passphrase that is guessed at once", async () => {
    const { code, stderr } = await here(["export", "--with-secrets"], "password1234\n");
    expect([code, stderr]).toEqual([1, expect.stringContaining("too weak")]);
  });
});

test("as programs of their own, by a pipe from one console to the other", async () => {
  const recipient = (await runCli(["import", "--recipient"], { env: other })).stdout.trim();
  const out = await runCli(["export", "Plain", "--with-secrets", "--recipient", recipient], {
    env: scratch.env,
  });
  const done = await runCli(["import", "-", "--json"], { env: other, stdin: out.stdout });
  expect([out.code, done.code, out.stderr + done.stderr]).toEqual([0, 0, ""]);
  expect(JSON.parse(done.stdout)).toMatchObject({ name: "Plain", outcome: "same", written: false });
});

test("a replacement that is not possible keeps all of it from being written", async () => {
  const moved = JSON.stringify({
    format: "cloak-connections",
    version: 1,
    connections: [
      { name: "Shop", settings: { host: "elsewhere.example.test", user: "app" } },
      { name: "Beside it", settings: { host: "beside.example.test", user: "app" } },
    ],
  });
  writeFileSync(file("moved.json"), moved);
  const { code, stdout, stderr } = await there(["import", file("moved.json"), "--on-conflict", "replace"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/Shop[\s\S]*Password: /);
  expect(stderr).toContain("Nothing was written");
  expect(await namesIn(other)).not.toContain("Beside it");
});

test("whoever is named manages what is new", async () => {
  expect((await there(["admin", "create", "anna"], `${passphrase}\n`)).code).toBe(0);
  writeFileSync(file("one.txt"), "postgres://app@one.example.test/shop");
  expect((await there(["import", file("one.txt"), "--as", "anna"])).stdout).toContain("anna manages");
  const { profiles, grants, users } = await workspaceOf(other);
  const [all, book, anna] = [await profiles.list(), await grants.read(), await users.findByName("anna")];
  if (!all.ok || !book.ok || !anna.ok) throw new Error("not read");
  const id = all.value.find(({ host }) => host === "one.example.test")?.id ?? "";
  expect(book.value.of(id).maker).toBe(anna.value?.id);
  expect((await there(["import", file("one.txt"), "--as", "nobody"])).code).toBe(1);
});

test("a name that several bear is taken for none of them: they are told, and their ids", async () => {
  const { profiles } = await workspaceOf(scratch.env);
  const draft = (host: string) => draftOf({ name: "Twin", host, user: "app" });
  const made = await profiles.createAll([await draft("a.example.test"), await draft("b.example.test")]);
  if (!made.ok) throw new Error(made.problem.code);
  const [one, two] = made.value;
  const told =
    /2 connections are called twin:[\s\S]*app@a\.example\.test:5432[\s\S]*app@b\.example\.test:5432/;
  const out = await here(["export", "twin"]);
  expect([out.code, out.stdout]).toEqual([1, ""]);
  expect(out.stderr).toMatch(told);
  expect(out.stderr).toContain(String(one?.id));
  const byId = await here(["export", String(two?.id)]);
  expect(JSON.parse(byId.stdout).connections).toMatchObject([{ settings: { host: "b.example.test" } }]);
  const checked = await here(["check", "twin"]);
  expect(checked.code).toBe(1);
  expect(checked.stdout).toMatch(told);
  expect((await here(["check", String(two?.id)])).stdout).not.toMatch(/are called/);
  const purged = await here(["backup", "purge", "--secrets-of", "twin", "--dry-run"]);
  expect([purged.code, purged.stderr]).toEqual([1, expect.stringMatching(told)]);
  expect((await here(["backup", "purge", "--secrets-of", String(one?.id), "--dry-run"])).code).toBe(0);

  const third = [{ name: "Twin", settings: { host: "c.example.test", user: "app" } }];
  writeFileSync(
    file("twin.json"),
    JSON.stringify({ format: "cloak-connections", version: 1, connections: third }),
  );
  const replaced = await here(["import", file("twin.json"), "--on-conflict", "replace"]);
  expect(replaced.stdout).toContain("Several connections are called Twin");
  const now = await (await workspaceOf(scratch.env)).profiles.list();
  expect(now.ok && now.value.filter(({ name }) => name === "Twin").map(({ host }) => host)).toEqual([
    "a.example.test",
    "b.example.test",
  ]);
});

test("a file that was named is read no further than is taken, and one with a passphrase only by its owner", async () => {
  const endless = await here(["import", "/dev/zero"]);
  expect([endless.code, endless.stderr]).toEqual([1, expect.stringContaining("larger than 16 MiB")]);
  const list = await here(["check", "--file", "/dev/zero"]);
  expect([list.code, list.stderr]).toEqual([2, expect.stringContaining("it is too large (EFBIG)")]);
  const sealing = (path: string) => here(["export", "Plain", "--with-secrets", "--passphrase-file", path]);
  const without = await sealing("/dev/zero");
  expect([without.code, without.stderr]).toEqual([1, expect.stringContaining("it is too large (EFBIG)")]);
  writeFileSync(file("shared-passphrase"), `${passphrase}\n`);
  chmodSync(file("shared-passphrase"), 0o644);
  const shared = await sealing(file("shared-passphrase"));
  expect([shared.code, shared.stdout]).toEqual([1, ""]);
  expect(shared.stderr).toContain(`Other users of the console host can read ${file("shared-passphrase")}`);
  chmodSync(file("shared-passphrase"), 0o600);
  expect((await sealing(file("shared-passphrase"))).code).toBe(0);
});

test("what cannot be one is said, and the others come in", async () => {
  writeFileSync(file("some.txt"), "postgres://app@two.example.test/d\npostgres://nobody.example.test/d\n");
  const { code, stdout } = await there(["import", file("some.txt"), "--json"]);
  expect(code).toBe(1);
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { outcome: "new", written: true, source: "strings" },
    { outcome: "refused", written: false, problems: { fields: { user: {} } } },
  ]);
  expect((await there(["import", file("some.txt"), "--user", "app"])).code).toBe(0);
});

test.each([
  [["import"], "file is required"],
  [["import", "a", "b"], "Unexpected argument: b"],
  [["import", "a", "--on-conflict", "ask"], "ask is not a choice"],
  [["import", "a", "--recipient"], "Unexpected argument: a"],
  [["export", "--passphrase-file", "p"], "needs --with-secrets"],
  [["export", "--with-secrets", "--recipient", "age1nonsense"], "not an age key"],
  [["export", "--json"], "--json needs --to"],
])("%j is wrong usage", async (args, words) => {
  const { code, stderr } = await here(args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
});

test.each([
  [["import", file("missing.json")], "there is no such file"],
  [["export", "Nobody"], "Unknown connection: Nobody"],
  [["export", "--to", file("missing/all.json")], "there is no such folder"],
  [["export", "--with-secrets", "--passphrase-file", file("missing")], "there is no such file"],
])("%j does not succeed", async (args, words) => {
  const { code, stderr } = await here(args);
  expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
});

async function draftOf(change: Partial<FormValues>) {
  const parsed = await parseProfileForm({ ...newFormValues, ...change });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.value;
}

async function workspaceOf(env: Readonly<Record<string, string>>): Promise<Workspace> {
  const read = readEnvironment({ ...process.env, ...env });
  if (!read.ok) throw new Error(read.problem.code);
  const opened = await openWorkspace(read.value);
  if (!opened.ok) throw new Error(opened.problem.code);
  return opened.value;
}

async function namesIn(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const all = await (await workspaceOf(env)).profiles.list();
  if (!all.ok) throw new Error(all.problem.code);
  return all.value.map(({ name }) => name);
}

async function passwordIn(env: Readonly<Record<string, string>>, name: string): Promise<string | undefined> {
  const { profiles } = await workspaceOf(env);
  const all = await profiles.list();
  const id = all.ok ? all.value.find((one) => one.name === name)?.id : undefined;
  const opened = await profiles.open(id ?? "");
  return opened.ok ? opened.value?.secrets.password?.reveal() : undefined;
}
