import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { RunMessage } from "#app/_server/run-messages.ts";
import type { AttemptMessage, TestAnswer } from "#app/(console)/connections/attempt/attempt-message.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import type { Workspace } from "#lib/workspace.ts";
import { formTester } from "#tests/support/test-form.ts";

/*
 * What is connected without being saved, asked of the actions and handlers themselves, called as Next would call them.
 * Only what Next would hand to them is stood in for.
 */

const folder = mkdtempSync(join(tmpdir(), "cloak-unsaved-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";
const vaultFile = join(folder, "config", "config.json");
const logFile = join(folder, "config", "audit.jsonl");

let sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({
  getTranslations: async () => (key: string) => key,
  getLocale: async () => "en",
}));
// What Next gives to server code under this name; outside its bundler the name means the browser's.
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));

const here = "127.0.0.1:3000";
const common = { host: here, origin: `http://${here}`, "content-type": "application/json" };
const passwords = { olive: "plum-tractor-oboe-9", mo: "harbour-violin-7-moss" } as const;
type Person = keyof typeof passwords;

let server: SampleServer;
let kept: Workspace;
const ids: Record<Person, string> = { olive: "", mo: "" };
const cookies: Record<Person, string> = { olive: "", mo: "" };

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "s3cret-7Q2x9" }],
    databases: ["shop"],
  });
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  kept = opened.value;
  // Who may is asked elsewhere: here everybody manages everything.
  expect((await kept.grants.setDefault("manage")).ok).toBe(true);
  for (const name of ["olive", "mo"] as const) {
    const role = name === "olive" ? "owner" : "member";
    const made = await kept.users.create({ name, password: new Secret(passwords[name]), role });
    if (!made.ok) throw new Error(made.problem.code);
    ids[name] = made.value.id;
    cookies[name] = await signIn(name);
  }
});
afterAll(async () => {
  const { liveClients } = await import("#lib/session/live-clients.ts");
  const { problem } = await import("#lib/problems/problem.ts");
  liveClients().close({}, problem("cancelled"));
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(name: Person): Promise<string> {
  sent = new Headers(common);
  const { POST } = await import("../../../app/api/login/route.ts");
  const body = JSON.stringify({ name, password: passwords[name] });
  const answer = await POST(new Request(`http://${here}/api/login`, { method: "POST", headers: sent, body }));
  return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

/** The doors as they answer to whoever sends this cookie. */
async function as(cookie: string) {
  const own = new Headers({ ...common, cookie });
  sent = own;
  const doors = {
    ...(await import("#app/(console)/connections/actions.ts")),
    ...(await import("#app/(console)/connections/unsaved-actions.ts")),
    ...(await import("#app/(console)/settings/actions.ts")),
    ...(await import("#app/(console)/settings/account-actions.ts")),
    ...(await import("#app/(console)/settings/team-actions.ts")),
  };
  const runRoute = await import("../../../app/api/connections/[id]/run/route.ts");
  const copyRoute = await import("../../../app/api/copy-as/route.ts");
  const asked = (path: string, body: object) =>
    new Request(`http://${here}${path}`, { method: "POST", headers: own, body: JSON.stringify(body) });
  return {
    ...doors,
    testConnection: formTester(own),
    run: (id: string, sql: string, readOnly = false) => {
      const body = {
        sql,
        readOnly,
        runId: attemptId(),
        tab: { id: "v".repeat(22), lease: "w".repeat(22) },
        rev: 1,
      };
      const params = Promise.resolve({ id });
      return runRoute.POST(asked(`/api/connections/${id}/run`, body), { params });
    },
    copyAs: (id: string) => copyRoute.POST(asked("/api/copy-as", { want: "saved", id })),
  };
}

const form = (more: object = {}) => ({
  ...newFormValues,
  host: "127.0.0.1",
  port: String(server.port),
  user: "app",
  database: "shop",
  password: "s3cret-7Q2x9",
  ssl: false,
  ...more,
});

let attempts = 0;
const attemptId = () => String(++attempts).padStart(22, "0");

/** How it ended: the id under which it stands open, the problem's code, or what else was answered. */
async function ended(answer: TestAnswer): Promise<{ readonly opened?: string; readonly code?: unknown }> {
  if (answer.type === "fields") return { code: answer.problems.fields };
  if (answer.type === "problem") return { code: answer.explained.problem.code };
  for await (const message of answer.messages as unknown as AsyncIterable<AttemptMessage>) {
    if (message.type === "problem") return { code: message.explained.problem.code };
    if (message.type !== "done") continue;
    return message.opened === undefined
      ? { code: message.report.problem?.code }
      : { opened: message.opened, code: message.report.problem };
  }
  throw new Error("the stream ended without an end");
}

async function connected(cookie: string, values: object = form(), from?: string): Promise<string> {
  const { connectUnsaved } = await as(cookie);
  const { opened, code } = await ended(await connectUnsaved(values, attemptId(), from));
  if (opened === undefined) throw new Error(String(code));
  return opened;
}

/** The first cell of the first row. */
async function firstCell(answer: Response): Promise<unknown> {
  expect(answer.status).toBe(200);
  const messages = (await answer.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RunMessage);
  const rows = messages.find((message) => message.type === "rows");
  return (rows as unknown as { rows: unknown[][] }).rows[0]?.[0];
}

const lines = () =>
  readFileSync(logFile, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function listed(): Promise<readonly string[]> {
  const all = await kept.profiles.list();
  return all.ok ? all.value.map(({ name }) => name) : ["?"];
}

const pid = "select pg_backend_pid() as pid";

async function unsavedIds(): Promise<readonly string[]> {
  const { unsavedConnections } = await import("#lib/session/close-clients.ts");
  return unsavedConnections()
    .profiles()
    .map(({ id }) => id);
}

describe.sequential("connecting without saving", () => {
  test("runs statements like a saved connection, and writes nothing into the vault", async () => {
    const before = readFileSync(vaultFile, "utf8");
    const id = await connected(cookies.mo, form({ name: "Shop" }));
    const door = await as(cookies.mo);
    expect(await firstCell(await door.run(id, "select current_database()"))).toBe("shop");
    const copied = await (await door.copyAs(id)).json();
    expect(copied.values).toMatchObject({ name: "Shop", user: "app", password: "" });
    expect(await listed()).toEqual([]);
    expect(readFileSync(vaultFile, "utf8")).toBe(before);
    const line = lines().at(-1);
    expect(line).toMatchObject({
      action: "connection-open-unsaved",
      actor: ids.mo,
      object: null,
      target: `127.0.0.1:${server.port}`,
      result: "allowed",
    });
    expect(readFileSync(logFile, "utf8")).not.toContain("s3cret");
  });

  test("that does not connect leaves nothing behind", async () => {
    const before = await unsavedIds();
    const { connectUnsaved } = await as(cookies.mo);
    expect(await ended(await connectUnsaved(form({ password: "wrong" }), attemptId()))).toEqual({
      code: "auth-password-wrong",
    });
    const { code } = await ended(await connectUnsaved(form({ host: "" }), attemptId()));
    expect(code).toMatchObject({ host: {} });
    expect(await unsavedIds()).toEqual(before);
    expect(await listed()).toEqual([]);
    expect(lines().at(-1)).toMatchObject({
      action: "connection-open-unsaved",
      result: "auth-password-wrong",
    });
  });

  test("is ended by its cancel, also by one that came first, and leaves nothing behind", async () => {
    const before = await unsavedIds();
    const silent = createServer((socket) => socket.on("error", () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { attempts: register } = await import("#app/_server/attempts.ts");
    const early = attemptId();
    register().cancel(ids.mo, early);
    const { connectUnsaved } = await as(cookies.mo);
    expect(await ended(await connectUnsaved(form(), early))).toEqual({ code: "cancelled" });
    const late = attemptId();
    const { port } = silent.address() as AddressInfo;
    const dialled = once(silent, "connection");
    const waits = ended(await connectUnsaved(form({ port: String(port) }), late));
    await dialled;
    register().cancel(ids.mo, late);
    expect(await waits).toEqual({ code: "cancelled" });
    expect(await unsavedIds()).toEqual(before);
    await new Promise((resolve) => silent.close(resolve));
  });

  test("of a production server begins read-only", async () => {
    const id = await connected(cookies.mo, form({ environment: "production" }));
    const { liveClients } = await import("#lib/session/live-clients.ts");
    const idle = liveClients().count().idle;
    const door = await as(cookies.mo);
    expect(await firstCell(await door.run(id, "select 1", true))).toBe("1");
    // It was the one that Connect had opened.
    expect(liveClients().count().idle).toBe(idle);
  });

  test("fails more often than is allowed: it has to wait, as for every other opening", async () => {
    const { connectUnsaved } = await as(cookies.olive);
    const codes: unknown[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      codes.push((await ended(await connectUnsaved(form({ port: "1" }), attemptId()))).code);
    }
    expect(codes).toEqual([...Array(5).fill("net-refused"), "too-many-attempts"]);
  });
});

describe.sequential("whose it is", () => {
  test("for everybody else, and for another session of the same person, it is not there", async () => {
    const id = await connected(cookies.mo);
    const others = [cookies.olive, await signIn("mo")];
    for (const cookie of others) {
      const door = await as(cookie);
      expect((await door.run(id, "select 1")).status).toBe(404);
      expect((await door.copyAs(id)).status).toBe(404);
      expect(await ended(await door.testConnection(form({ password: "" }), attemptId(), id))).toEqual({
        code: "not-found",
      });
      expect(await ended(await door.connectUnsaved(form({ password: "" }), attemptId(), id))).toEqual({
        code: "not-found",
      });
      expect(await door.findStrongest(form({ password: "" }), attemptId(), id)).toMatchObject({
        explained: { problem: { code: "not-found" } },
      });
      expect(await door.saveUnsaved(id, "")).toMatchObject({ explained: { problem: { code: "not-found" } } });
      expect(await door.saveConnection(form(), { id, rev: 1 })).toMatchObject({
        explained: { problem: { code: "not-found" } },
      });
    }
    expect(await firstCell(await (await as(cookies.mo)).run(id, "select 1"))).toBe("1");
  });

  test("it ends with its session: signed out, or shut out", async () => {
    const [signedOut, other] = [await signIn("mo"), await signIn("mo")];
    const gone = await connected(signedOut);
    const stays = await connected(other);
    const logout = await import("../../../app/api/logout/route.ts");
    const leaving = new Headers({ ...common, cookie: signedOut });
    sent = leaving;
    await logout.POST(
      new Request(`http://${here}/api/logout`, { method: "POST", headers: leaving, body: "{}" }),
    );
    expect(await unsavedIds()).not.toContain(gone);
    expect(await unsavedIds()).toContain(stays);

    const owner = await as(cookies.olive);
    expect(await owner.setMemberDisabled(ids.mo, true)).toMatchObject({ ok: true });
    expect(await unsavedIds()).not.toContain(stays);
    expect((await (await as(other)).run(stays, "select 1")).status).toBe(401);
    expect(await (await as(cookies.olive)).setMemberDisabled(ids.mo, false)).toMatchObject({ ok: true });
    cookies.mo = await signIn("mo");
  });

  test("a person has five at most: with one more, the one that was used longest ago ends", async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.push(await connected(cookies.mo));
    const [first = "", second = ""] = made;
    expect(await firstCell(await (await as(cookies.mo)).run(first, "select 1"))).toBe("1");
    made.push(await connected(cookies.mo));
    const left = await unsavedIds();
    expect(made.filter((id) => !left.includes(id))).toEqual([second]);
    expect((await (await as(cookies.mo)).run(second, "select 1")).status).toBe(404);
  });
});

describe.sequential("saving what worked", () => {
  test("keeps its id, its session and how it went; once", async () => {
    const id = await connected(cookies.mo);
    const door = await as(cookies.mo);
    const backend = await firstCell(await door.run(id, pid));
    expect(await door.saveUnsaved(id, "bad \u202e name")).toMatchObject({ ok: false });
    expect(await door.saveUnsaved(id, " Shop ")).toEqual({ ok: true, value: { id } });
    expect(await listed()).toEqual(["Shop"]);
    expect(await firstCell(await door.run(id, pid))).toBe(backend);
    expect(lines().findLast(({ action }) => action === "connection-create")).toMatchObject({
      actor: ids.mo,
      object: "Shop",
      secrets: ["password"],
    });
    await vi.waitFor(async () =>
      expect((await kept.lastSeen.all()).get(id)).toMatchObject({ problem: null, encrypted: false }),
    );
    const open = await kept.profiles.open(id);
    expect(open.ok && open.value?.givenBy).toEqual({ password: ids.mo });
    expect(open.ok && open.value?.secrets.password?.reveal()).toBe("s3cret-7Q2x9");
    expect(await door.saveUnsaved(id, "")).toMatchObject({ explained: { problem: { code: "not-found" } } });
    // Saved, it is everybody's.
    expect(await firstCell(await (await as(cookies.olive)).run(id, "select 1"))).toBe("1");
    expect(await (await as(cookies.mo)).removeConnection(id)).toMatchObject({ ok: true });
  });

  test("without a name of its own it is called by its host, and its form may still be changed", async () => {
    const id = await connected(cookies.mo);
    const door = await as(cookies.mo);
    const changed = form({ password: "", applicationName: "second thoughts" });
    expect(await ended(await door.testConnection(changed, attemptId(), id))).toEqual({ code: undefined });
    const saved = await door.saveConnection(changed, { id, rev: 1 });
    if (saved.type !== "saved") throw new Error(saved.type);
    expect(saved.view.values).toMatchObject({ name: "127.0.0.1", applicationName: "second thoughts" });
    expect(saved.view.stored.password).toBe(true);
    // An older page runs nothing with the new settings.
    expect(saved.view.id).not.toBe(id);
    expect((await door.run(id, "select 1")).status).toBe(404);
    await vi.waitFor(async () =>
      expect((await kept.lastSeen.all()).get(saved.view.id)).toMatchObject({ problem: null }),
    );
    expect(await door.removeConnection(saved.view.id)).toMatchObject({ ok: true });
  });
});

describe.sequential("a saved connection that was changed in its form", () => {
  async function savedByOlive() {
    const { saveConnection } = await as(cookies.olive);
    const saved = await saveConnection(form({ name: "Olive's" }));
    if (saved.type !== "saved") throw new Error(saved.type);
    return saved.view;
  }

  test("connects with the changes and keeps them to itself, until they are saved over it", async () => {
    const { id, rev } = await savedByOlive();
    const changed = form({ name: "Olive's", password: "", applicationName: "trying" });
    const unsaved = await connected(cookies.mo, changed, id);
    expect(unsaved).not.toBe(id);
    const door = await as(cookies.mo);
    const name = "select current_setting('application_name')";
    expect(await firstCell(await door.run(unsaved, name))).toBe("trying");
    const before = await kept.profiles.open(id);
    expect(before.ok && before.value).toMatchObject({ rev, applicationName: "" });

    expect(await door.saveUnsaved(unsaved, "")).toEqual({ ok: true, value: { id } });
    const after = await kept.profiles.open(id);
    expect(after.ok && after.value).toMatchObject({ rev: rev + 1, applicationName: "trying" });
    expect(lines().findLast(({ action }) => action === "connection-change")).toMatchObject({
      object: id,
      changes: [{ field: "applicationName", from: "", to: "trying" }],
    });
    // What mo did not give stays olive's.
    expect(after.ok && after.value?.givenBy).toEqual({ password: ids.olive });
    expect((await door.run(unsaved, name)).status).toBe(404);
    await vi.waitFor(async () =>
      expect((await kept.lastSeen.all()).get(id)).toMatchObject({ problem: null }),
    );
  });

  test("does not lend its secret to whoever did not give it, by no number of steps", async () => {
    const { id } = await savedByOlive();
    const unsaved = await connected(cookies.mo, form({ name: "x", password: "" }), id);
    const door = await as(cookies.mo);
    const moved = form({ name: "x", password: "", port: "1" });
    for (const from of [id, unsaved]) {
      const { code } = await ended(await door.connectUnsaved(moved, attemptId(), from));
      expect(code).toMatchObject({ password: { facts: { reason: "secret-again" } } });
    }
    expect(await door.saveConnection(moved, { id: unsaved, rev: 1 })).toMatchObject({ type: "fields" });
  });

  test("ends what was made of it when it is saved or removed by somebody else", async () => {
    const { id, rev } = await savedByOlive();
    const first = await connected(cookies.mo, form({ name: "x", password: "" }), id);
    const owner = await as(cookies.olive);
    const renamed = form({ name: "Renamed", password: "" });
    expect(await owner.saveConnection(renamed, { id, rev })).toMatchObject({ type: "saved" });
    expect((await (await as(cookies.mo)).run(first, "select 1")).status).toBe(404);
    const second = await connected(cookies.mo, form({ name: "x", password: "" }), id);
    expect(await (await as(cookies.olive)).removeConnection(id)).toMatchObject({ ok: true });
    expect((await (await as(cookies.mo)).run(second, "select 1")).status).toBe(404);
    expect(await unsavedIds()).not.toContain(second);
  });

  test("ends, too, when another process changes it", async () => {
    const { id, rev } = await savedByOlive();
    const unsaved = await connected(cookies.mo, form({ name: "x", password: "" }), id);
    const saved = await kept.profiles.open(id);
    if (!saved.ok || saved.value === undefined) throw new Error("not kept");
    expect(await kept.profiles.update(id, rev, saved.value, { password: "remove" })).toMatchObject({
      ok: true,
    });
    expect((await (await as(cookies.mo)).run(unsaved, "select 1")).status).toBe(404);
    expect(await unsavedIds()).not.toContain(unsaved);
  });
});
