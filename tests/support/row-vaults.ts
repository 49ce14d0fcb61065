import { readFileSync, writeFileSync } from "node:fs";
import type pg from "pg";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import type { StoreLink } from "#lib/stores/postgres/query.ts";
import { type RowsOptions, storedRows } from "#lib/stores/postgres/rows.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import type { RowStore } from "#lib/vault/store.ts";
import type { Vault } from "#lib/vault/vault.ts";
import type { VaultKey } from "#lib/vault/vault-key.ts";
import { plainLink } from "./plain-link.ts";
import { type ScratchVault, scratchVault, value } from "./scratch-vault.ts";

/** A PostgreSQL for vaults in rows, and the ways to it that tests opened. */
export interface RowServer {
  readonly server: SampleServer;
  /** A fresh schema with the tables, for one vault. */
  place(options?: RowsOptions): Promise<RowPlace>;
  stop(): Promise<void>;
}

/** Where one vault is kept. Each handle is as another console on the same host: it has a link of its own. */
export interface RowPlace {
  readonly setup: ScratchVault;
  readonly schema: string;
  /** How another process comes to the server. */
  readonly config: pg.PoolConfig;
  link(): StoreLink;
  /** One without TLS: for a proxy that knows the messages. */
  openLink(port: number): StoreLink;
  store(link?: StoreLink): RowStore;
  open(): Promise<Vault>;
  key(): Promise<VaultKey>;
  /** Puts another one in its place. */
  replaceKey(key: VaultKey): void;
  /** What a database administrator may do. */
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

export async function startRowServer(): Promise<RowServer> {
  const ca = await makeCertificate({ commonNames: ["Store CA"], ca: true });
  const certificate = await makeCertificate({ commonNames: ["localhost"], dns: ["localhost"], issuer: ca });
  const users = [{ name: "app", password: "secret" }];
  const server = await startPostgres({
    certificate,
    users,
    databases: ["vault"],
    settings: { max_connections: 100 },
  });
  const links: StoreLink[] = [];
  let made = 0;

  return {
    server,
    place: async (options) => {
      made += 1;
      const schema = `vault_${made}`;
      await server.admin(tables(schema), undefined, "vault");
      const setup = scratchVault();
      const app = { user: "app", password: "secret", database: "vault" };
      const config = { ...app, host: "localhost", port: server.port, ssl: { ca: ca.pem } };
      const linkWith = (way: pg.PoolConfig) => {
        const one = plainLink(way, schema);
        links.push(one);
        return one;
      };
      const link = () => linkWith(config);
      const store = (way = link()): RowStore => ({
        ...fileStore(setup),
        records: storedRows(way, { freshMs: 0, ...options }),
      });
      return {
        setup,
        schema,
        config,
        link,
        openLink: (port) => linkWith({ ...app, host: "127.0.0.1", port, ssl: false }),
        store,
        open: async () => value(await openVault(store(), keySource(setup.key))),
        key: async () => {
          const key = value(await keySource(setup.key).load());
          if (key === undefined) throw new Error(`no key in ${readFileSync(setup.keyFile, "utf8")}`);
          return key;
        },
        replaceKey: (key) => writeFileSync(setup.keyFile, key.text.reveal(), { mode: 0o600 }),
        sql: (text, values) => {
          return server.admin(text.replace(/\bcloak_/g, `${schema}.cloak_`), values, "vault");
        },
      };
    },
    stop: async () => {
      await Promise.all(links.map((link) => link.close()));
      await server.stop();
    },
  };
}

function tables(schema: string): string {
  return `create schema ${schema};
    create table ${schema}.cloak_head (store text primary key, rev bigint not null, body text not null);
    create table ${schema}.cloak_record (store text not null, kind text not null, id text not null, rev bigint not null,
      at bigint not null, body text not null, primary key (store, kind, id));
    create index cloak_record_at on ${schema}.cloak_record (store, at);
    grant usage on schema ${schema} to app;
    grant select, insert, update, delete on all tables in schema ${schema} to app`;
}
