import { afterAll, expect, test } from "vitest";
import { readEnvironment } from "#lib/env.ts";
import { Secret } from "#lib/secret.ts";
import { openWorkspace } from "#lib/workspace.ts";
import { runCli, scratchFolder } from "#tests/support/run-cli.ts";

const scratch = scratchFolder();
const first = "plum-tractor-oboe-9";
const second = "lantern-sixty-gravel-4";

afterAll(() => scratch.remove());

test("creates an owner and gives a new password; the password comes by standard input and is never shown", async () => {
  const made = await admin(["create", "Ada"], `${first}\n`);
  expect(made).toEqual({ code: 0, stdout: "Ada is now an owner of this console.\n", stderr: "" });
  expect(await signsIn("ada", first)).toMatchObject({ name: "Ada", role: "owner" });

  const twice = await admin(["create", "ADA"], `${second}\n`);
  expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining("This name is taken") });

  const reset = await admin(["reset-password", "ada"], second);
  expect(reset).toMatchObject({
    code: 0,
    stdout: "Password changed for Ada. All console sessions of this user have ended.\n",
  });
  expect(await signsIn("Ada", first)).toBeUndefined();
  expect(await signsIn("Ada", second)).toMatchObject({ name: "Ada" });
});

test.each([
  [["create", "Bob"], "short\n", "Use at least 12 characters."],
  [["create", "Bob"], "", "Use at least 12 characters."],
  [["reset-password", "nobody"], `${first}\n`, "Unknown user: nobody"],
])("%j is refused", async (args, stdin, sentence) => {
  const { code, stderr, stdout } = await admin(args, stdin);
  expect(stderr).toContain(sentence);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});

async function admin(args: readonly string[], stdin: string) {
  const done = await runCli(["admin", ...args], { env: scratch.env, stdin });
  expect(done.stdout + done.stderr).not.toMatch(new RegExp(`${first}|${second}`));
  return done;
}

async function signsIn(name: string, password: string) {
  const environment = readEnvironment(scratch.env as unknown as NodeJS.ProcessEnv);
  const workspace = environment.ok ? await openWorkspace(environment.value) : environment;
  if (!workspace.ok) throw new Error(workspace.problem.code);
  const found = await workspace.value.users.signIn(name, new Secret(password));
  return found.ok ? found.value : found.problem;
}
