import "server-only";
import { createHash, X509Certificate } from "node:crypto";
import { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { mozillaStore } from "./mozilla-store.ts";
import { mostRoots } from "./read-roots.ts";

/** The roots that a person gave for a provider. */
export interface GivenPack {
  /** Whether they stand beside the shipped ones or in their place. */
  readonly way: "add" | "replace";
  /** PEM, one root each, none twice. */
  readonly pems: readonly string[];
  /** The names of the files they came in; for people, nothing is decided by it. */
  readonly files: readonly string[];
  /** When they were given, ISO 8601 UTC, and by whom. */
  readonly since: string;
  readonly by: string;
}

/** A pack as it is stored: `stamp` is another one when what it trusts is. */
export interface StoredPack extends GivenPack {
  readonly rootsId: string;
  readonly stamp: string;
}

/** The provider roots that people gave, sealed in the vault. Each call may also give what keeps it from being read. */
export interface GivenRootsStore {
  list(): Promise<Result<readonly StoredPack[]>>;
  /**
   * @param rootsId see `rootsIdOf`
   * @returns undefined where nobody gave any; `vault-damaged` where what was given does not open: nobody is to fall
   *   back to other roots without a word
   */
  of(rootsId: string): Promise<Result<StoredPack | undefined>>;
  /** Keeps a pack in place of what was given before; of two at once the later one holds. */
  save(rootsId: string, pack: GivenPack): Promise<Result<StoredPack>>;
  /** Back to the shipped roots. @returns `not-found` */
  remove(rootsId: string): Promise<Result<void>>;
  /** For the form: whose roots there are, and of what kind. */
  kinds(): Promise<Result<GivenRoots>>;
}

/** The kind that given roots have in the vault. */
export const givenRootsKind = "roots";

const packMeta: z.ZodType<GivenPack> = z.strictObject({
  way: z.enum(["add", "replace"]),
  pems: z.array(z.string().min(1).max(16_384)).min(1).max(mostRoots),
  files: z.array(z.string().max(256)).max(20),
  since: z.iso.datetime(),
  by: z.string().max(256),
});

/** The given roots of a vault. A record has its provider's roots id. */
export function givenRootsStore(vault: Vault): GivenRootsStore {
  const records = collection(vault, givenRootsKind, packMeta);
  const packOf = ({ id, meta }: { readonly id: string; readonly meta: GivenPack }) => ({
    ...meta,
    rootsId: id,
    stamp: stampOf(meta),
  });

  async function list(): Promise<Result<readonly StoredPack[]>> {
    const found = await records.list();
    return found.ok ? ok(found.value.map(packOf)) : found;
  }

  return {
    list,
    of: async (rootsId) => {
      const found = await records.find(rootsId);
      return found.ok ? ok(found.value && packOf(found.value)) : found;
    },
    save: async (rootsId, meta) => {
      const all = await records.list();
      if (!all.ok) return all;
      const known = all.value.find(({ id }) => id === rootsId);
      if (known === undefined) {
        // One that does not open is in the way of a new one.
        const damaged = await records.damaged();
        if (!damaged.ok) return damaged;
        if (damaged.value.some(({ id }) => id === rootsId)) {
          const removed = await records.remove(rootsId);
          if (!removed.ok) return removed;
        }
      }
      const saved =
        known === undefined
          ? await records.create({ id: rootsId, meta })
          : await records.update(rootsId, known.rev, { meta });
      return saved.ok ? ok(packOf(saved.value)) : saved;
    },
    remove: async (rootsId) => {
      const removed = await records.remove(rootsId);
      return removed.ok ? ok(undefined) : removed;
    },
    kinds: async () => {
      const all = await list();
      if (!all.ok) return all;
      return ok(Object.fromEntries(all.value.map((pack) => [pack.rootsId, kindOf(pack)])));
    },
  };
}

/** By the content alone: a record that was removed and made again counts its revisions anew. */
function stampOf({ way, pems }: GivenPack): string {
  return createHash("sha256")
    .update(JSON.stringify([way, pems]))
    .digest("base64url");
}

/** Public as soon as one root is: the weakest decides what the whole set proves. */
function kindOf({ pems }: GivenPack): GivenRoots[string] {
  const isPublic = pems.some((pem) => mozillaStore().has(new X509Certificate(pem)));
  return isPublic ? "public" : "private";
}
