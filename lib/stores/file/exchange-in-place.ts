import "server-only";
import { constants } from "node:fs";
import { basename, dirname } from "node:path";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type ExchangeSteps, exchangeKey, slotOf, withoutSlot } from "#lib/vault/key-exchange.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import type { Vault } from "#lib/vault/vault.ts";
import type { VaultKey } from "#lib/vault/vault-key.ts";
import { removeLeftOvers, replaceFile, syncFolder } from "./atomic-file.ts";
import { type Disk, nodeDisk, systemErrorCode } from "./disk.ts";
import { keySource } from "./key-source.ts";

/**
 * Exchanges the key of a vault in the very file that the console has it from. Ended anywhere, that file opens the vault,
 * and the same again goes on.
 * @param openWith opens the vault with another key, from what is kept
 * @returns the id of the new slot, and whether an earlier exchange was only finished; `setting-invalid` with the field
 *   `key` and the reason `not-in-place` where the file is a link, or somebody else's
 */
export async function exchangeInPlace(
  vault: Vault,
  path: string,
  openWith: ExchangeSteps["openWith"],
  disk: Disk = nodeDisk,
): Promise<Result<{ readonly slot: string; readonly continued: boolean }>> {
  const found = await exchangedKeyFile(path, disk);
  if (!found.ok) return found;
  const file = found.value;
  const former = await file.former();
  if (!former.ok) return former;
  const exchanged = former.value === undefined ? await exchange() : await finish(former.value);
  if (!exchanged.ok) return exchanged;
  const tidied = await file.finish();
  return tidied.ok ? ok({ slot: exchanged.value, continued: former.value !== undefined }) : tidied;

  async function exchange(): Promise<Result<string>> {
    const next = await file.prepare();
    return next.ok ? exchangeKey(vault, next.value, { openWith, between: () => file.swap() }) : next;
  }

  /** The new key is in its place already: what is left is the former one's slot. */
  async function finish(before: VaultKey): Promise<Result<string>> {
    const left = await slotOf(vault, before);
    const own = await keySource({ from: "file", path }, disk).load();
    const now = await vault.read();
    if (!left.ok) return left;
    if (!own.ok) return own;
    if (!now.ok) return now;
    const isOver = left.value === undefined || own.value === undefined;
    return isOver ? ok(now.value.slot.kid) : withoutSlot(vault, own.value, left.value);
  }
}

/**
 * A key file whose key is exchanged where it lies. The new one waits beside it until the vault opens with it; the former
 * one lies there until nothing opens with it any more. So whatever ends the process, one of the three opens the vault.
 */
interface ExchangedKeyFile {
  /** The new key: one that an earlier exchange left, or a fresh one. */
  prepare(): Promise<Result<VaultKey>>;
  /** Puts the new file in place of the present one. */
  swap(): Promise<Result<void>>;
  /** The former key of an exchange that ended after `swap`; undefined where there was none. */
  former(): Promise<Result<VaultKey | undefined>>;
  /** Removes the former key. */
  finish(): Promise<Result<void>>;
}

async function exchangedKeyFile(path: string, disk: Disk): Promise<Result<ExchangedKeyFile>> {
  const [next, before] = [`${path}.new`, `${path}.old`];

  async function written(step: string, work: () => Promise<void>): Promise<Result<void>> {
    try {
      await work();
      return ok(undefined);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      return failed(problem("vault-write-failed", { path, step, error: code, saved: false }));
    }
  }

  async function keyAt(file: string): Promise<Result<VaultKey | undefined>> {
    const found = await keySource({ from: "generated", path: file }, disk).load();
    // Half a file of a process that was ended is none: it was never a key of the vault.
    return found.ok || found.problem.facts.reason !== "key-empty" ? found : ok(undefined);
  }

  const found = await disk.lstat(path).catch((error: unknown) => {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  });
  const own = process.getuid?.();
  // Mounted secrets are links into a folder that is not ours; a file of root's would be one that we could read no more.
  if (found === undefined || !found.isFile() || (own !== undefined && found.uid !== own)) {
    return failed(problem("setting-invalid", { field: "key", reason: "not-in-place", path }));
  }
  return ok({
    prepare: async () => {
      const left = await keyAt(next);
      if (!left.ok) return left;
      if (left.value !== undefined) return ok(left.value);
      const text = newRawKey();
      const made = await written("key", () => replaceFile(disk, next, `${text.reveal()}\n`));
      return made.ok ? ok({ kind: "raw", src: "raw", text }) : made;
    },
    swap: () =>
      written("key", async () => {
        await removeIfAny(disk, before);
        // Some file systems have no second name for a file.
        await disk.link(path, before).catch(() => disk.copyFile(path, before, constants.COPYFILE_EXCL));
        await syncFolder(disk, dirname(path));
        await disk.rename(next, path);
        await syncFolder(disk, dirname(path));
      }),
    former: async () => {
      const waiting = await keyAt(next);
      if (!waiting.ok) return waiting;
      return waiting.value === undefined ? keyAt(before) : ok(undefined);
    },
    finish: () =>
      written("key", async () => {
        await removeIfAny(disk, before);
        // Of one that was killed before its key had a name.
        await removeLeftOvers(disk, dirname(path), (name) => name === basename(next));
        await syncFolder(disk, dirname(path));
      }),
  });
}

async function removeIfAny(disk: Disk, path: string): Promise<void> {
  await disk.unlink(path).catch((error: unknown) => {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  });
}
