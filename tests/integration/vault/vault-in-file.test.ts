import { writeFileSync } from "node:fs";
import { keySource } from "#lib/stores/file/key-source.ts";
import { opened, scratchVault, value } from "#tests/support/scratch-vault.ts";
import { vaultContract } from "./vault-contract.ts";

vaultContract("in a file", async () => {
  const setup = scratchVault();
  return {
    // Many write at once on a busy machine: whoever waits long is not what is tried here.
    open: () => opened(setup, { patience: 30_000 }),
    key: async () => {
      const key = value(await keySource(setup.key).load());
      if (key === undefined) throw new Error("no key");
      return key;
    },
    replaceKey: (key) => writeFileSync(setup.keyFile, key.text.reveal(), { mode: 0o600 }),
  };
});
