import { defineConfig } from "vitest/config";

/** One project with the tests of the areas at hand: the runner of the mutants knows no more. */
export default defineConfig({
  resolve: { conditions: ["react-server", "node"] },
  ssr: { resolve: { conditions: ["react-server", "node"] } },
  test: {
    include: (process.env.MUTANT_TESTS ?? "").split("\n"),
    environment: "node",
    testTimeout: 30_000,
  },
});
