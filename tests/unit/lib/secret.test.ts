import { inspect } from "node:util";
import { expect, test, vi } from "vitest";
import { Secret } from "#lib/secret.ts";

const canary = "canary-5c1d";

test("prints as [secret] however it is printed", () => {
  const secret = new Secret(canary);
  const printed = [
    String(secret),
    `${secret}`,
    inspect(secret),
    inspect({ deep: [secret] }),
    JSON.stringify({ secret }),
  ];
  expect(printed.join(" ")).not.toContain(canary);
  expect(inspect(secret)).toBe("[secret]");
  expect(Object.keys(secret)).toEqual([]);
});

test("has no toJSON, so that React refuses it instead of shipping a placeholder", () => {
  expect("toJSON" in new Secret(canary)).toBe(false);
});

test("gives its text when asked", () => {
  expect(new Secret(canary).reveal()).toBe(canary);
  expect(new Secret("").isEmpty).toBe(true);
});

test("is known as a secret also when the class was loaded twice", async () => {
  vi.resetModules();
  const { Secret: Again } = await import("#lib/secret.ts");
  expect(Again).not.toBe(Secret);
  expect(Secret.is(new Again(canary))).toBe(true);
  expect([undefined, null, canary, {}, { reveal: () => canary }].some(Secret.is)).toBe(false);
});
