import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { newSessionToken, readSessionCookie, sessionCookieValue } from "#lib/team/session-token.ts";
import { openSessions, type Sessions } from "#lib/team/sessions.ts";

const minute = 60_000;
const hour = 60 * minute;

/** Sessions on a file in memory and a clock that is set by hand. */
async function bench() {
  const clock = { at: Date.UTC(2026, 0, 1) };
  const kept = {
    text: undefined as string | undefined,
    reads: 0,
    writes: 0,
    broken: false,
    unbelieved: undefined as Problem | undefined,
    disowned: 0,
    told: [] as string[],
  };
  const parsed = () => (kept.text === undefined ? undefined : JSON.parse(kept.text));
  const settings = {
    file: {
      place: "sessions",
      read: async () => {
        kept.reads += 1;
        return kept.unbelieved === undefined ? ok(parsed()) : failed(kept.unbelieved);
      },
      change: async (edit: (value: unknown, unbelieved?: Problem) => unknown): Promise<Result<void>> => {
        if (kept.broken) return failed(problem("vault-write-failed"));
        const before = kept.unbelieved === undefined ? parsed() : undefined;
        const next = edit(before, kept.unbelieved);
        if (next === before && kept.unbelieved === undefined) return ok(undefined);
        kept.text = JSON.stringify(next);
        kept.unbelieved = undefined;
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
    steady: () => clock.at,
    discarded: (why: Problem) => kept.told.push(why.code),
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
    const other = value.startsWith("A") ? "B" : "A";
    expect(readSessionCookie(other + value.slice(1), key)).toBeUndefined();
    for (const wrong of [undefined, "", ".", value.slice(0, -1), `${value}A`, value.split(".")[0]]) {
      expect(readSessionCookie(wrong, key)).toBeUndefined();
    }
  });
});

describe("sessions", () => {
  test("open with their cookie, survive a restart, and are kept without the token", async () => {
    const { sessions, kept, open } = await bench();
    const { cookie } = await begin(sessions);
    expect((await sessions.find(cookie))?.userId).toBe("u1");
    const again = await open();
    expect((await again.find(cookie))?.userId).toBe("u1");
    const token = cookie.split(".")[0] ?? "";
    expect(kept.text).not.toContain(token);
    expect(kept.text).not.toContain(Buffer.from(token, "base64url").toString("hex"));
  });

  test("end after 8 hours without use, and use keeps them", async () => {
    const { sessions, clock } = await bench();
    const used = await begin(sessions);
    const idle = await begin(sessions);
    clock.at += 7 * hour;
    expect(await sessions.find(used.cookie)).toBeDefined();
    clock.at += hour + 1;
    expect(await sessions.find(idle.cookie)).toBeUndefined();
    expect(await sessions.find(used.cookie)).toBeDefined();
  });

  test("end after 7 days however busy", async () => {
    const { sessions, clock } = await bench();
    const { cookie } = await begin(sessions);
    for (let at = 0; at < 7 * 24 - 4; at += 4) {
      clock.at += 4 * hour;
      expect(await sessions.find(cookie)).toBeDefined();
    }
    clock.at += 4 * hour;
    expect(await sessions.find(cookie)).toBeUndefined();
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
    expect((await sessions.find(cookie)) !== undefined).toBe(counts);
    expect((await (await open()).find(cookie)) !== undefined).toBe(counts);
    expect(await sessions.list("u1")).toHaveLength(counts ? 1 : 0);
    // One that is begun now is not touched by that.
    expect(await sessions.find((await begin(sessions)).cookie)).toBeDefined();
  });

  test("write being seen at most every 5 minutes", async () => {
    const { sessions, clock, kept } = await bench();
    const { cookie } = await begin(sessions);
    expect(kept.writes).toBe(1);
    for (let n = 0; n < 12; n += 1) {
      clock.at += minute;
      await sessions.find(cookie);
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
    await sessions.find(cookie);
    await new Promise((resolve) => setImmediate(resolve));
    kept.broken = false;
    await sessions.find(cookie);
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
    expect((await sessions.list("u1")).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await sessions.end("u1", other.id)).toEqual(ok(false));
    expect(await sessions.end("u1", first.id)).toEqual(ok(true));
    expect(await sessions.find(first.cookie)).toBeUndefined();
    expect(await (await open()).find(first.cookie)).toBeUndefined();
    expect(await sessions.find(other.cookie)).toBeDefined();
  });

  test("are ended all at once but for the one in hand", async () => {
    const { sessions } = await bench();
    const all = [await begin(sessions), await begin(sessions), await begin(sessions)];
    expect(await sessions.endAll("u1", { id: all[2]?.id ?? "", epoch: 2 })).toEqual(ok(2));
    const found = await Promise.all(all.map(({ cookie }) => sessions.find(cookie)));
    expect(found.map((session) => session?.epoch)).toEqual([undefined, undefined, 2]);
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
      expect(await found.find(cookie)).toBeUndefined();
      expect(await found.find(next)).toMatchObject({ id, userId: "u1" });
      expect((await found.find(other.cookie))?.id).toBe(other.id);
    }
  });

  test("of a user are 25 at most; the one longest unseen goes", async () => {
    const { sessions, clock } = await bench();
    const first = await begin(sessions);
    for (let n = 0; n < 25; n += 1) {
      clock.at += 1;
      await begin(sessions);
    }
    expect(await sessions.list("u1")).toHaveLength(25);
    expect(await sessions.find(first.cookie)).toBeUndefined();
  });

  test("do not begin when they cannot be written down", async () => {
    const { sessions, kept } = await bench();
    kept.broken = true;
    const started = await sessions.start("u1", "x", 1);
    expect(started).toEqual(failed(problem("vault-write-failed")));
    expect(await sessions.list("u1")).toEqual([]);
  });

  test("that cannot be read are dropped, and the reason is given", async () => {
    const { settings } = await bench();
    const damaged = failed(problem("vault-damaged"));
    const opened = await openSessions({ ...settings, file: { ...settings.file, read: async () => damaged } });
    expect(opened.discarded).toEqual(problem("vault-damaged"));
    expect(await opened.sessions.list("u1")).toEqual([]);
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

describe("sessions of two consoles on one store", () => {
  test("are one: each sees within a second what the other begins, renews and ends", async () => {
    const { sessions: here, open, clock } = await bench();
    const there = await open();
    const [mine, theirs] = [await begin(here), await begin(there)];
    clock.at += 1000;
    expect((await there.find(mine.cookie))?.id).toBe(mine.id);
    expect((await here.find(theirs.cookie))?.id).toBe(theirs.id);
    await there.end("u1", mine.id);
    const renewed = await there.renew("u1", theirs.id);
    const cookie = renewed.ok ? renewed.value?.reveal() : undefined;
    clock.at += 1000;
    expect(await here.find(mine.cookie)).toBeUndefined();
    expect(await here.find(theirs.cookie)).toBeUndefined();
    expect((await here.find(cookie))?.id).toBe(theirs.id);
  });

  test("lose nothing of one another, however both write at once", async () => {
    const { sessions: here, open } = await bench();
    const there = await open();
    const begun = await Promise.all([begin(here), begin(there), begin(here), begin(there)]);
    await Promise.all([here.end("u1", begun[1]?.id ?? ""), there.confirm("u1", begun[0]?.id ?? "")]);
    const left = [0, 2, 3].map((index) => begun[index]?.id).sort();
    for (const console of [here, await open()]) {
      expect([...(await console.now()).keys()].sort()).toEqual(left);
    }
  });

  test("are read once a second at most, however many requests come", async () => {
    const { sessions, clock, kept } = await bench();
    const { cookie } = await begin(sessions);
    clock.at += 1000;
    const before = kept.reads;
    await Promise.all(Array.from({ length: 20 }, () => sessions.find(cookie)));
    for (let n = 0; n < 9; n += 1) {
      clock.at += 100;
      await sessions.find(cookie);
    }
    expect(kept.reads - before).toBe(1);
  });

  test("that one ended and could not write stay ended there, and end everywhere with its next write", async () => {
    const { sessions: here, open, clock, kept } = await bench();
    const [gone, left] = [await begin(here), await begin(here)];
    const there = await open();
    kept.broken = true;
    await here.end("u1", gone.id);
    clock.at += 1000;
    expect(await here.find(gone.cookie)).toBeUndefined();
    kept.broken = false;
    await here.confirm("u1", left.id);
    clock.at += 1000;
    expect(await there.find(gone.cookie)).toBeUndefined();
    expect((await there.find(left.cookie))?.id).toBe(left.id);
  });

  test("whose list is put back while they run have everybody sign in again, told once", async () => {
    const { sessions, clock, kept, open } = await bench();
    const { cookie } = await begin(sessions);
    kept.unbelieved = problem("vault-rolled-back", { path: "sessions" });
    for (let n = 0; n < 3; n += 1) {
      clock.at += 1000;
      expect(await sessions.find(cookie)).toBeUndefined();
    }
    expect(kept.told).toEqual(["vault-rolled-back"]);
    const fresh = await begin(sessions);
    expect((await (await open()).find(fresh.cookie))?.id).toBe(fresh.id);
    expect(await sessions.find(cookie)).toBeUndefined();
  });

  test("go on with what they know while the store cannot be asked", async () => {
    const { sessions, clock, kept } = await bench();
    const { cookie } = await begin(sessions);
    kept.unbelieved = problem("vault-unsafe-permissions", { path: "the folder" });
    clock.at += 1000;
    expect(await sessions.find(cookie)).toBeDefined();
    expect(kept.told).toEqual([]);
  });
});
