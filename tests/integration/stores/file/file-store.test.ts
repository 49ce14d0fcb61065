import { fileStore } from "#lib/stores/file/file-store.ts";
import { openFileVault, scratchVault } from "#tests/support/scratch-vault.ts";
import { storeContract } from "../store-contract.ts";
import { textContract } from "../text-contract.ts";

const make = () => {
  const setup = scratchVault();
  return { open: () => fileStore(setup, { patience: 20_000 }), begin: () => openFileVault(setup) };
};

storeContract("the file store", make);
textContract("the file store", make);
