import { expect, test } from "vitest";
import { z } from "zod";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { opened, scratchVault, value } from "#tests/support/scratch-vault.ts";

const counters = (vault: Vault) => collection(vault, "counter", z.strictObject({ count: z.int() }));

test("three first starts at once make one vault", async () => {
  const setup = scratchVault();
  const vaults = await Promise.all([opened(setup), opened(setup), opened(setup)]);
  const ids = await Promise.all(vaults.map(async (vault) => value(await vault.facts()).storeId));
  expect(new Set(ids).size).toBe(1);
  value(await counters(await opened(setup)).create({ id: "the-one", meta: { count: 0 } }));
  for (const vault of vaults) expect(value(await counters(vault).list())).toHaveLength(1);
});
