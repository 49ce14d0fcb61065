/**
 * Opens a vault in a process of its own and says on standard output what came of it, what it cost and what it took.
 *
 *   open-once.ts <folders as JSON>
 */
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { openVault } from "#lib/vault/open-vault.ts";

const setup = JSON.parse(process.argv[2] ?? "{}");
const memory = process.resourceUsage().maxRSS;
const cpu = process.cpuUsage();
const opened = await openVault(fileStore(setup), keySource(setup.key));
const { user, system } = process.cpuUsage(cpu);
const trouble = opened.ok ? undefined : opened.problem;
console.log(
  JSON.stringify({
    code: trouble?.code ?? "open",
    part: trouble?.facts.part,
    // Of the processor, not of the clock: the machine may be busy with something else.
    ms: (user + system) / 1000,
    mb: process.resourceUsage().maxRSS / 1024,
    mbBefore: memory / 1024,
  }),
);
