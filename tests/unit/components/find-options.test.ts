import { expect, test } from "vitest";
import { findOptions } from "#components/ui/find-options.ts";

const zones = [
  "UTC",
  "America/New York",
  "America/Sao Paulo",
  "Europe/Paris",
  "Europe/Malta",
  "Indian/Réunion",
];

test.each([
  ["", zones],
  ["  ", zones],
  ["paris", ["Europe/Paris"]],
  ["new_york", ["America/New York"]],
  ["york new", ["America/New York"]],
  ["europe/", ["Europe/Paris", "Europe/Malta"]],
  ["reunion", ["Indian/Réunion"]],
  // What begins with it comes first.
  ["pa", ["America/Sao Paulo", "Europe/Paris"]],
  ["ma", ["Europe/Malta"]],
  ["u", ["UTC", "America/Sao Paulo", "Europe/Paris", "Europe/Malta", "Indian/Réunion"]],
  ["atlantis", []],
])("%j finds %j", (text, found) => {
  const options = zones.map((label) => ({ value: label, label }));
  expect(findOptions(options, text).map(({ label }) => label)).toEqual(found);
});
