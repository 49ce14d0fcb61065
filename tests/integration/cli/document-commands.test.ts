import { spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEnvironment } from "#lib/env.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { openWorkspace } from "#lib/workspace.ts";
import cli from "#messages/en/cli.json" with { type: "json" };
import { cleanEnvironment, cliProgram, runCli, scratchFolder } from "#tests/support/run-cli.ts";

const root = join(import.meta.dirname, "../../..");
const documents = [
  "README.md",
  "docs/deployment.md",
  "docs/guide.md",
  "docs/export-and-import.md",
  "docs/more-than-one-machine.md",
];
const blocks = documents.flatMap((document) =>
  [...readFileSync(join(root, document), "utf8").matchAll(/^```sh\n(.*?)^```/gms)].map(([, text = ""]) => ({
    document,
    lines: text.trim().split("\n"),
  })),
);
const scratch = scratchFolder();

beforeAll(async () => {
  const env = readEnvironment({ ...process.env, ...scratch.env });
  if (!env.ok) throw new Error("no environment");
  const opened = await openWorkspace(env.value);
  if (!opened.ok) throw new Error(opened.problem.code);
  const shop = {
    ...newFormValues,
    name: "Shop",
    host: "127.0.0.1",
    port: "1",
    database: "shop",
    user: "app",
  };
  const draft = await parseProfileForm(shop);
  if (!draft.ok) throw new Error(JSON.stringify(draft.problem));
  const saved = await opened.value.profiles.create(draft.value);
  if (!saved.ok) throw new Error(saved.problem.code);
  writeFileSync(join(scratch.path, "targets.txt"), "postgres://app@127.0.0.1:1/shop\nShop\n");
});

afterAll(() => scratch.remove());

/** What `--help` gives as examples; what starts a server, or moves the vault away from here, has tests of its own. */
const examples = Object.entries(cli.help)
  .filter(([command]) => !["start", "demo", "moveVault"].includes(command))
  .flatMap(([, text]) => text.split("\n").filter((line) => line.startsWith("  cloak-db ")))
  .map((line) => line.trim());

describe("the command line, as the documents and --help show it", () => {
  const walked = [blockWith("install -m 600 /dev/stdin ~/passphrase"), blockWith("bin/cloak-db key rekey")];
  const documented = blocks
    .flatMap(({ lines }) => (walked.includes(lines) ? [] : lines))
    .filter((line) => line.startsWith("bin/cloak-db "))
    .map((line) => line.slice("bin/".length));
  const shown = [...documented, ...examples];
  test.each([...new Set(shown)])("%s", async (line) => {
    const args = wordsOf(line).slice(1);
    const { code, stdout, stderr } = await runCli(args, {
      env: scratch.env,
      cwd: scratch.path,
      stdin: "a lamp, a fig and 3 owls\n",
    });
    // 2 is wrong usage; 1 is a connection that fails, as these must, and an audit log that nothing was written to.
    expect(code, stderr).toBe(args[0] === "check" ? 1 : 0);
    expect(stdout + stderr).not.toBe("");
  });
});

test("a backup is made and put back by the commands of docs/deployment.md", async () => {
  const data = join(scratch.path, "var");
  const env = { CLOAK_DB_CONFIG_DIR: join(data, "config"), CLOAK_DB_STATE_DIR: join(data, "state") };
  const act = (name: string) =>
    runCli(["admin", "create", name], { env, stdin: "a lamp, a fig and 3 owls\n" });
  mkdirSync(data, { mode: 0o700 });
  expect((await act("anna")).code).toBe(0);
  sh(blockWith("tar --create"), data);
  expect((await act("bert")).code).toBe(0);
  sh(
    blockWith("tar --extract").filter((line) => !line.startsWith("rm ")),
    data,
  );
  expect((await act("cora")).stderr).toContain("older than");
  sh(
    blockWith("tar --extract").filter((line) => line.startsWith("rm ")),
    data,
  );
  expect((await act("bert")).code).toBe(0);
  expect((await act("anna")).code).not.toBe(0);
});

test("a vault of a lost disk begins again by the commands of docs/deployment.md", async () => {
  const lost = join(scratch.path, "lost");
  const env = { CLOAK_DB_CONFIG_DIR: join(lost, "config"), CLOAK_DB_STATE_DIR: join(lost, "state") };
  const act = (args: readonly string[], of: Readonly<Record<string, string>>) =>
    runCli(args, { env: of, cwd: lost, stdin: "a lamp, a fig and 3 owls\n" });
  mkdirSync(lost, { mode: 0o700 });
  expect((await act(["admin", "create", "anna"], env)).code).toBe(0);
  expect((await act(["backup", "create", "--to", "cloak-db.backup.json"], env)).code).toBe(0);
  renameSync(join(lost, "state/vault.key"), join(lost, "saved-key"));
  for (const folder of ["config", "state"]) rmSync(join(lost, folder), { recursive: true });
  const lines = blockWith("install -d -m 700 /etc/cloak-db /var/lib");
  const here = lines
    .map((line) => line.replaceAll("/etc/cloak-db", join(lost, "etc")))
    .map((line) => line.replaceAll("bin/cloak-db", `${process.execPath} ${cliProgram}`));
  sh(here, join(lost, "data"), lost);
  const found = {
    CLOAK_DB_CONFIG_DIR: join(lost, "data/config"),
    CLOAK_DB_STATE_DIR: join(lost, "data/state"),
  };
  const again = await act(["admin", "reset-password", "anna"], {
    ...found,
    CLOAK_DB_KEY_FILE: join(lost, "etc/key"),
  });
  expect(again.code, again.stderr).toBe(0);
});

describe("by the commands of README.md", () => {
  const passphrase = "twelve blue herons at noon";
  const folders: string[] = [];

  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  /** A console of an owner who added a passphrase, as the page says first. */
  async function vaultAt(name: string) {
    const home = join(scratch.path, name);
    folders.push(home);
    mkdirSync(home, { mode: 0o700 });
    const env = {
      HOME: home,
      CLOAK_DB_CONFIG_DIR: join(home, "config"),
      CLOAK_DB_STATE_DIR: join(home, "state"),
    };
    const act = (args: readonly string[], more: Readonly<Record<string, string>> = {}, stdin = "") =>
      runCli(args, { env: { ...env, ...more }, cwd: home, stdin });
    expect((await act(["admin", "create", "anna"], {}, "a lamp, a fig and 3 owls\n")).code).toBe(0);
    expect(blockWith("bin/cloak-db key add")).toEqual(["bin/cloak-db key add"]);
    const added = await act(["key", "add"], {}, `${passphrase}\n`);
    expect(added.code, added.stderr).toBe(0);
    const status = async (more: Readonly<Record<string, string>> = {}) =>
      JSON.parse((await act(["key", "status", "--json"], more)).stdout) as {
        readonly slots: readonly { readonly id: string; readonly kind: string; readonly present: boolean }[];
        readonly dataKeys: readonly { readonly id: string; readonly active: boolean }[];
      };
    const walk = (lines: readonly string[], input = "") => {
      const script = lines.join("\n").replaceAll("bin/cloak-db", `"${process.execPath}" "${cliProgram}"`);
      // From a file: /dev/stdin cannot be opened where it is one of Node's sockets.
      writeFileSync(join(home, "typed"), input, { mode: 0o600 });
      const typed = openSync(join(home, "typed"), "r");
      const run = spawnSync("sh", ["-euc", script], {
        cwd: home,
        env: cleanEnvironment(env),
        stdio: [typed, "pipe", "pipe"],
        encoding: "utf8",
      });
      closeSync(typed);
      expect(run.status, run.stderr).toBe(0);
      return run.stdout;
    };
    return { home, act, status, walk, key: join(home, "state/vault.key") };
  }

  test("an owner who lost the key file gets in with the passphrase, and has a new key", async () => {
    const { home, act, status, walk, key } = await vaultAt("key-lost");
    rmSync(key);
    expect((await act(["key", "status"])).stderr).toContain("[vault-locked]");
    walk(blockWith("install -m 600 /dev/stdin ~/passphrase"), `${passphrase}\n`);
    const byFile = { CLOAK_DB_KEY_FILE: join(home, "cloak-db.key") };
    const lost = (await status(byFile)).slots.find(({ kind, present }) => kind === "raw" && !present);
    expect((await act(["key", "remove", lost?.id ?? ""], byFile)).code).toBe(0);
    expect((await status(byFile)).slots.map(({ kind, present }) => [kind, present])).toEqual([
      ["passphrase", false],
      ["raw", true],
    ]);
    const again = await act(["admin", "reset-password", "anna"], byFile, "a lamp, a fig and 4 owls\n");
    expect(again.code, again.stderr).toBe(0);
  }, 180_000);

  test("an owner whose key leaked has another one, and the leaked one opens nothing", async () => {
    const { home, act, status, walk, key } = await vaultAt("key-leaked");
    copyFileSync(key, join(home, "leaked.key"));
    const [old] = (await status()).dataKeys;
    expect(walk(blockWith("bin/cloak-db key rekey"))).toContain(old?.id);
    expect((await status()).dataKeys.map(({ id, active }) => [id === old?.id, active])).toEqual([
      [false, true],
    ]);
    const leaked = { CLOAK_DB_KEY_FILE: join(home, "leaked.key") };
    expect((await act(["key", "status"], leaked)).stderr).toContain("[vault-wrong-key]");
    // Also what lies beside: earlier revisions, and the files of an exchange.
    expect(readdirSync(join(home, "state")).filter((name) => /\.(new|old|tmp)$/.test(name))).toEqual([]);
    const { stdout } = await act(["audit", "export", "--json"]);
    const actions = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).action);
    expect(actions.filter((action) => action.startsWith("key-"))).toEqual([
      "key-add",
      "key-exchange",
      "key-rotate",
      "key-drop",
    ]);
    // The passphrase still opens it: it was no part of the leak.
    const byPassphrase = await act(["key", "status"], { CLOAK_DB_KEY: passphrase });
    expect(byPassphrase.code, byPassphrase.stderr).toBe(0);
  }, 180_000);
});

test.skipIf(spawnSync("openssl", ["version"]).status !== 0)(
  "the secrets of the compose file are made, and stay as they are",
  () => {
    const folder = join(scratch.path, "secrets");
    const make = () => spawnSync("sh", [join(root, "deploy/make-secrets.sh"), folder], { encoding: "utf8" });
    expect(make().status).toBe(0);
    const compose = readFileSync(join(root, "deploy/compose.yaml"), "utf8");
    const mounted = [...compose.matchAll(/file: \.\/secrets\/(\S+)/g)].map(([, name]) => name);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining([...mounted, "ca.crt"]));
    const before = mounted.map((name) => readFileSync(join(folder, String(name)), "utf8"));
    expect(make().status).toBe(0);
    expect(mounted.map((name) => readFileSync(join(folder, String(name)), "utf8"))).toEqual(before);
    const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o777;
    expect(["console-key", "database-password", "server.key"].map(modeOf)).toEqual([0o600, 0o600, 0o600]);
    expect(["ca.crt", "server.crt"].map(modeOf)).toEqual([0o644, 0o644]);
    const verified = spawnSync("openssl", [
      ...["verify", "-CAfile", join(folder, "ca.crt"), "-verify_hostname", "database"],
      join(folder, "server.crt"),
    ]);
    expect(verified.status).toBe(0);
    rmSync(folder, { recursive: true });
  },
);

/**
 * What else the documents show, and what tries it. A new command needs a line here, and with it something that runs it.
 */
const triedElsewhere: readonly (readonly [RegExp, string])[] = [
  [/^npm ci$/, ".ci/run"],
  [/^npm ci && npm test$/, ".ci/run"],
  [/^npm run demo$/, "tests/integration/cli/demo.test.ts"],
  [/^npm start( -- --port 8080)?$/, "tests/integration/cli/start.test.ts"],
  [/^docker (build|run) /, "tests/e2e/image.test.ts: the image's files, as the image's user, without docker"],
  [/^deploy\/make-secrets\.sh deploy\/secrets$/, "above"],
  [/^docker compose --file deploy\/compose(-two)?\.yaml /, "tests/unit/house/deploy.test.ts: read, not run"],
  [/^curl .*\/api\/health$/, "tests/e2e/access.test.ts"],
  [
    /^(git clone|cd \/opt|install|openssl rand|echo CLOAK_DB_|cp deploy\/)/,
    "tests/unit/house/deploy.test.ts",
  ],
  [/^(install -m 600 saved-key|export CLOAK_DB_)/, "above"],
  [/^(systemctl|journalctl) /, "tests/unit/house/deploy.test.ts: the unit is read"],
];

test("no command stands in the documents that nothing tries", () => {
  const backup = [...blockWith("tar --create"), ...blockWith("tar --extract")];
  const untried = blocks
    .flatMap(({ lines }) => lines)
    .filter((line) => !line.startsWith("bin/cloak-db ") && !backup.includes(line))
    .filter((line) => !triedElsewhere.some(([pattern]) => pattern.test(line)));
  expect(untried).toEqual([]);
});

function blockWith(text: string): readonly string[] {
  return blocks.find(({ lines }) => lines.some((line) => line.startsWith(text)))?.lines ?? [];
}

/** Runs lines of a document with another folder in place of /var/lib/cloak-db, and nothing for systemd to do. */
function sh(lines: readonly string[], data: string, cwd = scratch.path): void {
  const script = lines.filter((line) => !line.startsWith("systemctl ")).join("\n");
  expect(script).not.toBe("");
  const run = spawnSync("sh", ["-euc", script.replaceAll("/var/lib/cloak-db", data)], {
    cwd,
    encoding: "utf8",
  });
  expect(run.status, run.stderr).toBe(0);
}

/** Words of a command line: between blanks, or in quotes. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/["']([^"']*)["']|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
