import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { afterConflicts } from "#lib/vault/after-conflicts.ts";
import type { Kept, StoredDocument } from "#lib/vault/store.ts";
import type { HostMemory } from "./host-memory.ts";
import { type KeptIn, ownerOf } from "./kept-in.ts";
import { writtenOnce } from "./written-once.ts";

/** A document as one row of `cloak_live`; its version is the row's revision. */
export function documentRow(name: string, kept: KeptIn, memory: HostMemory, inTurn: InTurn): StoredDocument {
  if (!isDocumentName(name)) throw new RangeError(`no document: ${name}`);
  const { link } = kept;

  async function revision(store: string): Promise<Result<string>> {
    const found = await link.query(readRevision, [store, name]);
    return found.ok ? ok(found.value[0]?.rev ?? "0") : found;
  }

  /** Writes over one revision alone. The text is sealed anew each time, so that none is like another. */
  function writeOver(store: string, rev: string, text: string): Promise<Result<void>> {
    const next = String(BigInt(rev) + 1n);
    return writtenOnce(
      async () => {
        const statement = rev === "0" ? insertFirst : updateOver;
        const values = rev === "0" ? [store, name, text] : [store, name, text, rev];
        const written = await link.query(statement, values);
        return written.ok ? ok(written.value.length === 1) : written;
      },
      async () => {
        const found = await link.query(readText, [store, name]);
        if (!found.ok) return found;
        const [row] = found.value;
        if (row?.body === text) return ok("ours");
        if ((row?.rev ?? "0") === rev) return ok("not-yet");
        // Whoever wrote later may have written over ours.
        return ok(row?.rev === next ? "theirs" : "unknown");
      },
    );
  }

  return {
    place: `${kept.place}#${name}`,
    read: async (known) => {
      const store = await kept.storeId();
      if (!store.ok) return store;
      if (store.value === undefined) return ok(undefined);
      const found = await link.query(known === undefined ? readText : readTextUnless, [
        store.value,
        name,
        ...(known === undefined ? [] : [known]),
      ]);
      if (!found.ok) return found;
      const [row] = found.value;
      if (row === undefined) return ok(undefined);
      const version = row.rev ?? "";
      return ok<Kept | "unchanged">(row.body == null ? "unchanged" : { text: row.body, version });
    },
    write: async (text) => {
      const store = await ownerOf(kept);
      if (!store.ok) return store;
      const written = await link.query(putInPlace, [store.value, name, text]);
      return written.ok ? ok(undefined) : written;
    },
    known: async (storeId) => (await memory.head(name, storeId).read()).seq,
    remember: async (storeId, rev) => {
      const head = memory.head(name, storeId);
      if ((await head.read()).seq < rev) await head.write({ seq: rev, part: 1 });
    },
    // One after another in this process: the others are enough to meet.
    change: (edit) =>
      inTurn(`document ${name}`, () =>
        afterConflicts(async () => {
          const store = await ownerOf(kept);
          if (!store.ok) return store;
          // Before the edit reads: what it reads is that revision or a later one, and then this is no fit.
          const before = await revision(store.value);
          if (!before.ok) return before;
          const text = await edit();
          return text.ok ? writeOver(store.value, before.value, text.value) : text;
        }, mostTries),
      ),
  };
}

/** Whether a document of this program can have that name. */
export function isDocumentName(name: string): boolean {
  return /^[a-z][a-z-]{0,31}$/.test(name) && name !== "config";
}

/** Does things of one name one after another. */
export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>;

const mostTries = 12;

const mine = "store = $1 and kind = 'document' and id = $2";
const readRevision = `select rev from cloak_live where ${mine}`;
const readText = `select rev, body from cloak_live where ${mine}`;
const readTextUnless = `select rev, case when rev = $3::bigint then null else body end as body from cloak_live where ${mine}`;
const insertFirst = `
  insert into cloak_live (store, kind, id, rev, until, body) values ($1, 'document', $2, 1, 0, $3)
  on conflict (store, kind, id) do nothing returning rev`;
const updateOver = `update cloak_live set rev = rev + 1, body = $3 where ${mine} and rev = $4::bigint returning rev`;
const putInPlace = `
  insert into cloak_live as l (store, kind, id, rev, until, body) values ($1, 'document', $2, 1, 0, $3)
  on conflict (store, kind, id) do update set rev = l.rev + 1, body = excluded.body`;
