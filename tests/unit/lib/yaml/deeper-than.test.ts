import { expect, test } from "vitest";
import { deeperThan } from "#lib/yaml/read-json.ts";

test.each<[string, string, boolean]>([
  ["two deep", '[{"a":1}]', false],
  ["three deep", '[{"a":[]}]', true],
  ["side by side", "[[],[],[]]", false],
  ["brackets in a text", '["[[[{{{"]', false],
  ["behind an escaped quotation mark", '["\\"[[[", 1]', false],
  ["behind an escaped backslash the text is over", '["\\\\",[[]]]', true],
  ["in a text that never ends", '["[[[', false],
])("brackets nest deeper than two: %s", (_, text, deeper) => {
  expect(deeperThan(text, 2)).toBe(deeper);
});
