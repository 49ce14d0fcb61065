/**
 * A process that counts in a vault: one record, one more at each save.
 *
 *   vault-writer.ts <folders as JSON> <how many saves> [--die-at <call>] [--log]
 *
 * Each save that was acknowledged is one line on standard output: the number. `--die-at 12` kills the process with
 * SIGKILL right before the twelfth call of the first save that may change the disk. `--log` writes lines of the log
 * instead, always seven that wait together.
 */
import { writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { nodeDisk } from "#lib/stores/file/disk.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { collection } from "#lib/vault/collection.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import { diskWith } from "#tests/support/failing-disk.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "die-at": { type: "string" }, log: { type: "boolean" } },
});
const setup = JSON.parse(positionals[0] ?? "{}");
const saves = Number(positionals[1]);
const dieAt = Number(values["die-at"] ?? 0);

const changes = new Set([
  "open",
  "mkdir",
  "link",
  "rename",
  "rmdir",
  "unlink",
  "handle.write",
  "handle.sync",
  "handle.truncate",
]);
let saving = false;
let calls = 0;
const disk =
  dieAt === 0
    ? nodeDisk
    : diskWith((call) => {
        if (saving && changes.has(call)) calls += 1;
        if (calls === dieAt) process.kill(process.pid, "SIGKILL");
      });

// Many write at once on a busy machine: whoever waits long is not what is tried here.
const { partBytes } = setup;
const store = fileStore(setup, { disk, patience: 60_000, ...(partBytes === undefined ? {} : { partBytes }) });
const vault = await openVault(store, keySource(setup.key, disk));
if (!vault.ok) throw new Error(JSON.stringify(vault.problem));
const counters = collection(vault.value, "counter", z.strictObject({ count: z.int() }));
const log = vault.value.chainedLog("audit", z.strictObject({ text: z.string() }));
writeSync(1, "ready\n");

if (values.log === true) {
  saving = true;
  const together = Math.min(7, saves);
  await Promise.all(Array.from({ length: together }, () => writeLines(Math.floor(saves / together))));
} else await count();

async function writeLines(lines: number): Promise<void> {
  for (let left = lines; left > 0; left -= 1) {
    const written = await log.append({ text: `of ${process.pid}` });
    if (!written.ok) throw new Error(JSON.stringify(written.problem));
    writeSync(1, `${written.value}\n`);
  }
}

async function count(): Promise<void> {
  for (let done = 0; done < saves; ) {
    const found = await counters.find("the-one");
    if (!found.ok || found.value === undefined) throw new Error("no counter");
    const count = found.value.meta.count + 1;
    saving = true;
    const saved = await counters.update("the-one", found.value.rev, { meta: { count } });
    if (saved.ok) {
      done += 1;
      writeSync(1, `${count}\n`);
    } else if (saved.problem.code !== "vault-changed-meanwhile") {
      throw new Error(JSON.stringify(saved.problem));
    }
  }
}
