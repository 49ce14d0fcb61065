import "server-only";
import type { PostgresSetting } from "#lib/env.ts";
import { ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import type { TrustStores } from "#lib/trust/provider-store.ts";
import type { RowStore, StoredLog } from "#lib/vault/store.ts";
import { nodeDisk } from "../file/disk.ts";
import { noteFile } from "../file/note-file.ts";
import { recoveryCommands } from "../file/recovery-commands.ts";
import { clockAhead } from "./clock-ahead.ts";
import { saysItIsThere, whatConsolesSay } from "./console-presence.ts";
import { documentRow, type InTurn, isDocumentName } from "./document-row.ts";
import { hostMemory } from "./host-memory.ts";
import type { KeptIn } from "./kept-in.ts";
import { storeLink } from "./link.ts";
import { logRows } from "./log-rows.ts";
import { notebookRows, ownerOfKind } from "./notebook-rows.ts";
import type { StoreLink } from "./query.ts";
import { nameRow, storedRows } from "./rows.ts";

export interface PostgresStoreOptions {
  readonly trustStore?: TrustStores | undefined;
  /** In place of one of its own. */
  readonly link?: StoreLink | undefined;
  /** So long what was read last counts as what is there now, ms; left out, as usual. */
  readonly freshMs?: number | undefined;
}

/** A store that several consoles can share. */
export interface PostgresStore extends RowStore {
  readonly link: StoreLink;
}

/**
 * A store in the tables of a PostgreSQL database. What this host remembers of it, and what is for people on this host alone,
 * lies in its state folder: a note that lay in the database would be its administrator's as well.
 */
export function postgresStore(
  setting: PostgresSetting,
  { stateDir }: { readonly stateDir: string },
  { trustStore, link: way = storeLink(setting, { trustStore }), freshMs }: PostgresStoreOptions = {},
): PostgresStore {
  /** When anything was asked for somebody; on the clock of `performance.now()`. */
  let askedAt = performance.now();
  const link: StoreLink = {
    ...way,
    query: (text, values) => {
      askedAt = performance.now();
      return way.query(text, values);
    },
    transaction: (work) => {
      askedAt = performance.now();
      return way.transaction(work);
    },
  };
  let say = (_until: number) => "";
  const memory = hostMemory(stateDir, setting.place, setting.pin);
  const owner = nameRow("");
  let storeId: string | undefined;
  const kept: KeptIn = {
    link,
    place: setting.place,
    storeId: async () => {
      if (storeId !== undefined) return ok(storeId);
      const found = await link.query("select body from cloak_head where store = $1", [owner]);
      if (!found.ok) return found;
      storeId = found.value[0]?.body ?? undefined;
      return ok(storeId);
    },
  };
  const inTurn = turns();
  const logs = new Map<string, StoredLog>();

  return {
    link,
    place: setting.place,
    records: storedRows(link, freshMs === undefined ? {} : { freshMs }),
    document: (name) => documentRow(name, kept, memory, inTurn),
    log: (name, id) => {
      // Lines that wait at the same time are written together, whoever asks.
      const log = logs.get(`${name} ${id}`) ?? logRows(name, id, kept, memory);
      logs.set(`${name} ${id}`, log);
      return log;
    },
    notebook: (whose) => notebookRows(whose, kept),
    contents: () => contentsOf(kept),
    note: (name) => noteFile(name, stateDir, nodeDisk),
    claim: () =>
      saysItIsThere(
        way,
        owner,
        (until) => say(until),
        () => performance.now() - askedAt < idleAfterMs,
      ),
    told: {
      tell: (next) => {
        say = next;
      },
      hear: () => whatConsolesSay(link, owner),
    },
    memory: memory.revisions,
    hints: recoveryCommands(setting.place, stateDir),
    tryOut: () => tryOut(link, owner),
    clockAhead: (now) => clockAhead(way, now),
    networkKind: async () => null,
  };
}

/** A console that was asked for nothing for so long serves nobody, ms. */
const idleAfterMs = 60_000;

/** A row of another name is somebody else's, as a file of another name is. */
async function contentsOf({ link, storeId }: KeptIn): ReturnType<PostgresStore["contents"]> {
  const store = await storeId();
  if (!store.ok) return store;
  const found = await link.query(
    `select distinct kind, case when kind = 'document' then id else '' end as id from cloak_live
      where store = $1 and (kind = 'document' or kind like 'notebook/%')`,
    [store.value ?? ""],
  );
  if (!found.ok) return found;
  const documents = found.value.flatMap(({ kind, id }) =>
    kind === "document" && id != null && isDocumentName(id) ? [id] : [],
  );
  const notebooks = found.value.flatMap(({ kind }) => ownerOfKind(kind ?? "") ?? []);
  return ok({ documents: documents.sort(), notebooks: notebooks.sort() });
}

/** Writes a row and takes it away. */
async function tryOut(link: StoreLink, owner: string): Promise<Result<void>> {
  const id = randomId();
  const written = await link.query(
    "insert into cloak_live (store, kind, id, rev, until, body) values ($1, 'try-out', $2, 1, $3::bigint, '')",
    [owner, id, Date.now()],
  );
  if (!written.ok) return written;
  const removed = await link.query(
    "delete from cloak_live where store = $1 and kind = 'try-out' and id = $2",
    [owner, id],
  );
  return removed.ok ? ok(undefined) : removed;
}

/** One after another of each name. */
function turns(): InTurn {
  const queues = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const turn = (queues.get(name) ?? Promise.resolve()).then(work);
    queues.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
}
