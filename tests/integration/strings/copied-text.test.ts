import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { doubleQuoted, singleQuoted } from "#lib/strings/write/code-text.ts";
import type { CopiedText, CopyForm } from "#lib/strings/write/copy-form.ts";
import { quoteSh } from "#lib/strings/write/quote-sh.ts";
import { writeAs } from "#lib/strings/write/write-as.ts";

/** What shells and languages trip over. */
const hostile = [
  "plain",
  "",
  " blank both sides ",
  "it's",
  '"double"',
  "'",
  '"',
  "''",
  "\\",
  "\\\\",
  "\\'",
  '\\"',
  "$HOME",
  "$(touch pwned)",
  "`touch pwned`",
  "%PATH%",
  "!!",
  "!history",
  "^caret^",
  "~",
  "*",
  "?",
  "[a]",
  "{a,b}",
  "a;b",
  "a&b",
  "a|b",
  "a>b",
  "a<b",
  "#no comment",
  "-n",
  "--",
  "=x",
  "a=b",
  "#{1+1}",
  "#$x",
  "#@x",
  "%(a)s",
  "%d",
  "{0}",
  "\\n",
  "\\u0041",
  "\\x41",
  "\\b",
  "\\f",
  "two\nlines",
  "ends in a line\n",
  "tab\there",
  "bell\u0007",
  "é",
  "日本語",
  "🔑",
  "\u2028",
  "\u0085",
  "\ufeff",
];

const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-copied-"));
const has = (program: string) => {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("every word arrives as it was meant", () => {
  test.each(["sh", "bash"])("%s", (shell) => {
    const script = `printf '%s\\0' ${hostile.map(quoteSh).join(" ")}`;
    const said = execFileSync(shell, ["-c", script], { cwd: folder, encoding: "utf8" });
    expect(said.split("\0").slice(0, -1)).toEqual(hostile);
  });

  test.skipIf(!has("bash"))("bash as people type in it, with history expansion on", () => {
    // A line break ends what is typed; the shell asks for the rest, which is the same.
    const lines = hostile.map((text) => `printf '%s\\0' ${quoteSh(text)}`).join("\n");
    const said = execFileSync("bash", ["--norc", "--noprofile", "--noediting", "-i"], {
      cwd: folder,
      encoding: "utf8",
      input: `set -H\n${lines}\nexit 0\n`,
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, PS1: "", PS2: "", HOME: folder },
    });
    expect(said.split("\0").slice(0, -1)).toEqual(hostile);
  });

  test("node", () => {
    const script = `process.stdout.write(JSON.stringify([${hostile.map(doubleQuoted).join(",")}]))`;
    expect(JSON.parse(run("node", script, "words.mjs"))).toEqual(hostile);
  });

  test.skipIf(!has("python3"))("python3", () => {
    const script = `import json\nprint(json.dumps([${hostile.map(doubleQuoted).join(",")}]))`;
    expect(JSON.parse(run("python3", script, "words.py"))).toEqual(hostile);
  });

  test.skipIf(!has("php"))("php", () => {
    const script = `<?php echo json_encode([${hostile.map(singleQuoted).join(",")}]);`;
    expect(JSON.parse(run("php", script, "words.php"))).toEqual(hostile);
  });

  test.skipIf(!has("ruby"))("ruby", () => {
    const script = `require 'json'\nputs JSON.generate([${hostile.map(singleQuoted).join(",")}])`;
    expect(JSON.parse(run("ruby", script, "words.rb"))).toEqual(hostile);
  });
});

describe("what is copied connects", () => {
  const name = "db.copied.test";
  const password = "p'w \"$(x)`%!^\\é";
  // A setting's value is one line to PostgreSQL, and 63 bytes long at most.
  const application = 'it\'s "$HOME" `x` \\ % ! ^ #{1}';
  let server: SampleServer;
  let values: FormValues;

  beforeAll(async () => {
    const root = await makeCertificate({ commonNames: ["Copied CA"], ca: true });
    const certificate = await makeCertificate({ commonNames: [name], dns: [name], issuer: root });
    const owner = 'o\'brien "x" $y';
    const client = await makeCertificate({ commonNames: ["app"], issuer: root });
    server = await startPostgres({
      certificate,
      ca: root.pem,
      users: [{ name: owner, password }],
      databases: ["shop 100% 'x'"],
      hba: ["hostssl all all all scram-sha-256 clientcert=verify-ca"],
    });
    values = {
      ...newFormValues,
      name: "Shop",
      host: name,
      networkAddress: "127.0.0.1",
      port: String(server.port),
      database: "shop 100% 'x'",
      user: owner,
      password,
      trust: "own",
      ca: root.pem,
      clientCertificate: client.pem,
      clientKey: client.keyPem,
      applicationName: application,
      minVersion: "TLSv1.3",
      secretActs: { ...newFormValues.secretActs },
    };
  });
  afterAll(() => server.stop());

  const question =
    "select current_database(), current_user, current_setting('application_name'), ssl, version from pg_stat_ssl where pid = pg_backend_pid()";
  const answer = () => ["shop 100% 'x'", 'o\'brien "x" $y', application, "TLSv1.3"];

  test.each(["sh", "bash"])("psql for %s (D8)", async (shell) => {
    const written = save(writeAs("psql-sh", values, { withSecrets: true }));
    const said = await shellRun(shell, `${written.text} -XAtwc ${quoteSh(question)}`);
    expect(said.trim()).toBe(answer().toSpliced(3, 0, "t").join("|"));
  });

  test("psql asks for the password when it is left out, and checks as the connection does", async () => {
    save(writeAs("psql-sh", values, { withSecrets: true }));
    const { text } = writeAs("psql-sh", values);
    expect(text).not.toContain("PGPASSWORD");
    await expect(shellRun("sh", `${text} -XAtwc 'select 1'`)).rejects.toThrow("no password supplied");
    // The same text must not take another server for this one.
    const other = writeAs("psql-sh", { ...values, host: "other.copied.test" }, { withSecrets: true }).text;
    await expect(shellRun("sh", `${other} -XAtwc 'select 1'`)).rejects.toThrow("does not match host name");
  });

  test.each<[CopyForm, string]>([
    ["keywords", "psql -XAtw -d"],
    ["uri", "psql -XAtw -d"],
  ])("libpq takes %s", async (form, program) => {
    const written = save(writeAs(form, values, { withSecrets: true }));
    const said = await shellRun("sh", `${program} ${quoteSh(written.text)} -c ${quoteSh(question)}`);
    expect(said.trim()).toBe(answer().toSpliced(3, 0, "t").join("|"));
  });

  test("libpq takes the service file", async () => {
    const written = save(writeAs("service-file", values, { withSecrets: true }));
    writeFileSync(path.join(folder, "pg_service.conf"), `${written.text}\n`);
    const said = await shellRun(
      "sh",
      `PGSERVICEFILE=pg_service.conf psql -XAtw service=shop -c ${quoteSh(question)}`,
    );
    expect(said.trim()).toBe(answer().toSpliced(3, 0, "t").join("|"));
  });

  test("a token comes from the cloud's own command line (D8)", async () => {
    const token = "abc.dsql/?X-Amz-Expires=900&Signature=a%2Fb";
    await server.admin(`create role admin login password '${token}'`);
    await server.writeHba(["hostssl all admin all scram-sha-256"]);
    const aws = path.join(folder, "aws");
    // It says what it was asked for, so that a wrong word would be a wrong password.
    writeFileSync(
      aws,
      `#!/bin/sh\ntest "$*" = "dsql generate-db-connect-admin-auth-token --region eu-west-1 --hostname ${name} --expires-in 3600 --profile it's mine" && printf '%s\\n' '${token}'\n`,
    );
    chmodSync(aws, 0o755);
    const written = save(
      writeAs("psql-sh", {
        ...values,
        user: "admin",
        database: "postgres",
        signIn: "aurora-dsql-token",
        tokenRegion: "eu-west-1",
        tokenExpiry: "3600",
        tokenCredentials: "profile",
        awsProfile: "it's mine",
        clientCertificate: "",
        clientKey: "",
      }),
    );
    expect(written.text).toContain("PGSSLMODE=verify-full PGSSLROOTCERT=ca.pem \\\n");
    const said = await shellRun("bash", `${written.text} -XAtwc 'select current_user'`);
    expect(said.trim()).toBe("admin");
    await server.writeHba(["hostssl all all all scram-sha-256 clientcert=verify-ca"]);
  });

  test("node-postgres runs what is written for it", async () => {
    const written = save(writeAs("node-postgres", values, { withSecrets: true }));
    symlinkOnce(path.resolve("node_modules"), path.join(folder, "node_modules"));
    const script = `${written.text}\nconst { rows } = await client.query({ text: ${doubleQuoted(question)}, rowMode: "array" });\nprocess.stdout.write(JSON.stringify(rows[0]));\nawait client.end();\n`;
    expect(JSON.parse(run("node", script, "copied.mjs"))).toEqual(answer().toSpliced(3, 0, true as never));
  });

  test("node-postgres refuses another name under Verify Full, and not under Verify CA", async () => {
    const other = { ...values, host: "other.copied.test" };
    const script = (given: FormValues) =>
      `${writeAs("node-postgres", given, { withSecrets: true }).text}\nawait client.end();\n`;
    symlinkOnce(path.resolve("node_modules"), path.join(folder, "node_modules"));
    expect(() => run("node", script(other), "other.mjs")).toThrow("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(run("node", script({ ...other, mode: "verify-ca" }), "other.mjs")).toBe("");
  });

  test.skipIf(!has("python3"))("python gives psycopg and Django the same words", () => {
    const written = writeAs("psycopg", values, { withSecrets: true });
    writeFileSync(
      path.join(folder, "psycopg.py"),
      "import json\ndef connect(**words): print(json.dumps(words))\n",
    );
    const words = JSON.parse(run("python3", written.text, "copied.py"));
    expect(words).toMatchObject({ host: name, user: values.user, password, application_name: application });
    const django = `${writeAs("django", values).text}\nimport json\nprint(json.dumps(DATABASES))\n`;
    const env = { PGPASSWORD: password };
    const { default: settings } = JSON.parse(run("python3", django, "settings.py", env));
    expect(settings).toMatchObject({ HOST: name, PASSWORD: password, NAME: values.database });
    expect(settings.OPTIONS).toMatchObject({ sslmode: "verify-full", application_name: application });
  });

  function save(written: CopiedText): CopiedText {
    for (const file of written.files) {
      writeFileSync(path.join(folder, file.name), file.content ?? "", { mode: 0o600 });
    }
    return written;
  }
});

function shellRun(shell: string, script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(shell, ["-c", script], { cwd: folder, env: cleanEnvironment() }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr)) : resolve(stdout),
    );
  });
}

function run(program: string, script: string, file: string, more: Record<string, string> = {}): string {
  const place = path.join(folder, file);
  writeFileSync(place, script);
  return execFileSync(program, [place], {
    cwd: folder,
    encoding: "utf8",
    env: { ...cleanEnvironment(), ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Without PG* variables, and with this folder's programs first. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return {
    ...Object.fromEntries(own),
    NODE_ENV: "test",
    HOME: folder,
    LC_ALL: "C.UTF-8",
    PATH: `${folder}:${process.env.PATH}`,
  };
}

function symlinkOnce(target: string, place: string): void {
  try {
    symlinkSync(target, place);
  } catch {
    // It stands already.
  }
}
