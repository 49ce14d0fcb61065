import { fileStore } from "#lib/stores/file/file-store.ts";
import { scratchVault } from "#tests/support/scratch-vault.ts";
import { storeContract } from "../store-contract.ts";

storeContract("the file store", () => {
  const setup = scratchVault();
  return { open: () => fileStore(setup, { patience: 20_000 }) };
});
