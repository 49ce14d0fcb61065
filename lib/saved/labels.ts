import "server-only";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Alongside, Collection } from "#lib/vault/collection.ts";
import { mostTags, sameLabel } from "./label-limits.ts";
import type { Along } from "./profile-store.ts";

/** Where the connections belong: one record for all, beside them. A group or a tag changes no revision of a connection. */
export const labelsMeta = z.strictObject({
  v: z.literal(1),
  connections: z.record(
    z.string(),
    z.strictObject({ group: z.string().exactOptional(), tags: z.array(z.string()).exactOptional() }),
  ),
});
export type LabelsMeta = z.infer<typeof labelsMeta>;

/** What one connection belongs to. */
export interface Label {
  readonly group?: string;
  readonly tags?: readonly string[];
}

/** What changes of some connections at once; names are parsed (`labelName`). */
export interface LabelChange {
  /** Null takes them out of their group; left out, they stay where they are. */
  readonly group?: string | null;
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
}

/** Groups and tags of all connections. Each may also give what keeps the vault from being read or written. */
export interface Labels {
  /** By connection id; the same map until something changes, and empty where the record does not open. */
  all(): Promise<Result<ReadonlyMap<string, Label>>>;
  /** All or none. @returns `setting-invalid` of `tags` where one of them would have more than `mostTags` */
  change(connectionIds: readonly string[], change: LabelChange): Promise<Result<void>>;
  /** What is written with a copy: it belongs where the other one does. Where the record does not open the copy stands without. */
  alike(connectionId: string): Along;
  /** What is written with connections that bring theirs along. Where the record does not open they stand without. */
  bringing(belongings: (ids: readonly string[]) => ReadonlyMap<string, Label>): Along;
  /** Of connections that are gone for good. */
  forget(connectionIds: readonly string[]): Promise<Result<void>>;
}

/** @param records the vault's collection of labels */
export function labels(records: Collection<LabelsMeta>): Labels {
  let latest: { readonly of: LabelsMeta; readonly all: ReadonlyMap<string, Label> } | undefined;

  async function read(): Promise<Result<LabelsMeta>> {
    const found = await records.find(recordId);
    if (found.ok) return ok(found.value?.meta ?? nothing);
    const { code, facts } = found.problem;
    // They are comfort: without them the list is a plain one.
    return code === "vault-damaged" && facts.reason === "record" ? ok(nothing) : found;
  }

  /** Where the record does not open, what it goes with is written all the same. */
  function besides(added: (before: LabelsMeta) => ReadonlyMap<string, Label>): Alongside {
    const put = records.putting(recordId, (before = nothing) => {
      const all = new Map(Object.entries(before.connections));
      for (const [id, { group, tags }] of added(before)) {
        if (group === undefined && tags === undefined) all.delete(id);
        else
          all.set(id, {
            ...(group !== undefined && { group }),
            ...(tags !== undefined && { tags: [...tags] }),
          });
      }
      return { ...before, connections: Object.fromEntries(all) };
    });
    return (snapshot, others) => {
      const all = put(snapshot, others);
      return all.ok ? all : ok(others);
    };
  }

  return {
    async all() {
      const found = await read();
      if (!found.ok) return found;
      if (latest?.of !== found.value) {
        latest = { of: found.value, all: new Map(Object.entries(found.value.connections)) };
      }
      return ok(latest.all);
    },
    async change(ids, change) {
      const now = await read();
      if (!now.ok) return now;
      const isTooMuch = ({ connections }: LabelsMeta) =>
        ids.some((id) => (connections[id]?.tags?.length ?? 0) > mostTags);
      const tooMany = failed(problem("setting-invalid", { field: "tags", most: mostTags }));
      if (isTooMuch(changed(now.value, ids, change))) return tooMany;
      // Asked once more of what is written over: meanwhile somebody else may have added some.
      let isRefused = false;
      const written = await records.put(recordId, (before = nothing) => {
        const after = changed(before, ids, change);
        isRefused = isTooMuch(after);
        return isRefused ? before : after;
      });
      if (isRefused) return tooMany;
      return written.ok ? ok(undefined) : written;
    },
    alike: (id) => (copies) =>
      besides((before) => {
        const label = before.connections[id];
        return new Map(label === undefined ? [] : copies.map((copy) => [copy, label]));
      }),
    bringing: (belongings) => (ids) => besides(() => belongings(ids)),
    async forget(ids) {
      const now = await read();
      if (!now.ok) return now;
      if (!ids.some((id) => Object.hasOwn(now.value.connections, id))) return ok(undefined);
      const gone = new Set(ids);
      const written = await records.put(recordId, (before = nothing) => ({
        ...before,
        connections: Object.fromEntries(Object.entries(before.connections).filter(([id]) => !gone.has(id))),
      }));
      return written.ok ? ok(undefined) : written;
    },
  };
}

/** What a connection belongs to once this has changed. */
export function labelAfter(
  before: Label | undefined,
  { group, addTags = [], removeTags = [] }: LabelChange,
): Label {
  const newGroup = group === undefined ? before?.group : (group ?? undefined);
  const kept = (before?.tags ?? []).filter((tag) => !removeTags.some((gone) => sameLabel(gone, tag)));
  const tags = [...kept];
  for (const tag of addTags) if (!tags.some((there) => sameLabel(there, tag))) tags.push(tag);
  return { ...(newGroup !== undefined && { group: newGroup }), ...(tags.length > 0 && { tags }) };
}

const recordId = "connections";
const nothing: LabelsMeta = { v: 1, connections: {} };

function changed(before: LabelsMeta, ids: readonly string[], change: LabelChange): LabelsMeta {
  const connections = { ...before.connections };
  for (const id of ids) {
    const { group, tags } = labelAfter(connections[id], change);
    if (group === undefined && tags === undefined) delete connections[id];
    else {
      connections[id] = {
        ...(group !== undefined && { group }),
        ...(tags !== undefined && { tags: [...tags] }),
      };
    }
  }
  return { ...before, connections };
}
