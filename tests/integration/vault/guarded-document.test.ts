import { expect, test } from "vitest";
import { diskWith } from "#tests/support/failing-disk.ts";
import { opened, scratchVault, value } from "#tests/support/scratch-vault.ts";

test("a write of another process at any moment of a read is no older document that was put back", async () => {
  const setup = scratchVault();
  const writer = (await opened(setup)).document("sessions", { guarded: true });
  value(await writer.write(0));
  for (let at = 1, met = true; met; at += 1) {
    let calls = -1;
    met = false;
    const disk = diskWith(async () => {
      if (calls === -1) return;
      calls += 1;
      if (calls !== at) return;
      met = true;
      value(await writer.write(at));
    });
    const reader = (await opened(setup, { disk })).document("sessions", { guarded: true });
    calls = 0;
    expect([at - 1, at]).toContain(value(await reader.read()));
    if (!met) expect(at).toBeGreaterThan(6);
  }
});
