import { expect, test } from "vitest";
import { readConnections } from "#lib/strings/read/read-connections.ts";

/** CPU time, ms: a busy machine makes wall time longer, not this. */
function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test.each<[string, string]>([
  ["empty lines", "\n"],
  ["lines of blanks", "   \n"],
  ["lines of tabs", "\t\n"],
  ["carriage returns", "\r\n"],
  ["blanks alone", " "],
])("the time that %s take does not grow with the square of their number", (_, line) => {
  const ofMany = (count: number) => () => readConnections(`some words\n${line.repeat(count)}and an end`);
  cpuOf(ofMany(1_000));
  const few = cpuOf(ofMany(5_000));
  const many = cpuOf(ofMany(50_000));
  // Ten times as many: ten times the time, or a hundred.
  expect(many).toBeLessThan(40 * Math.max(few, 2));
});
