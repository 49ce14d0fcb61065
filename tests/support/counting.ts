import { z } from "zod";
import type { Result } from "#lib/problems/result.ts";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";

const counted = z.strictObject({ count: z.int() });

/** Saves that show whether one was lost or doubled: each makes a record of its own, and counts on in another. */
export function countingIn(vault: Vault): (id: string) => Promise<Result<unknown>> {
  const marks = collection(vault, "mark", counted);
  const counters = collection(vault, "counter", counted);
  const countOn = counters.putting("the-one", (before) => ({ count: (before?.count ?? 0) + 1 }));
  return (id) => marks.create({ id, meta: { count: 0 } }, undefined, countOn);
}

/** What is there after all: the marks, and how often it was counted on. */
export async function countedIn(
  vault: Vault,
): Promise<{ readonly marks: readonly string[]; readonly count: number }> {
  const marks = await collection(vault, "mark", counted).list();
  const counter = await collection(vault, "counter", counted).find("the-one");
  if (!marks.ok || !counter.ok) throw new Error("the vault cannot be read");
  return { marks: marks.value.map(({ id }) => id).sort(), count: counter.value?.meta.count ?? 0 };
}
