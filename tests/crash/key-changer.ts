import { existsSync } from "node:fs";
import { z } from "zod";
import type { Result } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { exchangeInPlace } from "#lib/stores/file/exchange-in-place.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { type Collection, collection } from "#lib/vault/collection.ts";
import { dropUnused, renewDataKey, resealRest } from "#lib/vault/key-rotation.ts";
import { slotFacts } from "#lib/vault/key-slots.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import type { Vault } from "#lib/vault/vault.ts";
import type { VaultKey } from "#lib/vault/vault-key.ts";
import { value } from "./expected.ts";
import type { Place } from "./stores.ts";

const held = z.strictObject({ number: z.int() });
const heldIn = (vault: Vault): Collection<z.infer<typeof held>> => collection(vault, "held", held);
const secretOf = (number: number) => `secret of ${number}`;
const howMany = 40;

/** What must be there whatever is done to the keys: records with secrets, a document, a notebook. */
export async function hold(place: Place): Promise<void> {
  const vault = value(await place.open());
  const records = Array.from({ length: howMany }, (_, number) => ({
    meta: { number },
    secrets: { password: new Secret(secretOf(number)) },
  }));
  value(await heldIn(vault).createAll(records));
  value(await vault.document("moves").write({ moved: "here" }));
  value(await vault.notebook("person").append("entry", "a line"));
}

/** What is wrong with it; undefined where all opens. */
export async function wrongWith(vault: Vault): Promise<string | undefined> {
  const listed = await heldIn(vault).list();
  if (!listed.ok) return listed.problem.code;
  if (listed.value.length !== howMany) return `${listed.value.length} of ${howMany} records`;
  for (const { id, meta } of listed.value) {
    const opened = await heldIn(vault).open(id);
    if (!opened.ok) return `${opened.problem.code} ${JSON.stringify(opened.problem.facts)}`;
    const found = opened.value?.secrets.password?.reveal();
    if (found !== secretOf(meta.number)) return `the secret of ${meta.number} is ${found}`;
  }
  const document = await vault.document("moves").read();
  if (!document.ok) return `moves: ${document.problem.code}`;
  if (JSON.stringify(document.value) !== '{"moved":"here"}')
    return `moves: ${JSON.stringify(document.value)}`;
  const entries: unknown[] = [];
  const read = await vault.notebook("person").each(({ value: entry }) => entries.push(entry));
  if (!read.ok) return `notebook: ${read.problem.code}`;
  if (read.value.broken > 0 || entries.join() !== "a line") return `notebook: ${entries.length} entries`;
  return undefined;
}

const openWith = (place: Place) => (key: VaultKey) =>
  openVault(place.store(), keySource({ from: "variable", value: key.text }));

/** As `cloak-db key rekey` does, where the key lies in a file. */
export async function rekey(place: Place): Promise<Result<unknown>> {
  const vault = await place.open();
  return vault.ok ? exchangeInPlace(vault.value, place.keyFile, openWith(place)) : vault;
}

/** As `cloak-db key rotate` does. */
export async function rotate(place: Place): Promise<Result<unknown>> {
  const vault = await place.open();
  if (!vault.ok) return vault;
  const { keyring } = value(await vault.value.read());
  // Former keys that are still needed are let go of first: there is an end to how many fit.
  const renewed = keyring.dataKeys.size > 20 ? vault : await renewDataKey(vault.value);
  if (!renewed.ok) return renewed;
  const rest = await resealRest(vault.value, place.store());
  return rest.ok ? dropUnused(vault.value, place.store()) : rest;
}

/** What is left of exchanges of the key when the last one was ended well; undefined for nothing. */
export async function leftOfExchange(place: Place): Promise<string | undefined> {
  const { length } = slotFacts(value(await value(await place.open()).read()));
  if (length !== 1) return `${length} slots`;
  const file = [`${place.keyFile}.new`, `${place.keyFile}.old`].find((path) => existsSync(path));
  return file === undefined ? undefined : `${file} is still there`;
}

/** Exchanges the key and renews what everything is sealed with, by turns, until it is told to stop. */
export async function changeKeys(
  place: Place,
  say: (line: string) => void,
  stopped: () => boolean,
): Promise<void> {
  say("ready");
  // Most are killed in the first of them.
  for (let isRekey = Math.random() < 0.5; !stopped(); isRekey = true) {
    if (isRekey) {
      value(await rekey(place));
      say("rekeyed");
    }
    value(await rotate(place));
    say("rotated");
  }
}
