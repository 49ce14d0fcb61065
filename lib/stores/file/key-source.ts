import "server-only";
import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import { childEnvironment, type KeySetting } from "#lib/env.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { type KeySource, readVaultKey, type VaultKey } from "#lib/vault/vault-key.ts";
import { removeLeftOvers, replaceFile } from "./atomic-file.ts";
import { type Disk, nodeDisk, systemErrorCode } from "./disk.ts";
import { acquireLock, removeDeadWaiters } from "./lock.ts";
import { busyProblem } from "./lock-holder.ts";
import { closedPathProblem, keyFileProblem, privateFileProblem } from "./permissions.ts";

/** The key of this host, from where its settings say. */
export function keySource(setting: KeySetting, disk: Disk = nodeDisk): KeySource {
  const place = placeOf(setting);
  const load = () => loadKey(setting, disk);
  return {
    from: setting.from,
    place,
    load,
    loadOrMake: async () => {
      const key = await load();
      if (!key.ok) return key;
      if (key.value !== undefined && setting.from !== "generated") return ok(key.value);
      // One that is there is looked at again under its lock: that of a process that was killed then goes.
      const made = await makeKeyFile(place ?? "", disk, load);
      return key.value === undefined ? made : ok(key.value);
    },
    liesBeside: async (data) => {
      if (setting.from === "generated") return true;
      if (setting.from !== "file") return false;
      try {
        return (await disk.stat(setting.path)).dev === (await disk.stat(data)).dev;
      } catch (error) {
        if (systemErrorCode(error) !== undefined) return false;
        throw error;
      }
    },
  };
}

function placeOf(setting: KeySetting): string | null {
  switch (setting.from) {
    case "file":
    case "generated":
      return setting.path;
    case "command":
      return setting.argv[0];
    case "variable":
      return null;
  }
}

async function loadKey(setting: KeySetting, disk: Disk): Promise<Result<VaultKey | undefined>> {
  switch (setting.from) {
    case "variable":
      return readVaultKey(setting.value.reveal(), "raw", "CLOAK_DB_KEY");
    case "command":
      return keyFromCommand(setting.argv);
    case "file":
    case "generated":
      return keyFromFile(setting, disk);
  }
}

/**
 * Makes the key file of a console that was given no key, for the owner alone. It appears whole or not at all: half a
 * key would block every later start. Consoles with other folders for their data may share the state folder: they use
 * the one key, whoever was quicker.
 */
async function makeKeyFile(
  path: string,
  disk: Disk,
  load: () => Promise<Result<VaultKey | undefined>>,
): Promise<Result<VaultKey>> {
  try {
    await disk.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const taken = await acquireLock(disk, `${path}.lock`, performance.now() + 5000);
    if (!("lock" in taken)) return failed(busyProblem(path, taken.holder));
    try {
      await removeLeftOvers(disk, dirname(path), (name) => name === basename(path));
      await removeDeadWaiters(disk, `${path}.lock`);
      const theirs = await load();
      if (!theirs.ok) return theirs;
      return ok(theirs.value ?? (await writeKeyFile(path, disk)));
    } finally {
      await taken.lock.release();
      await disk.rmdir(`${path}.lock`).catch(() => undefined);
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return failed(problem("vault-write-failed", { path, step: "key", error: code, saved: false }));
  }
}

async function writeKeyFile(path: string, disk: Disk): Promise<VaultKey> {
  const text = newRawKey();
  // Not by a hard link, which some file systems do not have; that nothing is replaced the lock sees to.
  await replaceFile(disk, path, `${text.reveal()}\n`);
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
    const unsafe = (setting.from === "file" ? keyFileProblem : privateFileProblem)(path, found);
    if (unsafe !== undefined) return failed(unsafe);
    const handle = await disk.open(path, "r");
    const text = await handle.readFile("utf8").finally(() => handle.close());
    return readVaultKey(text, "raw", path);
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
      if (error === null) return resolve(readVaultKey(output, "cmd", program));
      // Its output is not passed on: it may hold the key.
      const why = error.killed === true ? "timeout" : String(error.code ?? error.signal ?? "unknown");
      return resolve(locked({ reason: "key-command-failed", program, error: why }));
    });
  });
}

function locked(facts: Record<string, string | number>): Result<never> {
  return failed(problem("vault-locked", facts));
}
