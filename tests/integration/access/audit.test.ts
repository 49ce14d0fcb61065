import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { TestAnswer } from "#app/(console)/connections/attempt/attempt-message.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { sessionHash } from "#lib/team/audit.ts";
import type { Workspace } from "#lib/workspace.ts";
import { formTester } from "#tests/support/test-form.ts";

/*
 * The handlers and actions themselves, called as Next would call them; what they leave in the audit log, and what they
 * do when it cannot be written. Only what Next would hand to them is stood in for.
 */

const folder = mkdtempSync(join(tmpdir(), "cloak-audit-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";
process.env.CLOAK_DB_TRUSTED_PROXIES = "1";
const logFile = join(folder, "config", "audit.jsonl");

let sent = new Headers();
/** The cookies that an action sets. */
const handed = new Map<string, unknown>();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => handed }));
vi.mock("next-intl/server", () => ({ getTranslations: async () => (key: string) => key }));
// What Next gives to server code under this name; outside its bundler the name means the browser's.
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));

const here = "127.0.0.1:3000";
const common = {
  host: here,
  origin: `http://${here}`,
  "content-type": "application/json",
  "x-forwarded-for": "198.51.100.1, 192.0.2.7",
};
const password = "plum-tractor-oboe-9";

let kept: Workspace;
let ownerId: string;

/** The number at which this user's sessions count. */
async function epochOf(id: string): Promise<number> {
  const found = await kept.users.find(id);
  if (!found.ok || found.value === undefined) throw new Error("no such user");
  return found.value.sessionsFrom;
}

let ownerCookie: string;
let port: number;
const closed = net.createServer();

beforeAll(async () => {
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  kept = opened.value;
  // Who may is asked elsewhere: here everybody manages everything.
  expect((await kept.grants.setDefault("manage")).ok).toBe(true);
  await kept.setupToken.renew();
  // A port that nobody listens on: connections are refused at once.
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  port = (closed.address() as net.AddressInfo).port;
  await new Promise((resolve) => closed.close(resolve));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = () =>
  readFileSync(logFile, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const last = (count = 1) =>
  lines()
    .slice(-count)
    .map(({ action, object, target, secrets, result, actor }) =>
      JSON.parse(JSON.stringify({ action, object, target, secrets, result, actor })),
    );
const line = (action: string, more: object = {}) => ({
  action,
  object: null,
  target: null,
  result: "allowed",
  actor: ownerId,
  ...more,
});

async function post(path: "login" | "logout" | "setup", body: object, cookie = ""): Promise<Response> {
  sent = new Headers({ ...common, cookie });
  const door = (await import(`../../../app/api/${path}/route.ts`)) as {
    POST(sent: Request): Promise<Response>;
  };
  const request = { method: "POST", headers: sent, body: JSON.stringify(body) };
  return door.POST(new Request(`http://${here}/api/${path}`, request));
}

async function as(cookie = ownerCookie) {
  sent = new Headers({ ...common, cookie });
  return {
    ...(await import("#app/(console)/connections/actions.ts")),
    ...(await import("#app/(console)/connections/form/import-actions.ts")),
    ...(await import("#app/(console)/settings/actions.ts")),
    ...(await import("#app/(console)/settings/team-actions.ts")),
    ...(await import("#app/(console)/settings/account-actions.ts")),
    ...(await import("#app/(console)/settings/trust-actions.ts")),
    testConnection: formTester(sent),
  };
}

const cookieOf = (answer: Response) => (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
const form = (more: object = {}) => ({
  ...newFormValues,
  name: "Shop",
  host: "127.0.0.1",
  port: String(port),
  user: "app",
  database: "shop",
  password: "s3cret",
  ...more,
});
const attemptId = (n: number) => String(n).padStart(22, "0");

async function finished(answer: TestAnswer) {
  if (answer.type !== "stream") throw new Error(JSON.stringify(answer));
  for await (const message of answer.messages as unknown as AsyncIterable<{ type: string }>) {
    if (message.type === "done") return;
  }
}

describe.sequential("who did what", () => {
  test("setting up, refused and done; then the first session", async () => {
    const token = readFileSync(kept.setupToken.path, "utf8").trim();
    expect((await post("setup", { token: "x", name: "olive", password })).status).toBe(403);
    const done = await post("setup", { token, name: "olive", password });
    expect(done.status).toBe(200);
    ownerCookie = cookieOf(done);
    const owner = await kept.users.findByName("olive");
    ownerId = owner.ok ? (owner.value?.id ?? "") : "";
    expect(last(3)).toEqual([
      line("setup", { actor: null, result: "not-allowed" }),
      line("setup", { actor: null }),
      line("login"),
    ]);
    const [session] = await kept.sessions.list(ownerId);
    expect(lines().at(-1)).toMatchObject({ source: "192.0.2.7", session: sessionHash(session?.id ?? "") });
  });

  test("logins: wrong, of nobody, right; and leaving", async () => {
    expect((await post("login", { name: "olive", password: "wrong wrong" })).status).toBe(401);
    // Now and then somebody types the password into the wrong field.
    expect((await post("login", { name: "my-own-secret", password: "wrong wrong" })).status).toBe(401);
    const done = await post("login", { name: "olive", password });
    expect((await post("logout", {}, cookieOf(done))).status).toBe(204);
    expect(last(4)).toEqual([
      line("login", { actor: null, object: ownerId, result: "not-signed-in" }),
      line("login", { actor: null, result: "not-signed-in" }),
      line("login"),
      line("logout"),
    ]);
  });

  test("a connection is saved, changed, tried, looked at, searched, copied, removed and put back", async () => {
    const door = await as();
    const saved = await door.saveConnection(form());
    if (saved.type !== "saved") throw new Error(JSON.stringify(saved));
    const { id, rev } = saved.view;
    const target = `127.0.0.1:${port}`;
    expect(last()).toEqual([line("connection-create", { object: "Shop", target, secrets: ["password"] })]);
    await door.saveConnection(form({ name: "Store", password: "" }), { id, rev });
    expect(last()).toEqual([line("connection-change", { object: id, target })]);
    expect(lines().at(-1)?.changes).toEqual([{ field: "name", from: "Shop", to: "Store" }]);

    await finished(await door.testConnection(form(), attemptId(1), id));
    await vi.waitFor(() => expect(last()[0]?.result).toBe("net-refused"));
    expect(last(2)[0]).toEqual(line("connection-test", { object: id, target }));
    await finished(await door.lookAtServer(form(), attemptId(2)));
    await vi.waitFor(() => expect(last()[0]?.action).toBe("connection-look"));
    await vi.waitFor(() =>
      expect(last(2)).toEqual([
        line("connection-look", { target }),
        line("connection-look", { target, result: "net-refused" }),
      ]),
    );
    await door.findStrongest(form(), attemptId(3));
    expect(last()).toEqual([line("connection-search", { target })]);

    await door.duplicateConnection(id);
    await door.removeConnection(id);
    await door.undoRemoval(id);
    expect(last(3)).toEqual(
      ["duplicate", "remove", "restore"].map((act) => line(`connection-${act}`, { object: id })),
    );
    const { acquireClient } = await import("#app/_server/acquire-client.ts");
    const actor = { id: ownerId, name: "olive", role: "owner", sessionId: "s" } as const;
    expect((await acquireClient(actor, { profileId: id, mode: "read-only" })).ok).toBe(false);
    expect(last(2)).toEqual([
      line("connection-open", { object: id, target }),
      line("connection-open", { object: id, target, result: "net-refused" }),
    ]);
  });

  test("a change names its settings, with what they were and are where that is no secret", async () => {
    const door = await as();
    const saved = await door.saveConnection(form({ name: "Ledger" }));
    if (saved.type !== "saved") throw new Error(JSON.stringify(saved));
    const { id, rev } = saved.view;
    const ca = (await makeCertificate({ ca: true, commonNames: ["Our Root"] })).pem;
    const change = { port: "1", mode: "verify-ca", trust: "own", ca, options: "-c app.key=hidden-one" };
    const secrets = { password: "another-s3cret", secretActs: { ...form().secretActs, password: "replace" } };
    expect(
      await door.saveConnection(form({ name: "Ledger", ...change, ...secrets }), { id, rev }),
    ).toMatchObject({
      type: "saved",
    });
    const noted = lines().at(-1);
    expect(noted).toMatchObject({ action: "connection-change", object: id, secrets: ["password"] });
    expect(noted?.changes).toEqual([
      { field: "port", from: String(port), to: "1" },
      { field: "mode", from: "verify-full", to: "verify-ca" },
      { field: "trust", from: "system", to: "own" },
      { field: "ca", from: "", to: expect.stringMatching(/^sha256 [0-9a-f]{16}$/) },
      { field: "options", from: "", to: "…" },
    ]);
    expect(JSON.stringify(noted)).not.toMatch(/hidden-one|s3cret/);
  });

  test("a new password takes the old token away, in this browser and from whoever copied it", async () => {
    const started = await kept.sessions.start(ownerId, "test", await epochOf(ownerId));
    if (!started.ok) throw new Error();
    const old = started.value.cookie.reveal();
    handed.clear();
    const door = await as(`cloak_sid_3000=${old}`);
    const next = "another plum tractor 9";
    expect(await door.changePassword({ current: password, next })).toEqual({ ok: true, value: null });
    expect(await kept.sessions.find(old)).toBeUndefined();
    expect([...handed.keys()]).toEqual(["cloak_sid_3000"]);
    const now = String(handed.get("cloak_sid_3000"));
    expect((await kept.sessions.find(now))?.id).toBe(started.value.session.id);
    ownerCookie = `cloak_sid_3000=${now}`;
    expect(await (await as()).changePassword({ current: next, next: password })).toEqual({
      ok: true,
      value: null,
    });
    ownerCookie = `cloak_sid_3000=${handed.get("cloak_sid_3000")}`;
  });

  test("each of several connections that are saved together; none where one is refused", async () => {
    const door = await as();
    const rows = [form({ name: "Orders" }), form({ name: "Stock", password: "" })];
    const before = lines().length;
    expect(await door.importConnections([...rows, form({ host: "" })])).toMatchObject({ type: "rows" });
    expect(lines()).toHaveLength(before);
    expect(await door.importConnections(rows)).toEqual({ type: "saved", count: 2 });
    const target = `127.0.0.1:${port}`;
    expect(last(2)).toEqual([
      line("connection-create", { object: "Orders", target, secrets: ["password"] }),
      line("connection-create", { object: "Stock", target }),
    ]);
  });

  test("members, passwords, sessions, and what is not allowed", async () => {
    const door = await as();
    await door.addMember({ name: "marc", password, role: "member" });
    expect(last()).toEqual([line("member-add", { object: "marc (member)" })]);
    const member = await kept.users.findByName("marc");
    const memberId = member.ok ? (member.value?.id ?? "") : "";
    const started = await kept.sessions.start(memberId, "test", 1);
    if (!started.ok) throw new Error();
    const memberCookie = `cloak_sid_3000=${started.value.cookie.reveal()}`;
    await (await as(memberCookie)).addMember({});
    await vi.waitFor(() =>
      expect(last()).toEqual([
        line("denied", { actor: memberId, object: "team:manage", result: "not-allowed" }),
      ]),
    );
    await (await as()).setMemberDisabled(memberId, true);
    await (await as()).setMemberDisabled(memberId, false);
    expect(last(2)).toEqual([
      line("member-disable", { object: memberId }),
      line("member-enable", { object: memberId }),
    ]);
    await (await as()).changePassword({ current: "wrong wrong", next: "another plum tractor 9" });
    await (await as()).endSession("no-such");
    expect(last(2)).toEqual([
      line("password-change", { result: "not-allowed" }),
      line("session-end", { object: sessionHash("no-such") }),
    ]);
  });

  test("D7 the host's own credentials: a member uses what an owner saved, and leads it nowhere else", async () => {
    await (await as()).addMember({ name: "nina", password, role: "member" });
    const found = await kept.users.findByName("nina");
    const memberId = found.ok ? (found.value?.id ?? "") : "";
    const started = await kept.sessions.start(memberId, "test", 1);
    if (!started.ok) throw new Error();
    const memberCookie = `cloak_sid_3000=${started.value.cookie.reveal()}`;
    const tokens = form({
      name: "Tokens",
      host: "localhost",
      user: "admin",
      password: "",
      signIn: "aurora-dsql-token",
      tokenRegion: "eu-west-1",
      mode: "verify-full",
      trust: "system",
    });
    const refused = {
      type: "fields",
      problems: { fields: { tokenCredentials: { facts: { reason: "token-credentials-of-host" } } } },
    };
    const keys = {
      tokenCredentials: "keys",
      awsAccessKeyId: "AKIDEXAMPLE12345",
      tokenSecret: "of-their-own",
    };
    const member = await as(memberCookie);
    const before = await kept.profiles.list();
    expect(await member.saveConnection(tokens)).toMatchObject(refused);
    expect(await member.testConnection(tokens, attemptId(7))).toMatchObject(refused);
    expect(await member.findStrongest(tokens, attemptId(8))).toMatchObject(refused);
    const rows = { type: "rows", problems: [refused.problems] };
    expect(await member.importConnections([tokens])).toMatchObject(rows);
    expect(await kept.profiles.list()).toEqual(before);
    await vi.waitFor(() =>
      expect(last(4)).toEqual(
        Array(4).fill(
          line("denied", { actor: memberId, object: "host-credentials:use", result: "not-allowed" }),
        ),
      ),
    );
    const own = await member.saveConnection({ ...tokens, ...keys, name: "Own keys" });
    if (own.type !== "saved") throw new Error(JSON.stringify(own));

    const saved = await (await as()).saveConnection(tokens);
    if (saved.type !== "saved") throw new Error(JSON.stringify(saved));
    const { id, rev } = saved.view;
    const again = await as(memberCookie);
    const elsewhere = [
      { networkAddress: "127.0.0.2" },
      { awsRole: "arn:aws:iam::111122223333:role/admin", tokenCredentials: "role" },
      { trust: "own", ca: (await makeCertificate({ ca: true, commonNames: ["Their Root"] })).pem },
    ];
    for (const change of elsewhere) {
      expect(await again.saveConnection({ ...tokens, ...change }, { id, rev })).toMatchObject(refused);
      expect(await again.testConnection({ ...tokens, ...change }, attemptId(9), id)).toMatchObject(refused);
    }
    // A copy of it would be theirs, and sign in as the host.
    const { duplicateConnection } = await import("#app/(console)/settings/actions.ts");
    expect(await duplicateConnection(id)).toMatchObject({ explained: { problem: { code: "not-allowed" } } });
    expect(await again.saveConnection({ ...tokens, name: "Renamed" }, { id, rev })).toMatchObject({
      type: "saved",
    });
    await finished(await again.testConnection({ ...tokens, name: "Renamed" }, attemptId(10), id));
  });

  test("a provider's roots, given and taken away", async () => {
    const door = await as();
    const root = await makeCertificate({ ca: true, commonNames: ["Our Root"] });
    const files = [{ name: "bundle.pem", base64: Buffer.from(root.pem).toString("base64") }];
    expect(await door.keepRoots({ rootsId: "supabase", way: "add", files })).toMatchObject({ ok: true });
    expect(await door.dropRoots("supabase")).toMatchObject({ ok: true });
    // Only looked at, or refused: nothing that anybody would have to answer for.
    await door.lookAtRoots({ rootsId: "supabase", files });
    await door.keepRoots({ rootsId: "supabase", way: "add", files: [{ name: "x", base64: "" }] });
    expect(last(2)).toEqual([
      line("roots-give", { object: "supabase" }),
      line("roots-drop", { object: "supabase" }),
    ]);
  });

  test("no secret stands in it, and its chain is whole", async () => {
    const text = readFileSync(logFile, "utf8");
    for (const secret of [
      password,
      "s3cret",
      "wrong wrong",
      "my-own-secret",
      ownerCookie.split("=")[1] ?? "?",
    ])
      expect(text).not.toContain(secret);
    expect(await kept.audit.check()).toEqual({
      ok: true,
      value: { state: "whole", entries: lines().length },
    });
  });

  test("where it cannot be written nothing is done", async () => {
    const before = readFileSync(join(folder, "config", "config.json"), "utf8");
    const count = lines().length;
    chmodSync(logFile, 0o666);
    let accepted = 0;
    const listening = net.createServer((socket) => {
      accepted += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listening.listen(port, "127.0.0.1", resolve));
    const saved = await kept.profiles.list();
    const [profile] = saved.ok ? saved.value : [];
    if (profile === undefined) throw new Error("nothing saved");
    const door = await as();
    const refused = JSON.stringify([
      await door.saveConnection(form({ name: "Another" })),
      await door.importConnections([form({ name: "Another" })]),
      await door.testConnection(form(), attemptId(4)),
      await door.lookAtServer(form(), attemptId(5)),
      await door.findStrongest(form(), attemptId(6)),
      await door.removeConnection(profile.id),
      await door.duplicateConnection(profile.id),
      await door.addMember({ name: "eve", password, role: "owner" }),
      await door.changePassword({ current: password, next: "another plum tractor 9" }),
      await door.dropRoots("supabase"),
    ]);
    expect(refused.match(/"code":"[a-z-]+"/g)).toEqual(Array(10).fill('"code":"vault-unsafe-permissions"'));
    const { acquireClient } = await import("#app/_server/acquire-client.ts");
    const actor = { id: ownerId, name: "olive", role: "owner", sessionId: "s" } as const;
    const acquired = await acquireClient(actor, { profileId: profile.id, mode: "read-only" });
    expect(acquired).toMatchObject({ ok: false, problem: { problem: { code: "vault-unsafe-permissions" } } });
    const login = await post("login", { name: "olive", password });
    expect([login.status, login.headers.get("set-cookie")]).toEqual([503, null]);
    expect([accepted, lines().length]).toEqual([0, count]);
    expect(readFileSync(join(folder, "config", "config.json"), "utf8")).toBe(before);
    await new Promise((resolve) => listening.close(resolve));
  });
});
