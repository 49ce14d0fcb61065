import { describe, expect, test } from "vitest";
import { typedProgram } from "./typed-program.ts";
import { unreadResults } from "./unread-results.ts";

const frame = `
  import { ok, type Result } from "#lib/problems/result.ts";
  declare function save(): Result<number>;
  declare function send(): Promise<Result<number>>;
  declare function each(work: () => void): void;
  declare function every(work: { readonly done: () => Promise<void> | void }): void;
  declare function ask<T>(work: () => T): T;
  declare const maybe: (() => Promise<Result<void>>) | undefined;
  declare const is: boolean;
`;

/** What is thrown away, one way each. */
const thrownAway: readonly string[] = [
  "save();",
  "send();",
  "void send();",
  "await send();",
  "(await send());",
  "void (await send());",
  "await maybe?.();",
  "await send().catch(() => undefined);",
  "await send().finally(() => {});",
  "if (is) await send();",
  "for (const _ of [1]) await send();",
  "is && save();",
  "is || (await send());",
  "is ? await send() : 0;",
  "save(), 1;",
  "await Promise.all([send(), send()]);",
  "await Promise.all([1].map(() => send()));",
  "ask(() => save());",
  "each(() => save());",
  "each(() => send());",
  "each(save);",
  "every({ done: send });",
  "every({ done: () => send() });",
  "each(async () => { await send(); });",
  "setTimeout(send, 5);",
  "[1].forEach(() => save());",
];

/** What is looked at, or cannot fail. */
const lookedAt: readonly string[] = [
  "const saved = save(); if (!saved.ok) throw new Error();",
  "let last: Result<number>; last = await send(); console.log(last);",
  "console.log(await Promise.all([send(), send()]));",
  "ask(() => save()).ok;",
  "each(() => { const saved = save(); if (!saved.ok) throw new Error(); });",
  "ok(1);",
  "await send().then((sent) => { if (!sent.ok) throw new Error(); });",
  "await fetch('http://127.0.0.1');",
];

const planted = Object.fromEntries(
  [...thrownAway, ...lookedAt].map((code, index) => [`lib/planted-${index}.ts`, `${frame}\n${code}\n`]),
);

const found = unreadResults(typedProgram(planted));
const plantedAt = (code: string) => `lib/planted-${[...thrownAway, ...lookedAt].indexOf(code)}.ts`;

test("nobody throws the outcome away of what may fail", () => {
  expect(found.filter((line) => !line.startsWith("lib/planted-"))).toEqual([]);
});

describe("the search itself", () => {
  test.each(thrownAway)("finds %s", (code) => {
    expect(found.filter((line) => line.startsWith(`${plantedAt(code)}:`))).toHaveLength(1);
  });

  test.each(lookedAt)("lets pass %s", (code) => {
    expect(found.filter((line) => line.startsWith(`${plantedAt(code)}:`))).toEqual([]);
  });
});
