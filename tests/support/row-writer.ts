/**
 * A console of its own that counts in a vault in rows, as `row-writers.test.ts` starts it:
 *
 *   row-writer.ts <settings as JSON: setup, schema, config> <name> <how many saves>
 *
 * Each save that was acknowledged is one line on standard output: the record that it made.
 */
import { writeSync } from "node:fs";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { storedRows } from "#lib/stores/postgres/rows.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import { countingIn } from "./counting.ts";
import { plainLink } from "./plain-link.ts";

const [settings = "{}", name = "", saves = "0"] = process.argv.slice(2);
const { setup, schema, config } = JSON.parse(settings);
const link = plainLink(config, schema);
const store = { ...fileStore(setup), records: storedRows(link, { freshMs: 0 }) };
const vault = await openVault(store, keySource(setup.key));
if (!vault.ok) throw new Error(JSON.stringify(vault.problem));
const count = countingIn(vault.value);
writeSync(1, "ready\n");
for (let done = 0; done < Number(saves); done += 1) {
  const saved = await count(`${name}-${done}`);
  if (!saved.ok) throw new Error(JSON.stringify(saved.problem));
  writeSync(1, `${name}-${done}\n`);
}
await link.close();
