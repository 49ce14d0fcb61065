import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok } from "#lib/problems/result.ts";
import { audit, sessionHash } from "#lib/team/audit.ts";
import { opened, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";

const owner = { actor: "u1", sessionId: "the-session-id", source: "192.0.2.7" };

test("the line stands before the act begins; one that fails gets a second", async () => {
  const setup = scratchVault();
  const log = audit(await opened(setup), () => Date.UTC(2026, 10, 25, 12));
  const event = {
    action: "connection-change",
    object: "c1",
    target: "db.test:5432",
    secrets: ["password"],
  } as const;
  let linesBefore = 0;
  const done = await log.during(owner, event, async () => {
    linesBefore = value(await log.newest(10)).entries.length;
    return ok("done");
  });
  expect([done, linesBefore]).toEqual([ok("done"), 1]);
  const refused = await log.during(owner, event, async () => failed(problem("vault-changed-meanwhile")));
  expect(problemOf(refused).code).toBe("vault-changed-meanwhile");
  const common = { at: "2026-11-25T12:00:00.000Z", actor: "u1", session: sessionHash("the-session-id") };
  const line = { ...common, source: "192.0.2.7", ...event };
  expect(value(await log.newest(10)).entries).toEqual([
    { seq: 3, ...line, result: "vault-changed-meanwhile" },
    { seq: 2, ...line, result: "allowed" },
    { seq: 1, ...line, result: "allowed" },
  ]);
  // The session's public id ends a session: the log does not hold it.
  expect(await readFile(join(setup.configDir, "audit.jsonl"), "utf8")).not.toContain("the-session-id");
});

test("what cannot be noted is not done", async () => {
  const setup = scratchVault();
  const log = audit(await opened(setup));
  value(await log.note({ actor: null }, { action: "setup" }));
  await chmod(join(setup.configDir, "audit.jsonl"), 0o666);
  let done = false;
  const refused = await log.during(owner, { action: "member-add" }, async () => {
    done = true;
    return ok(1);
  });
  expect(problemOf(refused).code).toBe("vault-unsafe-permissions");
  expect(done).toBe(false);
});

test("a flood of refusals does not fill the disk", async () => {
  const log = audit(await opened(scratchVault()));
  const many = Array.from({ length: 70 }, () => log.noteRefusal(owner, { action: "denied" }, "not-allowed"));
  expect((await Promise.all(many)).every((one) => one.ok)).toBe(true);
  value(await log.noteRefusal({ actor: "u2" }, { action: "denied" }, "not-allowed"));
  const { entries } = value(await log.newest(100));
  expect(entries.filter(({ actor }) => actor === "u1").length).toBeGreaterThanOrEqual(60);
  expect(entries.filter(({ actor }) => actor === "u1").length).toBeLessThan(65);
  expect(entries[0]?.actor).toBe("u2");
});
