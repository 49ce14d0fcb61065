import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readTarget } from "#lib/cli/target.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed } from "#lib/problems/result.ts";
import { loadMessages, locales } from "#messages/load-messages.ts";

const readme = readFileSync(new URL("../../../../README.md", import.meta.url), "utf8");
const example = /cloak-db check '([^']+)'/.exec(readme)?.[1] ?? "";

test("README's first example needs no file of the reader's machine", async () => {
  const { candidates } = await readTarget(example, 1, { find: async () => failed(problem("not-found")) });
  expect(candidates.ok && candidates.value.map(({ profile }) => profile)).toMatchObject([
    { host: "db.example.com", user: "app", database: "shop", tls: { mode: "verify-full" } },
  ]);
});

test.each(locales)("the help in %s shows the same", async (locale) => {
  expect((await loadMessages(locale)).cli.help.check).toContain(example);
});
