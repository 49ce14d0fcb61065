import "server-only";
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { childEnvironment, type KeySetting } from "#lib/env.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { removeQuietly, syncFolder, writeBeside } from "./atomic-file.ts";
import { type Disk, nodeDisk, systemErrorCode } from "./disk.ts";
import { closedPathProblem, privateFileProblem } from "./permissions.ts";
import { newRawKey, rawKeyBytes, rawKeyPrefix } from "./raw-key.ts";

/** What opens the vault: a raw key (checked), or a passphrase. */
export interface VaultKey {
  readonly kind: "raw" | "pass";
  /** How the slot that it makes is labelled. */
  readonly src: "raw" | "pass" | "cmd";
  readonly text: Secret;
}

/** Shorter passphrases are refused: the file can be attacked at leisure. */
export const shortestPassphrase = 16;

/**
 * Fetches the key from where the host's settings say.
 * @returns the key; undefined when it is to be a generated one and there is none yet; or `vault-locked`,
 *   `vault-wrong-key` (a raw key that was cut off or mistyped), `vault-unsafe-permissions`
 */
export async function loadKey(
  setting: KeySetting,
  disk: Disk = nodeDisk,
): Promise<Result<VaultKey | undefined>> {
  switch (setting.from) {
    case "variable":
      return vaultKey(setting.value.reveal(), "raw", "CLOAK_DB_KEY");
    case "command":
      return keyFromCommand(setting.argv);
    case "file":
    case "generated":
      return keyFromFile(setting, disk);
  }
}

/**
 * Makes the key file of a console that was given no key, for the owner alone. Its folder must exist. It appears whole
 * or not at all: half a key would block every later start.
 * @throws the system's error; `EEXIST` when another process was quicker
 */
export async function generateKeyFile(path: string, disk: Disk = nodeDisk): Promise<VaultKey> {
  const text = newRawKey();
  const temporary = await writeBeside(disk, path, `${text.reveal()}\n`);
  try {
    await disk.link(temporary, path);
  } finally {
    await removeQuietly(disk, temporary);
  }
  await syncFolder(disk, dirname(path));
  return { kind: "raw", src: "raw", text };
}

async function keyFromFile(
  setting: Extract<KeySetting, { readonly path: string }>,
  disk: Disk,
): Promise<Result<VaultKey | undefined>> {
  const { path } = setting;
  try {
    // Links are followed: mounted secrets are links into a folder that is swapped as a whole.
    const found = await disk.stat(path);
    if (!found.isFile() || found.size > 4096) return locked({ reason: "key-file-not-a-key", path });
    const unsafe = privateFileProblem(path, found);
    if (unsafe !== undefined) return failed(unsafe);
    const handle = await disk.open(path, "r");
    const text = await handle.readFile("utf8").finally(() => handle.close());
    return vaultKey(text, "raw", path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    if (code === "EACCES" || code === "EPERM") return failed(closedPathProblem(path, code));
    if (setting.from === "generated" && code === "ENOENT") return ok(undefined);
    return locked({ reason: "key-file-missing", path, error: code });
  }
}

/** Ten seconds, 4 KiB, no shell, and next to nothing of our environment. */
function keyFromCommand(argv: readonly [string, ...string[]]): Promise<Result<VaultKey>> {
  const [program, ...rest] = argv;
  const options = { timeout: 10_000, maxBuffer: 4096, env: childEnvironment(), windowsHide: true };
  return new Promise((resolve) => {
    execFile(program, rest, options, (error, output) => {
      if (error === null) return resolve(vaultKey(output, "cmd", program));
      // Its output is not passed on: it may hold the key.
      const why = error.killed === true ? "timeout" : String(error.code ?? error.signal ?? "unknown");
      return resolve(locked({ reason: "key-command-failed", program, error: why }));
    });
  });
}

function vaultKey(given: string, src: "raw" | "cmd", where: string): Result<VaultKey> {
  const text = given.replace(/^\uFEFF/, "").trim();
  if (text === "") return locked({ reason: "key-empty", path: where });
  if (!text.startsWith(rawKeyPrefix)) {
    if (text.length < shortestPassphrase) {
      return locked({ reason: "passphrase-too-short", path: where, shortest: shortestPassphrase });
    }
    return ok({ kind: "pass", src: src === "cmd" ? "cmd" : "pass", text: new Secret(text) });
  }
  if (rawKeyBytes(text) === undefined) {
    return failed(problem("vault-wrong-key", { reason: "key-mistyped", path: where }));
  }
  return ok({ kind: "raw", src, text: new Secret(text) });
}

function locked(facts: Record<string, string | number>): Result<never> {
  return failed(problem("vault-locked", facts));
}
