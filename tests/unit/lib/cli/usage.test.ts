import { describe, expect, test } from "vitest";
import { readArguments } from "#lib/cli/usage.ts";

const options = {
  file: { type: "string" },
  json: { type: "boolean" },
  port: { type: "string", short: "p" },
} as const;

describe("readArguments", () => {
  test("takes options, help and positional arguments in any order", () => {
    expect(readArguments(["a", "--json", "--file", "x", "b", "-h"], options)).toMatchObject({
      ok: true,
      value: { values: { json: true, file: "x", help: true }, positionals: ["a", "b"] },
    });
  });

  test.each([
    [["--jsonn"], "Unknown option: --jsonn"],
    [["-x"], "Unknown option: -x"],
    [["--file"], "The option --file needs a value."],
    [["-p"], "The option --port needs a value."],
    [["--file", "--json"], "The option --file needs a value."],
    [["--json=yes"], "The option --json takes no value."],
  ])("%j: %s", (args, sentence) => {
    expect(readArguments(args, options)).toEqual({ ok: false, problem: sentence });
  });
});
