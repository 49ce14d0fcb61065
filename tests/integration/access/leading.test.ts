import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { leadWindow } from "#lib/profiles/may-lead.ts";
import { Secret } from "#lib/secret.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import type { Workspace } from "#lib/workspace.ts";
import { formTester } from "#tests/support/test-form.ts";

/*
 * Who may lead a stored secret on, asked of the actions themselves, called as Next would call them. Only what Next would
 * hand to them is stood in for.
 */

const folder = mkdtempSync(join(tmpdir(), "cloak-leading-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";
const logFile = join(folder, "config", "audit.jsonl");

let sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({ getTranslations: async () => (key: string) => key }));
// What Next gives to server code under this name; outside its bundler the name means the browser's.
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));

const here = "127.0.0.1:3000";
const common = { host: here, origin: `http://${here}`, "content-type": "application/json" };
const passwords = { olive: "plum-tractor-oboe-9", mo: "harbour-violin-7-moss" } as const;
type Person = keyof typeof passwords;

let kept: Workspace;
const ids: Record<Person, string> = { olive: "", mo: "" };
const cookies: Record<Person, string> = { olive: "", mo: "" };
/** Two ports that nobody listens on: connections are refused at once. */
const ports: number[] = [];

beforeAll(async () => {
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
  for (let count = 0; count < 2; count += 1) {
    const closed = net.createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    ports.push((closed.address() as net.AddressInfo).port);
    await new Promise((resolve) => closed.close(resolve));
  }
});
afterEach(() => vi.useRealTimers());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function signIn(name: Person): Promise<string> {
  sent = new Headers(common);
  const { POST } = await import("../../../app/api/login/route.ts");
  const body = JSON.stringify({ name, password: passwords[name] });
  const answer = await POST(new Request(`http://${here}/api/login`, { method: "POST", headers: sent, body }));
  return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

async function as(person: Person) {
  sent = new Headers({ ...common, cookie: cookies[person] });
  return {
    ...(await import("#app/(console)/connections/actions.ts")),
    ...(await import("#app/(console)/connections/confirm-actions.ts")),
    ...(await import("#app/(console)/settings/actions.ts")),
    testConnection: formTester(sent),
  };
}

/**
 * Stops the clock by which pauses are counted: on a busy machine a password takes longer to check than a pause lasts.
 * @returns lets it go on from where it stands
 */
function stopClock(): () => void {
  const running = performance.now.bind(performance);
  const at = running();
  performance.now = () => at;
  return () => {
    const ahead = performance.now() - running();
    performance.now = () => running() + ahead;
  };
}

/** The throttle's clock, which only goes forward: it stays there for the tests that follow. */
function putForward(ms: number): void {
  const clock = performance.now.bind(performance);
  performance.now = () => clock() + ms;
}

/** Everybody's sign-in is longer ago than a secret may be led on without asking. */
function later(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + leadWindow });
}

const form = (more: object = {}) => ({
  ...newFormValues,
  name: "Shop",
  host: "127.0.0.1",
  port: String(ports[0]),
  user: "app",
  database: "shop",
  password: "s3cret",
  ...more,
});

async function savedBy(person: Person, more: object = {}) {
  const door = await as(person);
  const saved = await door.saveConnection(form(more));
  if (saved.type !== "saved") throw new Error(JSON.stringify(saved));
  return saved.view;
}

/** Reasons by field, `saved`, `stream`, or the answer's type. */
function told(answer: { readonly type: string }): unknown {
  if (answer.type !== "fields") return answer.type;
  const { problems } = answer as unknown as {
    problems: { fields: Record<string, { facts: { reason: string } }> };
  };
  return Object.fromEntries(
    Object.entries(problems.fields).map(([field, { facts }]) => [field, facts.reason]),
  );
}

const lines = () =>
  readFileSync(logFile, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

let attempts = 0;
const attemptId = () => String(++attempts).padStart(22, "0");

async function drained(answer: Awaited<ReturnType<Awaited<ReturnType<typeof as>>["testConnection"]>>) {
  if (answer.type !== "stream") return told(answer);
  for await (const message of answer.messages as unknown as AsyncIterable<{ type: string }>) {
    if (message.type === "done") break;
  }
  return "stream";
}

describe.sequential("leading a stored secret on", () => {
  test("its giver may, freshly signed in, and the log says which connection, from what to what", async () => {
    const { id, rev } = await savedBy("olive");
    const door = await as("olive");
    const moved = form({ password: "", port: String(ports[1]), mode: "require" });
    expect(await drained(await door.testConnection(moved, attemptId(), id))).toBe("stream");
    expect(lines().filter(({ object }) => object === id)).toContainEqual(
      expect.objectContaining({
        action: "connection-lead",
        actor: ids.olive,
        result: "allowed",
        target: `127.0.0.1:${ports[1]}`,
        secrets: ["password"],
        changes: [
          { field: "port", from: String(ports[0]), to: String(ports[1]) },
          { field: "mode", from: "verify-full", to: "require" },
        ],
      }),
    );
    const saved = await door.saveConnection(moved, { id, rev });
    expect(told(saved)).toBe("saved");
    const open = await kept.profiles.open(id);
    expect(open.ok && open.value?.secrets.password?.reveal()).toBe("s3cret");
    expect(open.ok && open.value?.givenBy).toEqual({ password: ids.olive });
    expect(
      lines()
        .slice(-2)
        .map(({ action }) => action),
    ).toEqual(["connection-lead", "connection-change"]);
  });

  test.each<[string, object]>([
    ["another server", { host: "localhost" }],
    ["another port", { port: "1" }],
    ["another address", { networkAddress: "127.0.0.2" }],
    ["another user", { user: "admin" }],
    ["a weaker mode", { mode: "require" }],
    ["self-signed allowed", { allowSelfSigned: true }],
    ["weak sign-in allowed", { allowWeakPassword: true }],
  ])("a colleague may not, owner or not: %s", async (_, change) => {
    const olives = await savedBy("olive");
    const mos = await savedBy("mo");
    for (const [person, { id, rev }] of [
      ["mo", olives],
      ["olive", mos],
    ] as const) {
      const door = await as(person);
      const moved = form({ password: "", ...change });
      const again = { password: "secret-again" };
      expect(told(await door.testConnection(moved, attemptId(), id))).toEqual(again);
      expect(told(await door.findStrongest(moved, attemptId(), id))).toEqual(again);
      expect(told(await door.saveConnection(moved, { id, rev }))).toEqual(again);
      // Confirming who they are makes nobody the giver.
      expect((await door.confirmOwnPassword(passwords[person])).ok).toBe(true);
      expect(told(await door.saveConnection(moved, { id, rev }))).toEqual(again);
    }
    expect(
      lines().filter(({ object, action }) => object === olives.id && action === "connection-lead"),
    ).toEqual([]);
  });

  test("a colleague who knows it gives it again, and is its giver from then on", async () => {
    const { id, rev } = await savedBy("olive");
    const mo = await as("mo");
    const given = form({ password: "s3cret", port: String(ports[1]) });
    const saved = await mo.saveConnection(given, { id, rev });
    expect(told(saved)).toBe("saved");
    const home = form({ password: "" });
    const olive = await as("olive");
    expect(told(await olive.saveConnection(home, { id, rev: rev + 1 }))).toEqual({
      password: "secret-again",
    });
    expect(told(await (await as("mo")).saveConnection(home, { id, rev: rev + 1 }))).toBe("saved");
  });

  test("a change that leads nowhere leaves the giver, whoever makes it", async () => {
    const { id, rev } = await savedBy("olive");
    const mo = await as("mo");
    expect(told(await mo.saveConnection(form({ password: "", name: "Renamed" }), { id, rev }))).toBe("saved");
    const moved = form({ password: "", port: String(ports[1]) });
    expect(told(await mo.saveConnection(moved, { id, rev: rev + 1 }))).toEqual({ password: "secret-again" });
    const olive = await as("olive");
    expect(told(await olive.saveConnection(moved, { id, rev: rev + 1 }))).toBe("saved");
  });

  test("of a copy nobody is the giver, since it has no secrets", async () => {
    const { id } = await savedBy("olive");
    await (await as("mo")).duplicateConnection(id);
    const all = await kept.profiles.list();
    const copy = all.ok ? all.value.find(({ name }) => name === "Shop copy") : undefined;
    expect(copy).toMatchObject({ stored: { password: false } });
    expect(copy).not.toHaveProperty("givenBy");
  });

  test("what was saved before givers were kept is nobody's: everybody is asked", async () => {
    const { id, rev } = await savedBy("olive");
    const open = await kept.profiles.open(id);
    if (!open.ok || open.value === undefined) throw new Error("not kept");
    const old = await kept.profiles.create(open.value);
    if (!old.ok) throw new Error(old.problem.code);
    const olive = await as("olive");
    const moved = form({ password: "", port: String(ports[1]) });
    const target = { id: old.value.id, rev: old.value.rev };
    expect(told(await olive.saveConnection(moved, target))).toEqual({ password: "secret-again" });
    expect(rev).toBe(1);
  });

  test("its giver, signed in long ago, confirms with their own password; a wrong one counts", async () => {
    const { id, rev } = await savedBy("olive");
    later();
    const door = await as("olive");
    const moved = form({ password: "", port: String(ports[1]) });
    const confirm = { password: "secret-confirm" };
    expect(told(await door.testConnection(moved, attemptId(), id))).toEqual(confirm);
    expect(told(await door.saveConnection(moved, { id, rev }))).toEqual(confirm);
    const goOn = stopClock();
    onTestFinished(goOn);
    // Neither the connection's password nor a colleague's is one's own.
    for (const wrong of ["s3cret", passwords.mo, "wrong wrong", "wrong again", "and again"]) {
      const refused = await door.confirmOwnPassword(wrong);
      expect(refused).toMatchObject({ ok: false, explained: { problem: { code: "not-allowed" } } });
    }
    expect(
      lines()
        .slice(-5)
        .map(({ action, result }) => `${action} ${result}`),
    ).toEqual(Array(5).fill("password-confirm not-allowed"));
    expect(told(await door.saveConnection(moved, { id, rev }))).toEqual(confirm);
    // Each further one is paused for twice as long. Nobody waits here.
    for (const seconds of [1, 2, 4, 8]) {
      const again = await door.confirmOwnPassword("wrong wrong");
      expect(again).toMatchObject({ explained: { problem: { facts: { retryAfter: seconds } } } });
      if (seconds === 8) break;
      putForward(seconds * 1000);
      const wrong = await door.confirmOwnPassword("wrong wrong");
      expect(wrong).toMatchObject({ explained: { problem: { code: "not-allowed" } } });
    }
    const paused = await door.confirmOwnPassword(passwords.olive);
    expect(paused).toMatchObject({ ok: false, explained: { problem: { code: "too-many-attempts" } } });
    // The same count as for a new password: who guesses here is slowed there. The login of strangers has its own.
    const { changePassword } = await import("#app/(console)/settings/account-actions.ts");
    const change = await changePassword({ current: passwords.olive, next: "another plum tractor 9" });
    expect(change).toMatchObject({ ok: false, explained: { problem: { code: "too-many-attempts" } } });

    putForward(8000);
    expect(await door.confirmOwnPassword(passwords.olive)).toMatchObject({ ok: true });
    expect(told(await door.saveConnection(moved, { id, rev }))).toBe("saved");
  });

  test("a form that is saved as it was tried counts as tried", async () => {
    const door = await as("mo");
    const untried = await savedBy("mo", { name: "Untried" });
    expect(await drained(await door.testConnection(form({ name: "" }), attemptId()))).toBe("stream");
    const tried = await savedBy("mo", { name: "Tried" });
    await vi.waitFor(async () =>
      expect((await kept.lastSeen.all()).get(tried.id)).toMatchObject({ problem: "net-refused" }),
    );
    expect((await kept.lastSeen.all()).has(untried.id)).toBe(false);
    const moved = form({ name: "Tried", password: "", port: String(ports[1]) });
    expect(await drained(await (await as("mo")).testConnection(moved, attemptId(), tried.id))).toBe("stream");
    const before = (await kept.lastSeen.all()).get(tried.id)?.at;
    expect(told(await door.saveConnection(moved, { id: tried.id, rev: tried.rev }))).toBe("saved");
    await vi.waitFor(async () => expect((await kept.lastSeen.all()).get(tried.id)?.at).not.toBe(before));
  });

  test("nothing but a password is one", async () => {
    const door = await as("olive");
    for (const odd of [undefined, "", 7, {}, "x".repeat(257)]) {
      expect((await door.confirmOwnPassword(odd)).ok).toBe(false);
    }
  });

  test("the host's own credentials: an owner after confirming, a member never", async () => {
    const token = {
      host: "abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws",
      user: "admin",
      password: "",
      signIn: "aurora-dsql-token",
    };
    const mo = await as("mo");
    expect(told(await mo.saveConnection(form(token)))).toEqual({
      tokenCredentials: "token-credentials-of-host",
    });
    later();
    const olive = await as("olive");
    expect(told(await olive.saveConnection(form(token)))).toEqual({
      tokenCredentials: "token-credentials-confirm",
    });
    expect((await olive.confirmOwnPassword(passwords.olive)).ok).toBe(true);
    expect(told(await olive.saveConnection(form(token)))).toBe("saved");
    expect(lines().slice(-2)).toMatchObject([
      { action: "connection-lead", secrets: ["host-credentials"] },
      { action: "connection-create" },
    ]);
  });
});
