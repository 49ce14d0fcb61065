import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { scratchVault } from "#tests/support/scratch-vault.ts";
import { type ConsolePlace, consolesContract } from "./consoles-contract.ts";

consolesContract("files", onFiles);

function onFiles(): ConsolePlace {
  const setup = scratchVault();
  const { configDir, stateDir } = setup;
  const stateOf = (host: number) => (host === 1 ? stateDir : `${stateDir}-${host}`);
  return {
    open: (host) => fileStore({ configDir, stateDir: stateOf(host) }, { patience: 20_000 }),
    key: keySource(setup.key),
    copy: async () => {
      const kept = `${configDir}.copy`;
      rmSync(kept, { recursive: true, force: true });
      const files = [
        ...filesIn(configDir).filter((path) => !path.endsWith("/config.json")),
        ...filesIn(stateDir).filter((path) => /\/(setup-token|sign-in-link\.json)$/.test(path)),
      ];
      for (const [index, path] of files.entries()) cpSync(path, join(kept, String(index)));
      return async () => {
        for (const [index, path] of files.entries()) cpSync(join(kept, String(index)), path);
      };
    },
  };
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name));
}
