import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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

describe("what comes again and again", () => {
  const open = { action: "connection-open", object: "c1", target: "10.0.0.1:5432" } as const;

  test("a burst of the same is one line, and one that says how often it came again", async () => {
    const log = audit(await opened(scratchVault()));
    const many = await Promise.all(Array.from({ length: 57 }, () => log.noteBurst(owner, open)));
    expect(many.every((one) => one.ok)).toBe(true);
    value(await log.noteBurst(owner, open, "net-refused"));
    value(await log.noteBurst({ ...owner, actor: "u2" }, open));
    value(await log.noteBurst(owner, { ...open, target: "10.0.0.2:5432" }));
    expect(value(await log.newest(100)).entries).toHaveLength(4);
    value(await log.flush());
    value(await log.flush());
    const { entries } = value(await log.newest(100));
    expect(entries).toHaveLength(5);
    expect(entries[0]).toMatchObject({ ...open, actor: "u1", result: "allowed", times: 56 });
    expect(entries.slice(1).map(({ times }) => times)).toEqual([undefined, undefined, undefined, undefined]);
    expect(value(await log.check())).toEqual({ state: "whole", entries: 5 });
  });

  test("a burst, too, needs a log that can be used", async () => {
    const setup = scratchVault();
    const log = audit(await opened(setup));
    value(await log.noteBurst(owner, open));
    await chmod(join(setup.configDir, "audit.jsonl"), 0o666);
    expect(problemOf(await log.noteBurst(owner, open)).code).toBe("vault-unsafe-permissions");
  });

  test("what is counted waits for a log that can be used", async () => {
    const setup = scratchVault();
    const log = audit(await opened(setup));
    value(await log.note(owner, open));
    const path = join(setup.configDir, "audit.jsonl");
    await chmod(path, 0o666);
    for (let n = 0; n < 3; n += 1)
      log.count({ actor: null, source: "192.0.2.9" }, { action: "denied", object: "host" }, "not-allowed");
    expect((await log.flush()).ok).toBe(false);
    await chmod(path, 0o600);
    value(await log.flush());
    expect(value(await log.newest(1)).entries[0]).toMatchObject({
      actor: null,
      source: "192.0.2.9",
      action: "denied",
      object: "host",
      times: 3,
    });
  });

  test("beyond sixty refusals a minute they are counted", async () => {
    const log = audit(await opened(scratchVault()));
    for (let n = 0; n < 70; n += 1) value(await log.noteRefusal(owner, { action: "denied" }, "not-allowed"));
    value(await log.flush());
    const { entries } = value(await log.newest(100));
    const lines = entries.filter(({ times }) => times === undefined).length;
    expect(lines + (entries[0]?.times ?? 0)).toBe(70);
    expect(lines).toBeLessThan(70);
  });

  test("many strangers fill no memory and no disk", async () => {
    const log = audit(await opened(scratchVault()));
    for (let n = 0; n < 5000; n += 1)
      log.count(
        { actor: null, source: `2001:db8:${n.toString(16)}::1` },
        { action: "denied", object: "host" },
        "not-allowed",
      );
    value(await log.flush());
    const { entries } = value(await log.newest(1000));
    expect(entries.length).toBeLessThanOrEqual(201);
    expect(entries.reduce((sum, { times = 0 }) => sum + times, 0)).toBe(5000);
  });
});

test("changed settings stand in the line, long ones cut, however many there are", async () => {
  const log = audit(await opened(scratchVault()));
  const long = "漢\u0001".repeat(5000);
  const changes = Array.from({ length: 60 }, (_, n) => ({ field: `field${n}`, from: long, to: "b" }));
  value(await log.note(owner, { action: "connection-change", object: "c1", changes }));
  const [line] = value(await log.newest(1)).entries;
  expect(line?.changes?.length).toBe(50);
  expect(line?.changes?.[0]).toEqual({ field: "field0", from: `${long.slice(0, 99)}…`, to: "b" });
});
