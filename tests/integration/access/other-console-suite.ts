import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { RunMessage } from "#app/_server/run-messages.ts";
import { readEnvironment } from "#lib/env.ts";
import { problem } from "#lib/problems/problem.ts";
import { processWide } from "#lib/process-wide.ts";
import { randomId } from "#lib/random-id.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { writeUnlocks } from "#lib/session/close-clients.ts";
import { liveClients } from "#lib/session/live-clients.ts";
import type { Level } from "#lib/team/access.ts";
import type { User } from "#lib/team/users.ts";
import { openWorkspace, type Workspace } from "#lib/workspace.ts";
import { runCli } from "#tests/support/run-cli.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";
import { value } from "#tests/support/scratch-vault.ts";

/*
 * Two consoles on one store: this process, asked as Next would ask it, and another handle on the same store, which ends
 * or changes something. What runs here on a real server has to end by itself.
 */

/** What Next would hand to the handlers: the test file mocks `next/headers` with it. */
export const sent = { headers: new Headers() };

/** Where both consoles keep what they keep. */
export interface SharedStore {
  /** More of the environment than the folders. */
  readonly variables: Readonly<Record<string, string>>;
  /** Copies the list of sessions. @returns puts it back */
  copySessions(): Promise<() => Promise<void>>;
  /** Makes the store one that does not answer, with the code that it gives. @returns makes it well again */
  silence(): Promise<{ readonly code: string; readonly end: () => Promise<void> }>;
  stop(): Promise<void>;
}

/** The folders of this file's process. */
export const folder = mkdtempSync(join(tmpdir(), "cloak-consoles-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";

const host = "127.0.0.1:3000";
const password = "s3cret-7Q2x9";
let server: SampleServer;
let store: SharedStore;
let here: Workspace;
let there: Workspace;
let made = 0;

/** A member who is signed in here, and a connection on which they have this. */
async function member(level: Level, more: Partial<ReturnType<typeof sampleProfile>> = {}) {
  made += 1;
  const user = value(
    await here.users.create({
      name: `mary-${made}`,
      password: new Secret("plum-tractor-oboe-9"),
      role: "member",
    }),
  );
  const { session, cookie } = value(await here.sessions.start(user.id, "test", user.sessionsFrom));
  const shop = { name: "Shop", port: server.port, database: "postgres", password, allowWeakPassword: false };
  const draft = { ...sampleProfile(shop), ...more };
  const profile = value(await here.profiles.create(draft, undefined, undefined, here.grants.starting(null)));
  await give(here, profile.id, user, level);
  return { user, session, profile, draft, cookie: `cloak_sid_3000=${cookie.reveal()}` };
}
type Member = Awaited<ReturnType<typeof member>>;

async function give({ grants }: Workspace, id: string, { id: userId }: User, level: Level): Promise<void> {
  value(await grants.set(id, { rest: "none", people: new Map([[userId, level]]) }, () => true));
}

async function runHere({ profile, cookie }: Member, sql: string, readOnly = true): Promise<Response> {
  sent.headers = new Headers({ host, origin: `http://${host}`, "content-type": "application/json", cookie });
  const { POST } = await import("../../../app/api/connections/[id]/run/route.ts");
  const tab = { id: randomId(), lease: randomId(), name: "SQL" };
  const body = JSON.stringify({ sql, readOnly, runId: randomId(), tab, rev: profile.rev });
  const request = new Request(`http://${host}/api/connections/${profile.id}/run`, {
    method: "POST",
    headers: sent.headers,
    body,
  });
  return POST(request, { params: Promise.resolve({ id: profile.id }) });
}

/** The problem that a stream ended with. */
async function endOf(answer: Response): Promise<string | undefined> {
  const last = JSON.parse((await answer.text()).trimEnd().split("\n").at(-1) ?? "{}") as RunMessage;
  return last.type === "error" ? last.problem?.code : last.type;
}

const sleeping = () =>
  server.admin(
    "select pid from pg_stat_activity where usename = 'app' and query like '%pg_sleep%' and state = 'active'",
  );

async function asleep(one: Member, readOnly = true): Promise<Response> {
  const answer = await runHere(one, "select pg_sleep(60)", readOnly);
  await expect.poll(sleeping, { timeout: 30_000 }).toHaveLength(1);
  return answer;
}

/** In plain text, so that no certificate is needed: that it trusts its provider's roots is what counts. */
const ofProvider = {
  host: "shop.abc123.eu-west-1.rds.amazonaws.com",
  networkAddress: "127.0.0.1",
  tls: { ...sampleProfile({ port: 1 }).tls, trust: "provider" },
} as const;

const acts: readonly (readonly [string, (one: Member) => Promise<unknown>, string])[] = [
  ["signs the person out", ({ user, session }) => there.sessions.end(user.id, session.id), "not-signed-in"],
  ["ends all their sessions", ({ user }) => there.sessions.endAll(user.id), "not-signed-in"],
  ["disables the person", ({ user }) => there.users.setDisabled(user.id, true), "not-signed-in"],
  [
    "resets their password on the command line",
    async ({ user }) => {
      const env = {
        CLOAK_DB_CONFIG_DIR: join(folder, "config"),
        CLOAK_DB_STATE_DIR: join(folder, "state"),
        ...store.variables,
      };
      const done = await runCli(["admin", "reset-password", user.name], {
        env,
        stdin: "oboe-plum-tractor-7\n",
      });
      expect(done).toMatchObject({ code: 0 });
    },
    "not-signed-in",
  ],
  ["takes their access", ({ user, profile }) => give(there, profile.id, user, "none"), "not-allowed"],
  [
    "edits the connection",
    async ({ profile, draft }) =>
      value(await there.profiles.update(profile.id, profile.rev, { ...draft, name: "Moved" }, {})),
    "vault-changed-meanwhile",
  ],
  [
    "changes the roots that it trusts",
    async () => {
      const since = new Date().toISOString();
      value(await there.givenRoots.save("rds", { way: "add", pems: ["x"], files: [], since, by: "olive" }));
    },
    "vault-changed-meanwhile",
  ],
  ["removes the connection", ({ profile }) => there.profiles.remove(profile.id), "not-allowed"],
];

/**
 * Two consoles on one store, whatever keeps it.
 * @param begin called once; the environment is then that of both
 */
export function otherConsoleSuite(name: string, begin: () => Promise<SharedStore>): void {
  beforeAll(async () => {
    store = await begin();
    Object.assign(process.env, store.variables);
    server = await startPostgres({ users: [{ name: "app", password }] });
    const { workspace } = await import("#app/_server/workspace.ts");
    here = value(await workspace());
    there = value(await openWorkspace(value(readEnvironment())));
    const owner = { name: "olive", password: new Secret("plum-tractor-oboe-9"), role: "owner" } as const;
    value(await here.users.create(owner));
  }, 300_000);

  afterAll(async () => {
    await server?.stop();
    await store?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe(`a statement that runs here while another console on ${name}`, () => {
    test("ends what allowed it is cancelled within seconds, and its reader told why", async () => {
      const running: (readonly [string, Member, Response])[] = [];
      for (const [what] of acts) {
        const one = await member("read", what.includes("roots") ? ofProvider : {});
        running.push([what, one, await runHere(one, "select pg_sleep(60)")]);
      }
      await expect.poll(sleeping, { timeout: 30_000 }).toHaveLength(acts.length);
      const ends = running.map(async ([what, one, answer], index) => {
        const ended = endOf(answer).then((code) => ({ code, at: performance.now() }));
        await acts[index]?.[1](one);
        const begun = performance.now();
        const { code, at } = await ended;
        // Two seconds on a machine that has nothing else to do.
        expect(at - begun, what).toBeLessThan(5000);
        return [what, code];
      });
      expect(await Promise.all(ends)).toEqual(acts.map(([what, , code]) => [what, code]));
      await expect.poll(sleeping).toEqual([]);
    });

    test("does something that is not about it goes on", async () => {
      const [one, other] = [await member("read"), await member("read")];
      const answer = await runHere(one, "select pg_sleep(2.5)");
      value(await there.users.setDisabled(other.user.id, true));
      value(await there.sessions.end(other.user.id, other.session.id));
      await give(there, one.profile.id, one.user, "manage");
      expect(await endOf(answer)).toBe("done");
    });

    test("puts an older list of sessions back: everybody signs in again, and what runs ends", async () => {
      const one = await member("read");
      const putBack = await store.copySessions();
      const other = await member("read");
      const answer = await asleep(one);
      value(await there.sessions.end(other.user.id, other.session.id));
      await putBack();
      expect(await endOf(answer)).toBe("not-signed-in");
      expect(await here.sessions.find(other.cookie.split("=")[1])).toBeUndefined();
    });
  });

  describe("writing that is unlocked here", () => {
    async function unlocked(): Promise<Member> {
      const one = await member("write", { environment: "production" });
      sent.headers = new Headers({ host, origin: `http://${host}`, cookie: one.cookie });
      const { unlockWriting } = await import("#app/(console)/connections/[id]/unlock/unlock-actions.ts");
      const asked = { id: one.profile.id, reason: "mend a basket", minutes: 15 };
      expect(await unlockWriting(asked)).toEqual({ ok: true, value: null });
      expect(leftOf(one)).toBeGreaterThan(0);
      return one;
    }
    const leftOf = ({ session, profile }: Member) =>
      writeUnlocks().left({ sessionId: session.id, connectionId: profile.id });

    test.each<[string, (one: Member) => Promise<unknown>]>([
      ["signs the person out", ({ user, session }) => there.sessions.end(user.id, session.id)],
      ["takes their writing", ({ user, profile }) => give(there, profile.id, user, "read")],
      [
        "edits the connection",
        async ({ profile, draft }) => {
          // How the connection was is known from the first look on.
          const looks = vi.spyOn(here.sessions, "now");
          await expect.poll(() => looks.mock.calls.length, { timeout: 10_000 }).toBeGreaterThan(1);
          value(await there.profiles.update(profile.id, profile.rev, { ...draft, name: "Moved" }, {}));
        },
      ],
    ])("is locked again when another console %s", async (_what, act) => {
      const one = await unlocked();
      await act(one);
      await expect.poll(() => leftOf(one), { timeout: 5000 }).toBe(0);
    });
  });

  test("what runs is cancelled when nobody can say for half a minute whether it may", async () => {
    const one = await member("read");
    const answer = await asleep(one);
    const silence = await store.silence();
    const clock = performance.now.bind(performance);
    try {
      const looks = vi.spyOn(here.users, "list");
      await expect.poll(() => looks.mock.calls.length, { timeout: 10_000 }).toBeGreaterThan(2);
      expect(await sleeping()).toHaveLength(1);
      performance.now = () => clock() + 31_000;
      expect(await endOf(answer)).toBe(silence.code);
    } finally {
      performance.now = clock;
      await silence.end();
    }
  });

  test("nothing is looked at once nothing goes on", async () => {
    liveClients().close({}, problem("cancelled"));
    writeUnlocks().endWhere(() => true);
    const watch = processWide("store-watch", () => ({ isOn: true }));
    await expect.poll(() => watch.isOn, { timeout: 10_000 }).toBe(false);
  });
}
