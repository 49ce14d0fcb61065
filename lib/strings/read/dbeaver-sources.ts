import type { StringNote } from "#lib/strings/libpq/libpq-parameters.ts";
import { at, type Tree, textsOf } from "#lib/yaml/tree.ts";
import type { Found } from "./settings-map.ts";
import { readJdbcProperties, readUrl } from "./url-forms.ts";

/** Whether a JSON file is DBeaver's list of data sources. */
export function isDBeaver(tree: Tree): boolean {
  const connections = at(tree, "connections");
  return (
    connections instanceof Map &&
    [...connections.values()].some((one) => at(one, "configuration") instanceof Map)
  );
}

/**
 * Reads DBeaver's `data-sources.json`. Those of other databases are left out; passwords lie sealed in another file.
 */
export function readDBeaver(tree: Tree): readonly Found[] {
  const connections = at(tree, "connections");
  if (!(connections instanceof Map)) return [];
  return [...connections.values()].slice(0, 400).flatMap((source): readonly Found[] => {
    const provider = at(source, "provider");
    const configuration = at(source, "configuration");
    const own = textsOf(configuration);
    if (provider !== "postgresql" && !/^jdbc:postgresql/i.test(own.get("url") ?? "")) return [];
    const name = textsOf(source).get("name") ?? own.get("host") ?? "";
    const properties = propertiesOf(configuration);
    if (!own.has("host")) {
      const read = readUrl(own.get("url") ?? "");
      return [{ name, read: read.ok ? { ok: true, value: { ...read.value, form: "dbeaver", name } } : read }];
    }
    const settings = readJdbcProperties(new Map([...fieldsOf(own), ...properties]));
    const tunnel = at(configuration, "handlers", "ssh_tunnel");
    const tunnelled = textsOf(tunnel).get("enabled") === "true";
    const notes: readonly StringNote[] = [
      ...(settings.notes ?? []),
      ...(tunnelled ? [{ id: "ssh-tunnel" as const }] : []),
    ];
    return [{ name, read: { ok: true, value: { form: "dbeaver", name, ...settings, notes } } }];
  });
}

function fieldsOf(own: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [from, to] of [
    ["host", "host"],
    ["port", "port"],
    ["database", "dbname"],
    ["user", "user"],
    ["password", "password"],
  ] as const) {
    const value = own.get(from);
    if (value !== undefined && value !== "") found.set(to, value);
  }
  return found;
}

/** The driver's properties, and those of the SSL handler while it is switched on. */
function propertiesOf(configuration: Tree | undefined): ReadonlyMap<string, string> {
  const found = new Map(textsOf(at(configuration, "properties")));
  const handler = at(configuration, "handlers", "postgre_ssl");
  if (textsOf(handler).get("enabled") !== "true") return found;
  for (const [name, value] of textsOf(at(handler, "properties"))) {
    const property = sslNames[name.toLowerCase()];
    if (property !== undefined && value !== "") found.set(property, value);
  }
  // The handler alone asks for TLS.
  if (!found.has("sslmode")) found.set("ssl", "true");
  return found;
}

const sslNames: Readonly<Record<string, string>> = {
  "ssl.ca.cert": "sslrootcert",
  "ssl.client.cert": "sslcert",
  "ssl.client.key": "sslkey",
  sslrootcert: "sslrootcert",
  sslcert: "sslcert",
  sslkey: "sslkey",
  sslmode: "sslmode",
  sslfactory: "sslfactory",
};
