/**
 * `npm run mutants [-- <area>…]`: changes the code that decides about secrets, trust, names, seals, access, throttling
 * and addresses, one change at a time, and asks whether a unit test notices. What survives is explained in README.md
 * beside this file.
 */
import { Stryker } from "@stryker-mutator/core";
import { register } from "tsx/esm/api";

const unregister = register();
const { areas } = await import("./areas.ts");
await unregister();

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => areas[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`No area ${unknown.join(", ")}. There are: ${Object.keys(areas).join(", ")}\n`);
  process.exit(2);
}
const chosen = asked.length === 0 ? Object.values(areas) : asked.map((name) => areas[name]);
process.env.MUTANT_TESTS = chosen.flatMap(({ tests }) => tests).join("\n");

const results = await new Stryker({
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "tests/mutants/vitest.config.ts", related: false },
  mutate: chosen.flatMap(({ files }) => files),
  coverageAnalysis: "perTest",
  // Builds and reports are of no use to the tests.
  ignorePatterns: [".next*", "coverage", "test-results", "playwright-report"],
  tempDirName: ".mutants/tmp",
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ["clear-text", "html"],
  clearTextReporter: { allowColor: process.stdout.isTTY, logTests: false, reportTests: false },
  htmlReporter: { fileName: ".mutants/report.html" },
  thresholds: { high: 95, low: 90, break: 90 },
  checkers: [],
  allowEmpty: false,
}).runMutationTest();

const survivors = results.filter(({ status }) => status === "Survived" || status === "NoCoverage");
process.stdout.write(`${results.length - survivors.length} passed, ${survivors.length} failed\n`);
