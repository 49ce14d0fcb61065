import "server-only";
import { resolve } from "node:path";
import { type KeySetting, readArgv } from "#lib/env.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { newKeyFile } from "#lib/stores/file/new-key-file.ts";
import { quoteSh } from "#lib/strings/write/quote-sh.ts";
import { newPassphrase } from "#lib/team/vault-passphrase.ts";
import { readVaultKey, type VaultKey } from "#lib/vault/vault-key.ts";
import { askPassword } from "./ask-password.ts";
import type { Io } from "./io.ts";
import { say } from "./words.ts";

/** The options that name a key, as `readArguments` takes them. */
export const keyOptions = {
  file: { type: "string" },
  generate: { type: "boolean" },
  command: { type: "string" },
  "passphrase-file": { type: "string" },
  variable: { type: "string" },
} as const;

/** Which key was named. */
export type NamedKey =
  | { readonly from: "file"; readonly path: string; readonly generate: boolean }
  | { readonly from: "passphrase-file"; readonly path: string }
  | { readonly from: "command"; readonly argv: readonly [string, ...string[]] }
  | { readonly from: "variable"; readonly name: string };

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** @returns undefined where none was named, or the sentence that says what is wrong */
export function namedKey(values: Values, command: string): Result<NamedKey | undefined, string> {
  const given = (["file", "command", "passphrase-file", "variable"] as const).flatMap((name) => {
    const value = values[name];
    return typeof value === "string" ? [{ name, value }] : [];
  });
  const [first, second] = given;
  const generate = values.generate === true;
  if (second !== undefined) return failed(say("cli.usage.keyOne"));
  // A key file that is exchanged where it lies is always a fresh one.
  if (generate && first?.name !== "file" && (first !== undefined || command !== "rekey")) {
    return failed(say("cli.usage.keyGenerate"));
  }
  if (first === undefined) return ok(undefined);
  if (first.value === "") return failed(say("cli.usage.optionNeedsValue", { option: `--${first.name}` }));
  switch (first.name) {
    case "file":
      return ok({ from: "file", path: resolve(first.value), generate });
    case "passphrase-file":
      return ok({ from: "passphrase-file", path: resolve(first.value) });
    case "variable":
      return ok({ from: "variable", name: first.value });
    case "command": {
      const argv = readArgv(first.value);
      return argv === undefined ? failed(say("cli.usage.keyCommand")) : ok({ from: "command", argv });
    }
  }
}

/**
 * Reads a key that was named. A file that is to be made is made.
 * @returns the key; `setting-invalid` with the field `key` or `passphrase`; or what its source says
 */
export async function loadNamed(named: NamedKey): Promise<Result<VaultKey>> {
  const key = await keyOf(named);
  const reason = key.ok ? undefined : ofNamed[String(key.problem.facts.reason)];
  // The advice for the console's own key does not help with another one.
  return key.ok || reason === undefined
    ? key
    : failed(problem("setting-invalid", { ...key.problem.facts, field: "key", reason }));
}

/** What its source says of a key, in the words of `keys.refused`. */
const ofNamed: Readonly<Record<string, string>> = {
  "key-file-missing": "file-missing",
  "key-file-not-a-key": "file-no-key",
  "file-open": "file-open",
  "key-mistyped": "mistyped",
  "passphrase-too-short": "short",
  "key-command-failed": "command-failed",
};

async function keyOf(named: NamedKey): Promise<Result<VaultKey>> {
  switch (named.from) {
    case "file":
      return named.generate ? newKeyFile(named.path) : loaded({ from: "file", path: named.path });
    case "command":
      return loaded({ from: "command", argv: named.argv });
    case "variable": {
      const value = process.env[named.name];
      return value === undefined ? refused("not-set") : readVaultKey(value, "raw", named.name);
    }
    case "passphrase-file": {
      const key = await loaded({ from: "file", path: named.path });
      return key.ok ? newPassphrase(key.value.text) : key;
    }
  }
}

async function loaded(setting: KeySetting): Promise<Result<VaultKey>> {
  const key = await keySource(setting).load();
  if (!key.ok) return key;
  return key.value === undefined ? refused("not-set") : ok(key.value);
}

/** Asks for a new passphrase. @returns undefined where the person gave up, or typed two that differ */
export async function askPassphrase(io: Io): Promise<Result<VaultKey> | undefined> {
  const typed = await askPassword(io, {
    first: say("keys.cli.passphrase"),
    again: say("keys.cli.again"),
    differ: say("keys.cli.differ"),
  });
  if (typed === undefined) return undefined;
  return newPassphrase(typed);
}

/** The setting with which the console opens the vault by this key, and those that it takes the place of. */
export function settingFor(named: NamedKey | undefined): string {
  switch (named?.from) {
    case "file":
    case "passphrase-file":
      return `CLOAK_DB_KEY_FILE=${quoteSh(named.path)}`;
    case "command":
      return `CLOAK_DB_KEY_COMMAND=${quoteSh(JSON.stringify(named.argv))}`;
    case "variable":
      return `CLOAK_DB_KEY="$${named.name}"`;
    case undefined:
      return say("keys.cli.setPassphrase");
  }
}

function refused(reason: string): Result<never> {
  return failed(problem("setting-invalid", { field: "key", reason }));
}
