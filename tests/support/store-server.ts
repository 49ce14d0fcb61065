import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PostgresSetting } from "#lib/env.ts";
import { readEnvironment } from "#lib/env.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, type ServerCertificate, startPostgres } from "#lib/samples/postgres-server.ts";
import { grantStatements, tableStatements } from "#lib/stores/postgres/tables.ts";

/** A PostgreSQL with TLS that can keep vaults, each in a schema of its own. */
export interface StoreServer {
  readonly server: SampleServer;
  /** What it shows: a pooler before it can show the same. */
  readonly certificate: ServerCertificate;
  /** Files that the environment names. */
  readonly rootFile: string;
  readonly passwordFile: string;
  /** A fresh schema with the tables; with `bare` an empty one, and none of the rights. */
  schema(bare?: "bare"): Promise<string>;
  /** The console's variables for a store in that schema. */
  variables(
    schema: string,
    more?: { readonly port?: number; readonly user?: string },
  ): Record<string, string>;
  /** The same, as the console reads them. */
  setting(schema: string, more?: { readonly port?: number; readonly user?: string }): PostgresSetting;
  stop(): Promise<void>;
}

/** Starts it: the console's role is `app`, its password `secret`; `owner` may make tables. */
export async function startStoreServer(
  settings: Readonly<Record<string, string | number>> = {},
): Promise<StoreServer> {
  const folder = mkdtempSync(join(tmpdir(), "cloak-store-"));
  const ca = await makeCertificate({ commonNames: ["Store CA"], ca: true });
  const certificate = await makeCertificate({ commonNames: ["localhost"], dns: ["localhost"], issuer: ca });
  const [rootFile, passwordFile] = [join(folder, "ca.pem"), join(folder, "password")];
  writeFileSync(rootFile, ca.pem, { mode: 0o600 });
  writeFileSync(passwordFile, "secret\n", { mode: 0o600 });
  const users = ["app", "owner"].map((name) => ({ name, password: "secret" }));
  const server = await startPostgres({ certificate, users, databases: ["vault"], settings });
  await server.admin("grant create on database vault to owner", undefined, "vault");
  let made = 0;

  const variables: StoreServer["variables"] = (schema, { port = server.port, user = "app" } = {}) => ({
    CLOAK_DB_STORE: `postgres://${user}@localhost:${port}/vault?sslmode=verify-full&sslrootcert=${encodeURIComponent(rootFile)}&schema=${schema}`,
    CLOAK_DB_STORE_PASSWORD_FILE: passwordFile,
  });

  return {
    server,
    certificate,
    rootFile,
    passwordFile,
    schema: async (bare) => {
      made += 1;
      const schema = `vault_${made}`;
      if (bare === "bare") return schema;
      const statements = [
        ...tableStatements(schema).map(({ text }) => text),
        ...grantStatements(schema, "app"),
      ];
      await server.admin(statements.join(";\n"), undefined, "vault");
      return schema;
    },
    variables,
    setting: (schema, more) => {
      const read = readEnvironment({
        HOME: folder,
        ...variables(schema, more),
      } as unknown as NodeJS.ProcessEnv);
      if (!read.ok || read.value.store.kind !== "postgres") throw new Error(JSON.stringify(read));
      return read.value.store;
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
