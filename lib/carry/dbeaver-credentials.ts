import "server-only";
import { createDecipheriv } from "node:crypto";
import { readJson } from "#lib/yaml/read-json.ts";
import { at, textsOf } from "#lib/yaml/tree.ts";

/**
 * Puts users and passwords of DBeaver's `credentials-config.json` into its `data-sources.json`. DBeaver encrypts that
 * file with one key for everybody (`LocalSecretController`, AES-128-CBC, the IV in front), so whoever has the file has
 * the passwords.
 * @returns the list as it was where either of the two is something else
 */
export function withCredentials(list: string, credentials: Uint8Array | undefined): string {
  if (credentials === undefined) return list;
  const opened = readJson(openCredentials(credentials) ?? "");
  const json = objectOf(list);
  const connections = objectOf(json?.connections);
  if (!(opened instanceof Map) || json === undefined || connections === undefined) return list;
  const filled = Object.entries(connections).map(([id, source]) => {
    const own = objectOf(source);
    const configuration = objectOf(own?.configuration);
    const { user, password } = Object.fromEntries(textsOf(at(opened, id, "#connection")));
    if (own === undefined || configuration === undefined) return [id, source] as const;
    const known = { ...(user && { user }), ...(password && { password }) };
    return [id, { ...own, configuration: { ...configuration, ...known } }] as const;
  });
  return JSON.stringify({ ...json, connections: Object.fromEntries(filled) });
}

const key = Buffer.from("babb4a9f774ab853c96c2d653dfe544a", "hex");

function openCredentials(bytes: Uint8Array): string | undefined {
  try {
    const decipher = createDecipheriv("aes-128-cbc", key, bytes.subarray(0, 16));
    return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

/** An object of JSON, or of its text. */
function objectOf(given: unknown): Record<string, unknown> | undefined {
  let value = given;
  if (typeof given === "string") {
    try {
      value = JSON.parse(given);
    } catch {
      return undefined;
    }
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
