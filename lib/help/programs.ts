import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";

/** The programs whose words are known, in the order in which they are shown. Names are not translated. */
export const programs = {
  libpq: "psql, pgAdmin, psycopg (libpq)",
  server: "PostgreSQL",
  openssl: "OpenSSL",
  jdbc: "JDBC: DBeaver, CloudBeaver, DataGrip",
  node: "Node.js (pg)",
  prisma: "Prisma",
  python: "Python (asyncpg, ssl)",
  go: "Go (pgx, lib/pq)",
  rust: "Rust (tokio-postgres, SQLx, rustls)",
  dotnet: ".NET (Npgsql)",
  windows: "Windows",
  pgbouncer: "PgBouncer",
  provider: "Hosted PostgreSQL",
  cloud: "AWS and Azure libraries",
} as const;

export type ProgramId = keyof typeof programs;

/** What programs say of one problem, in their own words. `…` stands for what differs: a name, an address, a number. */
export type ProgramPhrases = Readonly<Partial<Record<ProgramId, readonly string[]>>>;

export type PhraseTable = Readonly<Partial<Record<ProblemCode, ProgramPhrases>>>;
