import { expect, test } from "vitest";
import { giveBackMemory } from "#app/_server/give-back-memory.ts";

test("what nobody refers to any more is collected", async () => {
  const lost = new WeakRef(makeLarge());
  // A turn later: until then whoever made the reference may still look.
  await new Promise((resolve) => setImmediate(resolve));
  expect(lost.deref()).toBeDefined();
  await new Promise((resolve) => setImmediate(resolve));
  await giveBackMemory();
  expect(lost.deref()).toBeUndefined();
});

function makeLarge(): { readonly numbers: readonly number[] } {
  return { numbers: Array.from({ length: 100_000 }, (_, index) => index) };
}
