import { afterAll, expect, test, vi } from "vitest";
import { scratchFolder } from "#tests/support/run-cli.ts";
import { value } from "#tests/support/scratch-vault.ts";
import { offerStop } from "../../../app/_server/stop-console.ts";
import { workspace } from "../../../app/_server/workspace.ts";

const scratch = scratchFolder();

afterAll(() => {
  vi.unstubAllEnvs();
  scratch.remove();
});

test("what the running minute counted is in the log when the console has stopped", async () => {
  for (const [name, text] of Object.entries(scratch.env)) vi.stubEnv(name, text);
  vi.stubEnv("CLOAK_DB_LOG_LEVEL", "silent");
  const { audit } = value(await workspace());
  for (let n = 0; n < 3; n += 1) audit.count({ actor: null }, { action: "refused" }, "not-signed-in");
  expect(value(await audit.newest(10)).entries).toEqual([]);
  offerStop();
  const stop = (globalThis as unknown as Record<symbol, { run(): Promise<void> }>)[
    Symbol.for("cloak-db.stop")
  ];
  await stop?.run();
  expect(value(await audit.newest(10)).entries).toMatchObject([
    { action: "refused", times: 3, result: "not-signed-in" },
  ]);
});
