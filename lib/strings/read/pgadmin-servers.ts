import { ok } from "#lib/problems/result.ts";
import type { StringNote } from "#lib/strings/libpq/libpq-parameters.ts";
import { at, type Tree, textsOf } from "#lib/yaml/tree.ts";
import type { Found } from "./settings-map.ts";

/** Whether a JSON file is pgAdmin's export of servers. */
export function isPgAdmin(tree: Tree): boolean {
  return at(tree, "Servers") instanceof Map;
}

/** Reads pgAdmin's `servers.json` (its manual, "Import/Export Servers"). It never holds passwords. */
export function readPgAdmin(tree: Tree): readonly Found[] {
  const servers = at(tree, "Servers");
  if (!(servers instanceof Map)) return [];
  return [...servers.values()].slice(0, 200).flatMap((server) => {
    const own = textsOf(server);
    const parameters = new Map<string, string>();
    for (const [name, value] of own) {
      const parameter = names[name.toLowerCase()];
      if (parameter !== undefined && value !== "") parameters.set(parameter, value);
    }
    // Newer versions keep libpq's own names together; pgAdmin's defaults of its storage are no one's choice.
    for (const [name, value] of textsOf(at(server, "ConnectionParameters"))) {
      if (value !== "") parameters.set(name, value);
    }
    for (const [name, value] of parameters) {
      if (/^<STORAGE_DIR>\/\.postgresql\/postgresql\.(?:crt|key)$/.test(value)) parameters.delete(name);
    }
    if (parameters.size === 0) return [];
    const tunnel = ["1", "true"].includes(own.get("UseSSHTunnel") ?? "") || own.has("TunnelHost");
    const notes: readonly StringNote[] = tunnel ? [{ id: "ssh-tunnel" }] : [];
    const name = own.get("Name") ?? parameters.get("host") ?? "";
    return [{ name, read: ok({ form: "pgadmin" as const, name, parameters, notes }) }];
  });
}

const names: Readonly<Record<string, string>> = {
  host: "host",
  hostaddr: "hostaddr",
  port: "port",
  maintenancedb: "dbname",
  username: "user",
  sslmode: "sslmode",
  sslrootcert: "sslrootcert",
  sslcert: "sslcert",
  sslkey: "sslkey",
  sslcrl: "sslcrl",
  passfile: "passfile",
  service: "service",
  timeout: "connect_timeout",
};
