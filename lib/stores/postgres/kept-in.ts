import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { StoreLink } from "./query.ts";

/** Where the parts of one vault lie. */
export interface KeptIn {
  readonly link: StoreLink;
  /** The database, as people on the host would say it. */
  readonly place: string;
  /** The vault that is kept there, by which its rows are known; undefined before there is one. */
  storeId(): Promise<Result<string | undefined>>;
}

/** The vault's id for whoever writes something beside it. @returns `store-not-ready` where there is no vault yet */
export async function ownerOf(kept: KeptIn): Promise<Result<string>> {
  const found = await kept.storeId();
  if (!found.ok) return found;
  if (found.value !== undefined) return ok(found.value);
  return failed(problem("store-not-ready", { place: kept.place, reason: "no-vault" }));
}
