import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEnvironment } from "#lib/env.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { type DemoServers, demoUser, startDemoServers } from "#lib/samples/demo-servers.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { openWorkspace } from "#lib/workspace.ts";
import { type CliOptions, runCli, runHere, scratchFolder } from "#tests/support/run-cli.ts";

const { user, password, database } = demoUser;
const scratch = scratchFolder();
let servers: DemoServers;
let ca: string;

beforeAll(async () => {
  servers = await startDemoServers();
  ca = file("ca.crt", servers.ca.pem);
});

afterAll(async () => {
  await servers?.stop();
  scratch.remove();
});

describe("one target", () => {
  test("connected or refused, each for its own reason", async () => {
    const rows = [
      ["verified", "verify-full", undefined],
      ["selfSigned", "verify-full", "tls-self-signed"],
      ["expired", "verify-full", "tls-expired"],
      ["wrongName", "verify-full", "tls-hostname-mismatch"],
      ["wrongName", "verify-ca", undefined],
      ["selfSigned", "require", "tls-self-signed"],
      ["clientCertificate", "verify-full", "auth-client-certificate-missing"],
    ] as const;
    const targets = rows.map(([name, mode]) => `${uri(servers[name])}?sslmode=${mode}&sslrootcert=${ca}`);
    const { lines, run } = await checkJson(targets);
    expect(lines).toMatchObject(
      rows.map(([, , code]) => ({ ok: code === undefined, problem: code === undefined ? null : { code } })),
    );
    expect(run.code).toBe(1);
    expectNoSecret(run);
  });

  test("says all that the contract names", async () => {
    const { lines } = await checkJson([`${uri(servers.verified)}?sslmode=verify-full&sslrootcert=${ca}`]);
    const [line] = lines;
    expect(Object.keys(line ?? {})).toEqual(["target", "ok", "problem", "steps", "tls", "server"]);
    expect(line).toMatchObject({
      target: `postgres://${user}@localhost:${servers.verified.port}/${database}`,
      steps: ["name", "address", "tls-request", "handshake", "chain", "host-name", "sign-in", "session"].map(
        (name) => ({ name, state: "passed", ms: expect.any(Number), facts: expect.any(Object) }),
      ),
      tls: {
        encrypted: true,
        verified: "full",
        protocol: "TLSv1.3",
        sni: "localhost",
        channelBinding: true,
        negotiation: "postgres",
        anchor: { subject: expect.stringContaining("Cloak DB demo CA") },
        chain: [
          { subject: "CN=localhost", sans: expect.arrayContaining(["DNS:localhost"]), key: "EC P-256" },
        ],
      },
      server: {
        version: expect.stringMatching(/^18/),
        user,
        database,
        sees: { ssl: true, version: "TLSv1.3" },
      },
    });
    expect(Object.keys((line?.tls ?? {}) as object)).toEqual([
      "encrypted",
      "verified",
      "protocol",
      "cipher",
      "sni",
      "channelBinding",
      "negotiation",
      "anchor",
      "chain",
    ]);
  });

  test("a problem has its code, its step, its words and its fixes", async () => {
    const { lines } = await checkJson([`${uri(servers.wrongName)}?sslmode=verify-full&sslrootcert=${ca}`]);
    const problem = lines[0]?.problem as Record<string, unknown>;
    expect(Object.keys(problem)).toEqual(["code", "step", "title", "cause", "fixes", "also", "facts"]);
    expect(problem).toMatchObject({ code: "tls-hostname-mismatch", step: "host-name" });
    for (const words of [problem.title, problem.cause]) expect(String(words)).toMatch(/^[A-Z].{10,}/);
    for (const fix of problem.fixes as Record<string, unknown>[]) {
      expect(fix).toEqual({ id: expect.any(String), title: expect.any(String), change: expect.any(Object) });
      expect(fix.title).not.toBe("");
    }
  });

  test("a port where nothing listens is net-refused", async () => {
    const free = await import("#lib/samples/free-port.ts").then(({ freePort }) => freePort(["127.0.0.1"]));
    const { lines, run } = await checkJson([`postgres://${user}:${password}@127.0.0.1:${free}/x`]);
    expect(lines[0]).toMatchObject({
      ok: false,
      problem: { code: "net-refused", step: "address" },
      tls: null,
    });
    expect(run.code).toBe(1);
  });

  test("keywords do as well as a URI, and libpq's default is prefer", async () => {
    const target = `host=localhost port=${servers.verified.port} user=${user} password=${password} dbname=${database}`;
    const { lines } = await checkJson([target]);
    expect(lines[0]).toMatchObject({ ok: true, tls: { verified: "none" } });
  });

  test("for people: the outcome, the cause and what to do", async () => {
    const good = await run([`${uri(servers.verified)}?sslmode=verify-full&sslrootcert=${ca}`]);
    expect(good.stdout).toContain(`ok  postgres://${user}@localhost:${servers.verified.port}/${database}`);
    expect(good.stdout).toContain("verified: chain and name");
    const bad = await run([`${uri(servers.expired)}?sslmode=verify-full&sslrootcert=${ca}`]);
    expect(bad.stdout).toContain("FAILED  postgres://");
    expect(bad.stdout).toContain("[tls-expired]");
    expect(bad.stdout).toContain("How to fix it: ");
    expectNoSecret(good);
    expectNoSecret(bad);
  });
});

describe("many targets", () => {
  test("come out in the order given, from arguments, then files; comments and empty lines are none", async () => {
    const all = ["verified", "selfSigned", "expired", "wrongName", "verified"] as const;
    const more = Array.from({ length: 12 }, () => `${uri(servers.verified)}?sslmode=require`);
    const list = file("targets", `# demo\n\n${more.join("\r\n")}\n`);
    const options = all.map((name) => `${uri(servers[name])}?sslmode=verify-full&sslrootcert=${ca}`);
    const { lines, run } = await checkJson([...options, "--file", list]);
    expect(lines.map((line) => line.target)).toEqual(
      [...all, ...more.map(() => "verified" as const)].map(
        (name) => `postgres://${user}@localhost:${servers[name].port}/${database}`,
      ),
    );
    expect(lines.map((line) => line.ok)).toEqual([true, false, false, false, ...more.map(() => true), true]);
    expect(run.code).toBe(1);
  });

  test("standard input is a file, too", async () => {
    const { lines, run } = await checkJson(["--file", "-"], {
      stdin: `${uri(servers.verified)}?sslmode=require\n`,
    });
    expect(lines).toHaveLength(1);
    expect(run.code).toBe(0);
  });

  test("one that cannot be read does not keep the others from being tried", async () => {
    const { lines, run } = await checkJson([
      "postgres://app:s3cret@word@host/db",
      "nobody-saved-this",
      `${uri(servers.verified)}?sslmode=require`,
    ]);
    expect(lines.map((line) => line.target).slice(0, 2)).toEqual(["#1", "nobody-saved-this"]);
    expect(lines.map((line) => (line.problem as { code?: string } | null)?.code)).toEqual([
      "string-malformed",
      "not-found",
      undefined,
    ]);
    expect(run.stdout + run.stderr).not.toMatch(/s3cret|word@/);
  });
});

describe("libpq's surroundings", () => {
  test("PG* variables fill in what the string leaves out; the string wins", async () => {
    const env = {
      PGHOST: "localhost",
      PGPORT: "1",
      PGUSER: user,
      PGPASSWORD: password,
      PGDATABASE: database,
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: ca,
    };
    const { lines, run } = await checkJson([`port=${servers.verified.port}`], { env });
    expect(lines[0]).toMatchObject({ ok: true, tls: { verified: "full" } });
    expectNoSecret(run);
  });

  test("~/.postgresql/root.crt turns require into a check, and ~/.pgpass gives the password", async () => {
    const home = path.join(scratch.path, "home-with-files");
    mkdirSync(path.join(home, ".postgresql"), { recursive: true });
    writeFileSync(path.join(home, ".postgresql", "root.crt"), servers.ca.pem);
    writeFileSync(path.join(home, ".pgpass"), `localhost:*:${database}:${user}:${password}\n`, {
      mode: 0o600,
    });
    const at = ({ port }: { port: number }) =>
      `postgres://${user}@localhost:${port}/${database}?sslmode=require`;
    const { lines } = await checkJson([at(servers.verified), at(servers.selfSigned)], {
      env: { HOME: home },
    });
    expect(lines[0]).toMatchObject({ ok: true, tls: { verified: "ca" } });
    expect(lines[1]).toMatchObject({ ok: false, problem: { code: "tls-self-signed" } });
  });

  test("a client certificate comes from files; the key must be closed to others", async () => {
    const cert = file("client.crt", servers.client.certificatePem);
    const key = file("client.key", servers.client.keyPem);
    const target = (more: string) =>
      `host=localhost port=${servers.clientCertificate.port} user=${user} dbname=${database} sslmode=verify-full ` +
      `sslrootcert=${ca} sslcert=${cert} sslkey=${key} ${more}`;
    const opened = await checkJson([target(`sslpassword=${servers.client.passphrase}`)]);
    expect(opened.lines[0]).toMatchObject({ ok: true, server: { sees: { clientDn: `/CN=${user}` } } });
    expect(opened.run.stdout).not.toContain(servers.client.passphrase);

    const shut = await checkJson([target("")]);
    expect(shut.lines[0]).toMatchObject({ problem: { code: "key-passphrase-missing" } });

    chmodSync(key, 0o644);
    const open = await checkJson([target(`sslpassword=${servers.client.passphrase}`)]);
    expect(open.lines[0]).toMatchObject({
      problem: { code: "key-unreadable", facts: { parameter: "sslkey", reason: "file-permissions" } },
    });
  });

  test("a verifying mode without a CA file, and a parameter that cannot be met, are refused by name", async () => {
    const { lines } = await checkJson([
      `${uri(servers.verified)}?sslmode=verify-full`,
      `${uri(servers.verified)}?sslmode=verify-full&sslrootcert=${scratch.path}/none.crt`,
      `${uri(servers.verified)}?service=prod`,
      `${uri(servers.verified)}?sslcertmode=always`,
      `${uri(servers.verified)}?frobnicate=1`,
    ]);
    expect(lines.map((line) => line.problem)).toMatchObject([
      { code: "trust-no-ca" },
      { code: "trust-no-ca", facts: { file: `${scratch.path}/none.crt` } },
      { code: "setting-invalid", facts: { parameter: "service", reason: "service-unknown" } },
      { code: "setting-invalid", facts: { parameter: "sslcertmode" } },
      { code: "string-parameter-unsupported", facts: { parameters: ["frobnicate"] } },
    ]);
  });
});

describe("for people, what is wrong with a string", () => {
  test("by the name of what is wrong", async () => {
    const rows = [
      ["?service=prod", "no service file defines prod"],
      ["?sslmode=verify-full&host=&hostaddr=127.0.0.1", "hostaddr alone does not provide one"],
      ["?host=a,b&port=1,2,3", "differ in length"],
      ["?require_auth=magic", "require_auth"],
    ] as const;
    const { stdout } = await run(rows.map(([query]) => `postgres://${user}@/${database}${query}`));
    const told = stdout.split(/^FAILED /m).slice(1);
    expect(told).toHaveLength(rows.length);
    for (const [n, [, words]] of rows.entries()) expect(told[n]).toContain(words);
  });
});

describe("saved connections", () => {
  test("are found by name; without a vault none is made", async () => {
    const before = await checkJson(["Shop"]);
    expect(before.lines[0]).toMatchObject({ target: "Shop", problem: { code: "not-found" } });
    const environment = readEnvironment(scratch.env as unknown as NodeJS.ProcessEnv);
    if (!environment.ok) throw new Error(environment.problem.code);
    const { vaultExists } = await import("#lib/workspace.ts");
    expect(await vaultExists(environment.value)).toBe(false);

    const workspace = await openWorkspace(environment.value);
    const draft = await parseProfileForm({
      ...newFormValues,
      ...demoUser,
      name: "Shop",
      host: "localhost",
      port: String(servers.verified.port),
      trust: "own",
      ca: servers.ca.pem,
    });
    if (!workspace.ok || !draft.ok) throw new Error("the vault or the form refused");
    const saved = await workspace.value.profiles.create(draft.value);
    expect(saved.ok).toBe(true);

    // C11: the roots that were given for a provider count for the command line, too.
    const cloud = await parseProfileForm(
      {
        ...newFormValues,
        ...demoUser,
        name: "Cloud",
        trust: "provider",
        mode: "verify-ca",
        host: "db.abcdefghijklmnopqrst.supabase.co",
        networkAddress: "127.0.0.1",
        port: String(servers.verified.port),
      },
      undefined,
      new Date(),
      { supabase: "private" },
    );
    if (!cloud.ok) throw new Error(JSON.stringify(cloud.problem));
    expect((await workspace.value.profiles.create(cloud.value)).ok).toBe(true);
    expect((await checkJson(["Cloud"])).lines[0]).toMatchObject({ problem: { code: "trust-no-ca" } });
    const given = await workspace.value.givenRoots.save("supabase", {
      way: "add",
      pems: [servers.ca.pem],
      files: ["ca.pem"],
      since: new Date().toISOString(),
      by: "ada",
    });
    expect(given.ok).toBe(true);
    expect((await checkJson(["Cloud"])).lines[0]).toMatchObject({ ok: true, tls: { verified: "ca" } });

    const { lines, run } = await checkJson(["Shop", "shop"]);
    expect(lines).toMatchObject([
      { target: "Shop", ok: true, tls: { verified: "full" } },
      { target: "Shop", ok: true },
    ]);
    expectNoSecret(run);
  });
});

describe("wrong usage exits with 2 and says how it is done", () => {
  test.each([
    [[], "At least one target is required"],
    [["--jsonn"], "Unknown option: --jsonn"],
    [["--file"], "The option --file needs a value."],
    [["--file", "/nonexistent/targets"], "/nonexistent/targets cannot be read"],
  ])("check %j", async (args, sentence) => {
    const { code, stderr, stdout } = await runHere(["check", ...args]);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain("Usage: cloak-db check");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("--help is no mistake", async () => {
    const { code, stdout, stderr } = await runHere(["check", "--help"]);
    expect(stdout).toContain("Usage: cloak-db check");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

function uri({ port }: { port: number }): string {
  return `postgres://${user}:${password}@localhost:${port}/${database}`;
}

function file(name: string, text: string): string {
  const full = path.join(scratch.path, name);
  writeFileSync(full, text, { mode: 0o600 });
  return full;
}

function run(args: readonly string[], options: CliOptions = {}) {
  return runCli(["check", ...args], { ...options, env: { ...scratch.env, ...options.env } });
}

type Line = Record<string, unknown>;

async function checkJson(args: readonly string[], options: CliOptions = {}) {
  const done = await run(["--json", ...args], options);
  expect(done.stderr).toBe("");
  const lines = done.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  return { lines, run: done };
}

function expectNoSecret({ stdout, stderr }: { stdout: string; stderr: string }): void {
  expect(stdout + stderr).not.toContain(password);
}

test.skipIf(process.getuid?.() !== 0)(
  "a user whom the system does not know, as a container may have",
  async () => {
    const folders = { CLOAK_DB_CONFIG_DIR: "/dev/null/config", CLOAK_DB_STATE_DIR: "/dev/null/state" };
    const check = (target: string) => runCli(["check", target], { env: folders, uid: 60_321 });
    expect((await check("postgres://app@127.0.0.1:1/shop")).stdout).toContain("[net-refused]");
    const nameless = await check("postgres://127.0.0.1:1/shop");
    expect(nameless.stdout).toContain("[setting-invalid]");
    expect(nameless.code).toBe(1);
  },
);
