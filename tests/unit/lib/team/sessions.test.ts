import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { newSessionToken, readSessionCookie, sessionCookieValue } from "#lib/team/session-token.ts";
import { openSessions, type Sessions } from "#lib/team/sessions.ts";

const minute = 60_000;
const hour = 60 * minute;

/** Sessions on a file in memory and a clock that is set by hand. */
async function bench() {
  const clock = { at: Date.UTC(2026, 0, 1) };
  const kept: { text: string | undefined; writes: number; broken: boolean; disowned: number } = {
    text: undefined,
    writes: 0,
    broken: false,
    disowned: 0,
  };
  const settings = {
    file: {
      read: async () => ok(kept.text === undefined ? undefined : JSON.parse(kept.text)),
      write: async (document: unknown): Promise<Result<void>> => {
        if (kept.broken) return failed(problem("vault-write-failed"));
        kept.text = JSON.stringify(document);
        kept.writes += 1;
        return ok(undefined);
      },
      disown: async () => {
        kept.disowned += 1;
      },
    },
    cookieKey: randomBytes(32),
    storeKey: randomBytes(32),
    now: () => clock.at,
  };
  const open = async () => (await openSessions(settings)).sessions;
  return { clock, kept, settings, open, sessions: await open() };
}

async function begin(sessions: Sessions, userId = "u1") {
  const started = await sessions.start(userId, "Test Browser", 1);
  if (!started.ok) throw new Error("not started");
  return { cookie: started.value.cookie.reveal(), id: started.value.session.id };
}

describe("session cookies", () => {
  test("carry 256 random bits and a MAC that only the key's holder makes", () => {
    const key = randomBytes(32);
    const token = newSessionToken();
    expect(token).toHaveLength(32);
    const value = sessionCookieValue(token, key).reveal();
    expect(readSessionCookie(value, key)?.equals(token)).toBe(true);
    expect(readSessionCookie(value, randomBytes(32))).toBeUndefined();
    expect(readSessionCookie(`A${value.slice(1)}`, key)).toBeUndefined();
    for (const wrong of [undefined, "", ".", value.slice(0, -1), `${value}A`, value.split(".")[0]]) {
      expect(readSessionCookie(wrong, key)).toBeUndefined();
    }
  });
});

describe("sessions", () => {
  test("open with their cookie, survive a restart, and are kept without the token", async () => {
    const { sessions, kept, open } = await bench();
    const { cookie } = await begin(sessions);
    expect(sessions.find(cookie)?.userId).toBe("u1");
    const again = await open();
    expect(again.find(cookie)?.userId).toBe("u1");
    const token = cookie.split(".")[0] ?? "";
    expect(kept.text).not.toContain(token);
    expect(kept.text).not.toContain(Buffer.from(token, "base64url").toString("hex"));
  });

  test("end after 8 hours without use, and use keeps them", async () => {
    const { sessions, clock } = await bench();
    const used = await begin(sessions);
    const idle = await begin(sessions);
    clock.at += 7 * hour;
    expect(sessions.find(used.cookie)).toBeDefined();
    clock.at += hour + 1;
    expect(sessions.find(idle.cookie)).toBeUndefined();
    expect(sessions.find(used.cookie)).toBeDefined();
  });

  test("end after 7 days however busy", async () => {
    const { sessions, clock } = await bench();
    const { cookie } = await begin(sessions);
    for (let at = 0; at < 7 * 24 - 4; at += 4) {
      clock.at += 4 * hour;
      expect(sessions.find(cookie)).toBeDefined();
    }
    clock.at += 4 * hour;
    expect(sessions.find(cookie)).toBeUndefined();
  });

  test.each([
    [2 * minute, true],
    [10 * minute, false],
    [10 * 365 * 24 * hour, false],
  ])("made %d ms in the future, by a clock that was put back since: counts is %s", async (ahead, counts) => {
    const { sessions, clock, open } = await bench();
    clock.at += ahead;
    const { cookie } = await begin(sessions);
    clock.at -= ahead;
    expect(sessions.find(cookie) !== undefined).toBe(counts);
    expect((await open()).find(cookie) !== undefined).toBe(counts);
    expect(sessions.list("u1")).toHaveLength(counts ? 1 : 0);
    // One that is begun now is not touched by that.
    expect(sessions.find((await begin(sessions)).cookie)).toBeDefined();
  });

  test("write being seen at most every 5 minutes", async () => {
    const { sessions, clock, kept } = await bench();
    const { cookie } = await begin(sessions);
    expect(kept.writes).toBe(1);
    for (let n = 0; n < 12; n += 1) {
      clock.at += minute;
      sessions.find(cookie);
    }
    await sessions.endAll("nobody");
    await new Promise((resolve) => setImmediate(resolve));
    expect(kept.writes).toBe(3);
  });

  test("write being seen again with the next request when it could not be written", async () => {
    const { sessions, clock, kept } = await bench();
    const { cookie } = await begin(sessions);
    kept.broken = true;
    clock.at += 5 * minute;
    sessions.find(cookie);
    await new Promise((resolve) => setImmediate(resolve));
    kept.broken = false;
    sessions.find(cookie);
    await new Promise((resolve) => setImmediate(resolve));
    expect(kept.writes).toBe(2);
    expect(JSON.parse(kept.text ?? "").sessions[0].lastSeenAt).toBe(clock.at);
  });

  test("are listed and ended one by one, only one's own, on the server and for good", async () => {
    const { sessions, clock, open } = await bench();
    const first = await begin(sessions);
    clock.at += minute;
    const second = await begin(sessions);
    const other = await begin(sessions, "u2");
    expect(sessions.list("u1").map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await sessions.end("u1", other.id)).toEqual(ok(false));
    expect(await sessions.end("u1", first.id)).toEqual(ok(true));
    expect(sessions.find(first.cookie)).toBeUndefined();
    expect((await open()).find(first.cookie)).toBeUndefined();
    expect(sessions.find(other.cookie)).toBeDefined();
  });

  test("are ended all at once but for the one in hand", async () => {
    const { sessions } = await bench();
    const all = [await begin(sessions), await begin(sessions), await begin(sessions)];
    expect(await sessions.endAll("u1", { id: all[2]?.id ?? "", epoch: 2 })).toEqual(ok(2));
    expect(all.map(({ cookie }) => sessions.find(cookie)?.epoch)).toEqual([undefined, undefined, 2]);
  });

  test("get a new token and stay what they are; the old one opens nothing, also after a restart", async () => {
    const { sessions, open } = await bench();
    const { id, cookie } = await begin(sessions);
    const other = await begin(sessions, "u2");
    expect(await sessions.renew("u2", id)).toEqual(ok(undefined));
    const renewed = await sessions.renew("u1", id);
    const next = renewed.ok ? renewed.value?.reveal() : undefined;
    expect(next).not.toBe(cookie);
    for (const found of [sessions, await open()]) {
      expect(found.find(cookie)).toBeUndefined();
      expect(found.find(next)).toMatchObject({ id, userId: "u1" });
      expect(found.find(other.cookie)?.id).toBe(other.id);
    }
  });

  test("of a user are 25 at most; the one longest unseen goes", async () => {
    const { sessions, clock } = await bench();
    const first = await begin(sessions);
    for (let n = 0; n < 25; n += 1) {
      clock.at += 1;
      await begin(sessions);
    }
    expect(sessions.list("u1")).toHaveLength(25);
    expect(sessions.find(first.cookie)).toBeUndefined();
  });

  test("do not begin when they cannot be written down", async () => {
    const { sessions, kept } = await bench();
    kept.broken = true;
    const started = await sessions.start("u1", "x", 1);
    expect(started).toEqual(failed(problem("vault-write-failed")));
    expect(sessions.list("u1")).toEqual([]);
  });

  test("that cannot be read are dropped, and the reason is given", async () => {
    const { settings } = await bench();
    const damaged = failed(problem("vault-damaged"));
    const opened = await openSessions({ ...settings, file: { ...settings.file, read: async () => damaged } });
    expect(opened.discarded).toEqual(problem("vault-damaged"));
    expect(opened.sessions.list("u1")).toEqual([]);
  });

  test.each<[string, (sessions: Sessions, id: string) => Promise<unknown>, number]>([
    ["signing out", (sessions, id) => sessions.end("u1", id), 1],
    ["signing out everywhere", (sessions) => sessions.endAll("u1"), 1],
    ["a new token", (sessions, id) => sessions.renew("u1", id), 1],
    ["a confirmation, which ends nothing", (sessions, id) => sessions.confirm("u1", id), 0],
    ["a sign-in, which ends nothing", (sessions) => sessions.start("u1", "x", 1), 0],
  ])(
    "%s that cannot be kept lets the kept list count no more where it ends something",
    async (_what, act, times) => {
      const { sessions, kept } = await bench();
      const { id } = await begin(sessions);
      kept.broken = true;
      await act(sessions, id);
      expect(kept.disowned).toBe(times);
    },
  );
});
