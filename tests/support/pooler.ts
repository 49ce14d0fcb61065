import type { ServerCertificate } from "#lib/samples/postgres-server.ts";

export interface PoolerOptions {
  /** Where the real PostgreSQL listens, in plain text. */
  readonly upstream: number;
  readonly mode: "transaction" | "statement";
  /** Server sessions for all clients. */
  readonly poolSize: number;
  /** Left out, it speaks plain text. */
  readonly certificate?: ServerCertificate;
}

/** A connection pooler before a server with the user `app`, password `secret`. */
export interface Pooler {
  readonly port: number;
  stop(): Promise<void>;
}
