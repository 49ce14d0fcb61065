import { factsOf } from "#lib/providers/facts-of.ts";
import { type Provider, providers } from "#lib/providers/list.ts";
import { providerGuides } from "#lib/providers/pages.ts";
import { type Source, sources } from "#lib/providers/sources.ts";
import { code, list, page, plain, say, table } from "./markdown.ts";

/** What is recommended for each provider in short, where sources differ, and all sources. */
export function providerIndexPage(): string {
  return page(
    "Providers",
    "`lib/providers`, `lib/guides` and `messages/en`",
    "What the console recommends for each provider it knows, in short. Each name leads to the whole guide, with reasons, roots, commands\nfor every system and usual errors; the console has the same guides under Help, Providers.",
    table(["provider", "SSL mode", "trust", "ports", "public roots"], providers.map(row)),
    "## Where two sources differ",
    "The safer reading is taken, and the guide says so: whether RDS and Aurora refuse plain text, which roots Azure's servers chain to,\nwhether Supabase's certificates are publicly trusted (they are not), what AlloyDB demands, whether CockroachDB Cloud needs a download.\nWhat no document of the provider's confirmed is marked on the page.",
    "## Sources",
    "Stored copies of varying age were read; check a statement before you build on it.",
    list(
      Object.values(sources).map(
        ({ title, address, read }: Source) => `[${plain(title)}](${address}), read on ${read}`,
      ),
    ),
  );
}

function row(provider: Provider): string[] {
  const { settings, ports } = providerGuides[provider.id];
  const value = (field: string) => settings.find((setting) => setting.field === field)?.value ?? "";
  const roots = factsOf(provider).roots.map(({ name }) => plain(name));
  return [
    `[${plain(provider.name)}](providers/${provider.id}.md) (${code(provider.id)})`,
    say(`form.modes.${value("mode")}.title`),
    say(`form.trusts.${value("trust")}.title`),
    [...new Set(ports.map(({ port }) => port))].join(", "),
    provider.rootsSource === "rds-bundle" ? "RDS's own, shipped" : roots.join(", ") || "given by a person",
  ];
}
