import "server-only";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import { isWhole, parseDocument, sealedText } from "./document.ts";
import { withHelp } from "./inspect.ts";
import { newKeyring } from "./keyring.ts";
import { type NewRecord, opensTo, sealRecord } from "./records.ts";
import { format } from "./seal.ts";
import { makeSlot } from "./slots.ts";
import type { Plan, TextStore } from "./store.ts";
import { type Opened, openStored } from "./text-form.ts";
import type { KeySource, VaultKey } from "./vault-key.ts";

/** Turns the plaintext file of Cloak DB 0.3 into records. */
export type TakeOver = (json: unknown) => Result<readonly NewRecord[]>;

/** The text as it was found, and the key that opened it. */
export interface OpenedText {
  readonly key: VaultKey;
  readonly opened: Opened;
}

/** As `openVault`, where the records are one text. */
export async function openTextForm(
  store: TextStore,
  source: KeySource,
  takeOver: TakeOver | undefined,
): Promise<Result<OpenedText>> {
  const safe = await store.records.examine();
  if (!safe.ok) return safe;

  const current = await store.records.read();
  if (!current.ok) return failed(await helped(current.problem, store, source));
  const found = current.value === undefined ? undefined : await parseDocument(current.value.text);
  const isPlain = found?.state === "version-1";
  if (found === undefined || isPlain) {
    const used = await hasBeenUsed(store);
    if (used || (isPlain && takeOver === undefined)) {
      const reason = isPlain ? (used ? "replaced-by-version-1" : "plaintext") : "missing";
      return failed(await helped(problem("vault-damaged", { reason }), store, source));
    }
    const begun = await begin(store, source, isPlain ? takeOver : undefined);
    if (!begun.ok) return begun;
  }
  // What needs no key to be seen is said first: with a lost key as well, it is the worse news.
  if (found?.state === "newer") {
    return failed(problem("vault-newer-version", { path: store.place, version: found.version }));
  }
  if (found?.state === "damaged") {
    const trouble = problem("vault-damaged", { reason: "content", part: found.part });
    return failed(await helped(trouble, store, source));
  }

  const key = await source.load();
  if (!key.ok) return key;
  if (key.value === undefined) return failed(keyMissing(source));
  const parsed = current.value && found && { version: current.value.version, as: found };
  const opened = await openStored(store, key.value, parsed);
  if (!opened.ok) return opened;
  // Where the memory was lost, or the vault has moved, it is made anew; else this writes nothing.
  const { storeId, rev, mac } = opened.value.snapshot.document;
  await store.memory.raise(storeId, { rev, mac });
  const tidied = await store.records.tidy();
  // What cannot be written now is cleared away by the next commit, which says what is in its way.
  if (!tidied.ok && !["vault-write-failed", "vault-busy"].includes(tidied.problem.code)) return tidied;
  return ok({ key: key.value, opened: opened.value });
}

/** With the newest earlier revision that opens, if the key is to be had. */
async function helped(trouble: Problem, store: TextStore, source: KeySource): Promise<Problem> {
  const key = await source.load();
  return withHelp(trouble, store, key.ok ? key.value : undefined);
}

/** What is gone is not a fresh install: an empty vault in its place would hide the loss. */
async function hasBeenUsed(store: TextStore): Promise<boolean> {
  if ((await store.memory.recall()).state !== "nothing") return true;
  return (await store.records.earlier()).length > 0 || (await store.records.traces()).length > 0;
}

function keyMissing(source: KeySource) {
  return problem("vault-locked", { reason: "key-file-missing", path: source.place ?? "" });
}

/** Writes the first revision: empty, or with what the plaintext file of version 0.3 held. */
async function begin(
  store: TextStore,
  source: KeySource,
  takeOver: TakeOver | undefined,
): Promise<Result<void>> {
  const given = await source.load();
  if (!given.ok) return given;
  const prepared = await store.records.prepare();
  if (!prepared.ok) return prepared;

  return store.records.replace(async (current): Promise<Result<Plan<void>>> => {
    const parsed = current === undefined ? undefined : await parseDocument(current.text);
    const plain = parsed?.state === "version-1" ? { json: parsed.json } : undefined;
    // Another process was quicker; what it made is looked at like any other.
    if (current !== undefined && plain === undefined) return ok({ value: undefined });
    const taken = plain === undefined ? ok([]) : takeOver?.(plain.json);
    if (taken === undefined) return ok({ value: undefined });
    if (!taken.ok) return taken;
    const key = await source.loadOrMake();
    return key.ok ? ok(await firstRevision(store, key.value, taken.value, plain !== undefined)) : key;
  });
}

async function firstRevision(
  store: TextStore,
  key: VaultKey,
  records: readonly NewRecord[],
  wipe: boolean,
): Promise<Plan<void>> {
  const keyring = newKeyring();
  const storeId = randomId();
  const sealer = { storeId, keyring };
  const { document, text } = await sealedText(
    {
      format,
      storeId,
      rev: 1,
      slots: [await makeSlot(keyring, key, storeId)],
      records: records.map((record) => sealRecord(record, sealer)),
    },
    keyring,
  );
  return {
    value: undefined,
    write: {
      text,
      check: async (readBack) => {
        const parsed = await parseDocument(readBack);
        if (parsed.state !== "sealed" || !(await isWhole(parsed, keyring))) return "mac";
        const at = records.findIndex((record, index) => {
          const sealed = parsed.document.records[index];
          return sealed === undefined || !opensTo(sealed, record, sealer);
        });
        return at === -1 ? undefined : `records.${at}`;
      },
      previous: wipe ? "overwrite" : "none",
      after: () => store.memory.raise(storeId, { rev: 1, mac: document.mac }),
    },
  };
}
