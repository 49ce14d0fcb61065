import "server-only";

/** One statement of the set-up, and the form that a relative of PostgreSQL takes in its place. */
export interface SetUp {
  readonly text: string;
  readonly orElse?: string;
}

/**
 * The tables of a store, statement by statement; each can be run again, and none needs the others in its transaction. Plain
 * SQL for PostgreSQL from 13 on and its relatives: text and bigint, no sequence, trigger, foreign key or extension.
 * `store` leads every key, so that several vaults can share one database.
 *
 * - `cloak_head`: what a whole vault is at one revision, one row a vault
 * - `cloak_record`: the sealed records; a removed one stays for a while with an empty `body`
 * - `cloak_log`: audit lines; the console's role adds to it and cannot change it
 * - `cloak_live`: what comes and goes, until the time `until`; what stays has 0
 */
export function tableStatements(schema: string): readonly SetUp[] {
  const name = (table: string) => `"${schema}".${table}`;
  const index = `index if not exists cloak_record_at on ${name("cloak_record")} (store, at)`;
  return [
    ...(schema === "public" ? [] : [{ text: `create schema if not exists "${schema}"` }]),
    {
      text: `create table if not exists ${name("cloak_head")} (
  store text primary key, rev bigint not null, body text not null)`,
    },
    {
      text: `create table if not exists ${name("cloak_record")} (
  store text not null, kind text not null, id text not null, rev bigint not null,
  at bigint not null, body text not null, primary key (store, kind, id))`,
    },
    {
      text: `create ${index}`,
      // Aurora DSQL makes an index behind the scenes, and only so.
      orElse: `create ${index.replace("index", "index async")}`,
    },
    {
      text: `create table if not exists ${name("cloak_log")} (
  store text not null, seq bigint not null, body text not null, primary key (store, seq))`,
    },
    {
      text: `create table if not exists ${name("cloak_live")} (
  store text not null, kind text not null, id text not null, rev bigint not null,
  until bigint not null, body text not null, primary key (store, kind, id))`,
    },
  ];
}

/** What the console's role needs, and no more. */
export function grantStatements(schema: string, role: string): readonly string[] {
  const to = `to "${role.replaceAll('"', '""')}"`;
  const tables = ["cloak_head", "cloak_record", "cloak_live"].map((table) => `"${schema}".${table}`);
  return [
    `grant usage on schema "${schema}" ${to}`,
    ...tables.map((table) => `grant select, insert, update, delete on ${table} ${to}`),
    `grant select, insert on "${schema}".cloak_log ${to}`,
  ];
}
