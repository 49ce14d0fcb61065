import { expect, test } from "vitest";
import { problemCodes } from "#lib/problems/catalogue.ts";
import { runHere } from "#tests/support/run-cli.ts";

test("lists every code with its title", async () => {
  const { code, stdout } = await runHere(["problems"]);
  expect(code).toBe(0);
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0]),
  ).toEqual(problemCodes);
  expect(stdout).toMatch(/^net-timeout +The server did not answer in time$/m);
  expect(stdout).toMatch(/^tls-closed +The server closed the connection during the TLS handshake$/m);
  expect(stdout).not.toMatch(/\bproblems\.|, select,/);
});

test("one code: why, what to do, its fixes, and how psql says it", async () => {
  const { code, stdout } = await runHere(["problems", "tls-unknown-ca"]);
  expect(code).toBe(0);
  expect(stdout).toContain("[tls-unknown-ca]");
  expect(stdout).toContain("How to fix it: ");
  expect(stdout).toMatch(/^- /m);
  expect(stdout).toMatch(/^In other programs: .*certificate verify failed/m);
});

test("for programs: one object a line, nothing left open", async () => {
  const { stdout } = await runHere(["problems", "--json"]);
  const entries = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(entries.map(({ code }) => code)).toEqual(problemCodes);
  for (const entry of entries) {
    expect(Object.keys(entry)).toEqual(["code", "step", "title", "cause", "fix", "fixes", "example"]);
    expect(JSON.stringify(entry)).not.toMatch(/\bproblems\.|, select,/);
  }
});

test("a code that is none is wrong usage", async () => {
  const { code, stderr } = await runHere(["problems", "tls-unknown-ca", "constructor"]);
  expect(code).toBe(2);
  expect(stderr).toContain("Unknown problem: constructor.");
});

test("an error of another program is looked up, and what nobody says is not", async () => {
  const line =
    'FATAL:  no pg_hba.conf entry for host "192.0.2.7", user "app", database "shop", no encryption';
  const found = await runHere(["problems", "--find", line]);
  expect(found.code).toBe(0);
  expect(found.stdout.split(/\s/, 1)).toEqual(["auth-tls-required"]);
  const nothing = await runHere(["problems", "--find", "qqqq zzzz"]);
  expect([nothing.code, nothing.stdout]).toEqual([1, ""]);
  const { stdout } = await runHere(["problems", "net-refused"]);
  expect(stdout).toContain("/help/problems/net-refused");
});
