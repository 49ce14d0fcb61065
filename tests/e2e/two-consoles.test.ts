import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { startConsole, type TestConsole } from "#tests/support/console-server.ts";
import { owner, setUp } from "#tests/support/person.ts";
import { type StoreServer, startStoreServer } from "#tests/support/store-server.ts";

/** Two consoles as they would be on two machines: the database and the key are all that they share. */
let store: StoreServer;
let consoles: readonly TestConsole[] = [];
let folder: string;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  store = await startStoreServer();
  folder = mkdtempSync(join(tmpdir(), "cloak-two-"));
  const key = join(folder, "key");
  writeFileSync(key, `${newRawKey().reveal()}\n`, { mode: 0o600 });
  const env = { ...store.variables(await store.schema()), CLOAK_DB_KEY_FILE: key };
  // One after the other: it is the first that has the set-up token.
  consoles = [await startConsole({ env }), await startConsole({ env })];
});
test.afterAll(async () => {
  await Promise.all(consoles.map((one) => one.stop()));
  await store.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("who signs in at one is signed in at the other, and signed out there within two seconds", async ({
  page,
}) => {
  const [one, two] = both();
  await setUp(page, one);
  // They listen on ports of one machine, whose names tell their cookies apart; behind a balancer they have one.
  const port = (at: TestConsole) => new URL(at.url).port;
  const cookies = await page.context().cookies();
  const session = cookies.find(({ name }) => name === `cloak_sid_${port(one)}`)?.value ?? "";
  const ask = (at: TestConsole, path: string, init: RequestInit = {}) =>
    fetch(`${at.url}${path}`, {
      ...init,
      redirect: "manual",
      headers: {
        Cookie: `cloak_sid_${port(at)}=${session}`,
        Origin: at.url,
        "Content-Type": "application/json",
      },
    });
  const there = await ask(two, "/settings/security");
  expect(there.status).toBe(200);
  expect(await there.text()).toContain(owner.name);

  expect((await ask(one, "/api/logout", { method: "POST", body: "{}" })).status).toBe(204);
  const since = performance.now();
  await expect
    .poll(async () => (await ask(two, "/api/palette")).status, { intervals: [50], timeout: 10_000 })
    .toBe(401);
  const took = performance.now() - since;
  test.info().annotations.push({ type: "signed out there after", description: `${Math.round(took)} ms` });
  expect(took).toBeLessThan(2000);
});

function both(): readonly [TestConsole, TestConsole] {
  const [one, two] = consoles;
  if (one === undefined || two === undefined) throw new Error("two consoles were to be started");
  return [one, two];
}
