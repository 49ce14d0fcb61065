import "server-only";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import {
  brokenBox,
  largestFile,
  type ParsedText,
  parseDocument,
  type SealedRecord,
  sealedText,
  type VaultDocument,
} from "./document.ts";
import { inspect, otherStore, rollback, type Snapshot, withHelp } from "./inspect.ts";
import { openingAfter } from "./opening-after.ts";
import type { PresentKey } from "./present-key.ts";
import type { Sealer } from "./records.ts";
import type { Remembered, TextStore } from "./store.ts";
import { type MemoryState, memoryOf, type RecordsForm } from "./vault.ts";
import type { VaultKey } from "./vault-key.ts";

/** The records as one text, opened just now, at `first`. */
export function textForm(store: TextStore, key: PresentKey, first: Opened): RecordsForm {
  let latest = first;

  async function look(): Promise<Result<Snapshot>> {
    const version = await store.records.version();
    if (!version.ok) return failed(await withHelp(version.problem, store, key.now()));
    if (version.value === latest.version) return ok(latest.snapshot);
    const found = await key.opening((present) => openStored(store, present));
    if (!found.ok) return found;
    latest = found.value;
    return ok(latest.snapshot);
  }

  return {
    latest: () => latest.snapshot,
    look,
    commit: (change) =>
      store.records.replace(async (current) => {
        const found = await key.opening((present) => judge(store, present, current, { known: latest }));
        if (!found.ok) return found;
        const { document } = found.value.snapshot;
        const changed = await change(found.value.snapshot);
        if (!changed.ok) return changed;
        const opening = await openingAfter(changed.value.keys, found.value.snapshot, key.now());
        if (!opening.ok) return opening;
        const { keyring, slots } = opening.value;

        const records = [...changed.value.records];
        const earlier = (await store.records.earlier()).map((revision) => revision.rev);
        const rev = Math.max(document.rev, ...earlier) + 1;
        const before = new Set(document.records);
        const { document: next, text } = await sealedText(
          { ...document, rev, records, slots: [...slots] },
          keyring,
          before,
        );
        if (Buffer.byteLength(text) > largestFile) {
          const facts = { path: store.place, step: "size", error: "EFBIG", saved: false };
          return failed(problem("vault-write-failed", facts));
        }
        const fresh = records.filter((record) => !before.has(record));
        return ok({
          value: changed.value.value,
          write: {
            text,
            check: (readBack) => wrongPart(readBack, text, { storeId: document.storeId, keyring }, fresh),
            previous: { keepAs: document.rev },
            after: async (version) => {
              const { slot } = opening.value;
              latest = { ...found.value, version, snapshot: { document: next, keyring, slot } };
              await store.memory.raise(next.storeId, { rev, mac: next.mac });
            },
          },
        });
      }),
  };
}

/** A snapshot of what lies in one text. */
export interface TextSnapshot extends Snapshot {
  readonly document: VaultDocument;
}

/** A vault as it was found, and the version that was looked at. */
export interface Opened {
  readonly version: string;
  readonly snapshot: TextSnapshot;
  readonly memory: MemoryState;
}

/** What a version of the vault was parsed to, before its key was at hand. */
interface Parsed {
  readonly version: string;
  readonly as: ParsedText;
}

/** Reads what is kept and opens it. */
export async function openStored(store: TextStore, key: VaultKey, parsed?: Parsed): Promise<Result<Opened>> {
  // The memory first: it never runs ahead of what is kept, so a commit between the two reads cannot look like a rollback.
  const seen = await store.memory.recall();
  if (parsed !== undefined) {
    const version = await store.records.version();
    // Not read again: a large one would be in memory twice.
    if (version.ok && version.value === parsed.version) {
      return judge(store, key, { version: parsed.version, text: parsed.as }, { seen });
    }
  }
  const current = await store.records.read();
  if (!current.ok) return failed(await withHelp(current.problem, store, key));
  return judge(store, key, current.value, { seen });
}

async function judge(
  store: TextStore,
  key: VaultKey,
  current: { readonly version: string; readonly text: string | ParsedText } | undefined,
  given: { readonly seen?: Remembered; readonly known?: Opened },
): Promise<Result<Opened>> {
  const help = (trouble: Problem) => withHelp(trouble, store, key);
  if (current === undefined) return failed(await help(problem("vault-damaged", { reason: "missing" })));
  // What was opened last need not be opened again to be written over.
  const { known } = given;
  const opened = known?.version === current.version ? ok(known.snapshot) : await inspect(current.text, key);
  if (!opened.ok) return failed(await help(opened.problem));
  const { document } = opened.value;
  const seen = given.seen ?? (await store.memory.recall());
  const wrong = otherStore(document, seen, store.place, store.hints) ?? rollback(document, seen, store.hints);
  if (wrong !== undefined) return failed(await help(wrong));
  return ok({ version: current.version, snapshot: opened.value, memory: memoryOf(seen) });
}

/** What came back wrong: the text, or a box that was sealed in this commit. */
async function wrongPart(
  readBack: string,
  written: string,
  { storeId, keyring }: Sealer,
  fresh: readonly SealedRecord[],
): Promise<string | undefined> {
  if (readBack !== written) {
    const parsed = await parseDocument(readBack);
    return parsed.state === "damaged" ? parsed.part : "text";
  }
  return brokenBox(storeId, fresh, keyring);
}
