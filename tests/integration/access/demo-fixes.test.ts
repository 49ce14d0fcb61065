import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { AttemptMessage } from "#app/(console)/connections/attempt/attempt-message.ts";
import { demoConnections } from "#lib/cli/demo-connections.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import { type DemoServers, startDemoServers } from "#lib/samples/demo-servers.ts";
import { Secret } from "#lib/secret.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { Workspace } from "#lib/workspace.ts";
import { formTester } from "#tests/support/test-form.ts";

/* The demo as its owner meets it, freshly signed in: every one-click fix of every fault, applied. */

const folder = mkdtempSync(join(tmpdir(), "cloak-demo-fixes-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";
process.env.CLOAK_DB_ALLOW_LOOPBACK = "1";

let sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({ getTranslations: async () => (key: string) => key }));
// What Next gives to server code under this name; outside its bundler the name means the browser's.
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));

const here = "127.0.0.1:3000";
let kept: Workspace;
let servers: DemoServers;

beforeAll(async () => {
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  kept = opened.value;
  servers = await startDemoServers();
  const password = new Secret("plum-tractor-oboe-9");
  const owner = await kept.users.create({ name: "demo", password, role: "owner" });
  if (!owner.ok) throw new Error(owner.problem.code);
  for (const values of demoConnections(servers)) {
    const draft = await parseProfileForm(values);
    if (!draft.ok) throw new Error(JSON.stringify(draft.problem));
    await kept.profiles.create(draft.value, owner.value.id);
  }
  const session = await kept.sessions.start(owner.value.id, "test", owner.value.sessionsFrom);
  if (!session.ok) throw new Error(session.problem.code);
  const cookie = `cloak_sid_3000=${session.value.cookie.reveal()}`;
  sent = new Headers({ host: here, origin: `http://${here}`, "content-type": "application/json", cookie });
}, 120_000);
afterAll(async () => {
  await servers?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let attempts = 0;

async function tried(values: FormValues, id: string) {
  const answer = await formTester(sent)(values, String(++attempts).padStart(22, "0"), id);
  if (answer.type !== "stream") throw new Error(JSON.stringify(answer));
  let done: Extract<AttemptMessage, { readonly type: "done" }> | undefined;
  for await (const message of answer.messages as unknown as AsyncIterable<AttemptMessage>) {
    if (message.type === "done") done = message;
  }
  if (done === undefined) throw new Error("no end");
  return done.report.problem;
}

async function savedAs(name: string) {
  const all = await kept.profiles.list();
  const found = all.ok ? all.value.find((one) => one.name === name) : undefined;
  const open = await kept.profiles.open(found?.id ?? "");
  if (!open.ok || open.value === undefined) throw new Error(name);
  return open.value;
}

describe("the demo's faults", () => {
  test.each([
    ["Self-signed", "tls-self-signed"],
    ["Expired", "tls-expired"],
    ["Wrong host name", "tls-hostname-mismatch"],
  ])("%s: whoever signed in by the link needs no password for its fixes", async (name, code) => {
    const saved = await savedAs(name);
    const values = formValues(saved);
    const problem = await tried(values, saved.id);
    expect(problem?.code).toBe(code);
    const ends = await endsOf(problem?.fixes ?? [], values, saved.id);
    const connected = Object.values(ends).filter((end) => end === "connected");
    expect(connected.length, JSON.stringify(ends)).toBeGreaterThan(0);
    // Nothing is asked for again, and no fix ends in anything but a connection or a name that is nowhere.
    const others = Object.entries(ends).filter(([, end]) => end !== "connected");
    expect(
      others.filter(([fix, end]) => fix !== "use-certificate-name" || end !== "net-name-unknown"),
    ).toEqual([]);
  });
});

async function endsOf(
  fixes: readonly { readonly id: string; readonly change?: Partial<FormValues> }[],
  values: FormValues,
  id: string,
): Promise<Record<string, string>> {
  const ends: Record<string, string> = {};
  for (const { id: fix, change } of fixes) {
    if (change === undefined) continue;
    ends[fix] = (await tried({ ...values, ...change }, id))?.code ?? "connected";
  }
  return ends;
}
