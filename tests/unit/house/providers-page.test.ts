import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { factsOf } from "#lib/providers/facts-of.ts";
import { providers } from "#lib/providers/list.ts";
import { findGuide } from "#lib/providers/provider-guides.ts";
import { sources } from "#lib/providers/sources.ts";
import { english } from "#messages/load-messages.ts";

const page = readFileSync(new URL("../../../docs/providers.md", import.meta.url), "utf8");

test("docs/providers.md says what the packs and the guides say", () => {
  const rows = providers.map((provider) => {
    const guide = findGuide(provider.id);
    const value = (field: string) => guide?.settings.find((setting) => setting.field === field)?.value ?? "";
    const mode = value("mode") as keyof typeof english.form.modes;
    const words = english.form.modes[mode];
    const trust = english.form.trusts[value("trust") as keyof typeof english.form.trusts].title;
    const roots = factsOf(provider).roots.map(({ name }) => name);
    return `| ${[
      `${provider.name} (\`${provider.id}\`)`,
      typeof words === "string" ? words : words.title,
      trust,
      guide?.ports
        .map(({ port }) => port)
        .filter((port, at, all) => all.indexOf(port) === at)
        .join(", "),
      provider.rootsSource === "rds-bundle" ? "RDS's own, shipped" : roots.join(", ") || "given by a person",
    ].join(" | ")} |`;
  });
  // To renew the table: paste what this prints.
  expect(page.split("\n").filter((line) => line.startsWith("| ") && line.includes("`"))).toEqual(rows);
});

test("docs/providers.md lists every source with its day", () => {
  for (const { title, address, read } of Object.values(sources)) {
    expect(page).toContain(`- [${title}](${address}), read on ${read}`);
  }
});
