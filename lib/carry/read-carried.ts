import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import { deeperThan } from "#lib/yaml/read-json.ts";
import { type AgeKeys, isAge, openAge } from "./age-file.ts";
import type { CarriedRead, CarrySource } from "./carried-entry.ts";
import { isConnectionsFile, readConnectionsFile } from "./connections-file.ts";
import { isVersion1, readVersion1 } from "./version-1-file.ts";
import { readWritten } from "./written-connections.ts";

/** A file as it was brought, and what is needed to read it. */
export interface CarriedFile {
  readonly bytes: Uint8Array;
  readonly keys: AgeKeys;
  /** The provider roots that people gave. */
  readonly roots: GivenRoots;
  /** The user of entries that name none. */
  readonly user?: string | undefined;
  /** DBeaver's `credentials-config.json`, where it lies beside its list. */
  readonly credentials?: Uint8Array | undefined;
}

/** What a file holds. */
export interface CarriedContent {
  readonly source: CarrySource;
  /** Whether it was sealed: only then secrets were kept from whoever saw it. */
  readonly sealed: boolean;
  readonly entries: readonly CarriedRead[];
}

/** The largest file taken, and the most connections of one. */
export const mostBytes = 16 * 1024 * 1024;
export const mostCarried = 5000;

/**
 * Reads a file of connections, whoever wrote it: it is recognised from its content alone. No path in it is followed.
 * @returns `import-unreadable`, `import-locked`, or a problem of `readConnections` that names a string
 */
export async function readCarried(file: CarriedFile): Promise<Result<CarriedContent>> {
  if (file.bytes.length > mostBytes) return unreadable("too-large", "16 MiB");
  const sealed = isAge(file.bytes);
  const opened = sealed ? await openAge(file.bytes, file.keys) : ok(Buffer.from(file.bytes));
  if (!opened.ok) return opened;
  if (opened.value.length > mostBytes) return unreadable("too-large", "16 MiB");
  const text = opened.value.toString("utf8").replace(/^\uFEFF/, "");
  const read = readText(text, file);
  return read.ok ? ok({ ...read.value, sealed }) : read;
}

function readText(text: string, file: CarriedFile): Result<Omit<CarriedContent, "sealed">> {
  const json = /^\s*[[{]/.test(text) ? jsonOf(text) : undefined;
  if (json === tooDeep) return unreadable("too-deep");
  const [source, read] = isConnectionsFile(json)
    ? (["cloak-connections", readConnectionsFile(json, mostCarried)] as const)
    : isVersion1(json)
      ? (["cloak-db-0.3", readVersion1(json, mostCarried)] as const)
      : ([undefined, undefined] as const);
  if (read === undefined) return readWritten(text, file);
  return read.ok ? ok({ source, entries: read.value.map((one) => withUser(one, file.user)) }) : read;
}

/** Undefined for what is no JSON: it may still be something else. */
function jsonOf(text: string): unknown {
  if (deeperThan(text, deepest)) return tooDeep;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const deepest = 100;
const tooDeep = Symbol("too deep");

/** The one that was given for entries without. */
function withUser(read: CarriedRead, user: string | undefined): CarriedRead {
  if (!read.ok || user === undefined || read.value.values.user !== "") return read;
  return { ok: true, value: { ...read.value, values: { ...read.value.values, user } } };
}

function unreadable(reason: string, most?: string) {
  return failed(problem("import-unreadable", most === undefined ? { reason } : { reason, most }));
}
