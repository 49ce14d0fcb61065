import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { beginSession } from "#app/_server/begin-session.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import type { User } from "#lib/team/users.ts";
import type { Workspace } from "#lib/workspace.ts";
import { value } from "#tests/support/scratch-vault.ts";

let house: Workspace;
let user: User;
let userId: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloak-begin-"));
  vi.stubEnv("CLOAK_DB_CONFIG_DIR", join(folder, "config"));
  vi.stubEnv("CLOAK_DB_STATE_DIR", join(folder, "state"));
  house = value(await workspace());
  const first = { name: "ann", password: new Secret("plum-tractor-oboe-9") };
  user = value(await house.users.createFirstOwner(first));
  userId = user.id;
  return async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  };
});

const unwritable = async () => failed(problem("vault-write-failed"));

/** The cookie header of a browser after this answer. */
function cookieOf(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

function sent(cookie?: string): Headers {
  return new Headers({ host: "127.0.0.1:3000", "user-agent": "test", ...(cookie ? { cookie } : {}) });
}

test("the browser's session before this one ends", async () => {
  const before = cookieOf(await beginSession(house, sent(), user));
  const after = await beginSession(house, sent(before), user);
  expect(after.status).toBe(200);
  expect(await house.sessions.list(userId)).toHaveLength(1);
});

test("whose old session cannot be ended for good is told so, and has no new one", async () => {
  const before = cookieOf(await beginSession(house, sent(), user));
  const stood = (await house.sessions.list(userId)).map(({ id }) => id);
  const old = (await house.sessions.list(userId))[0]?.id;
  const end: typeof house.sessions.end = (user, id) =>
    id === old ? unwritable() : house.sessions.end(user, id);
  const sessions = { ...bound(house.sessions), end };
  const answer = await beginSession({ ...house, sessions }, sent(before), user);
  expect([answer.status, (await answer.json()).problem.code]).toEqual([500, "vault-write-failed"]);
  expect(cookieOf(answer)).toBe("");
  expect((await house.sessions.list(userId)).map(({ id }) => id)).toEqual(stood);
});

test("a session that cannot be noted does not begin, and both troubles are told", async () => {
  const stood = (await house.sessions.list(userId)).length;
  const audit = { ...house.audit, note: unwritable };
  const answer = await beginSession({ ...house, audit }, sent(), user);
  expect([answer.status, cookieOf(answer)]).toEqual([500, ""]);
  expect(await house.sessions.list(userId)).toHaveLength(stood);

  const sessions = { ...bound(house.sessions), end: async () => failed(problem("vault-locked")) };
  const twice = await beginSession({ ...house, audit, sessions }, sent(), user);
  expect((await twice.json()).problem).toMatchObject({ code: "vault-write-failed", also: ["vault-locked"] });
});

/** The methods of an object of a class, so that one can be put in the place of another. */
function bound(sessions: Workspace["sessions"]): Workspace["sessions"] {
  return {
    start: (...args) => sessions.start(...args),
    find: (...args) => sessions.find(...args),
    list: (...args) => sessions.list(...args),
    now: () => sessions.now(),
    confirm: (...args) => sessions.confirm(...args),
    renew: (...args) => sessions.renew(...args),
    end: (...args) => sessions.end(...args),
    endAll: (...args) => sessions.endAll(...args),
  };
}
