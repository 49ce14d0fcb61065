import { type RowsAsk, rowsAsk } from "#lib/browse/ask.ts";
import type { BrowsedTable } from "#lib/browse/browsed-table.ts";
import type { PageFailure } from "#lib/browse/page-failure.ts";
import type { PageMark, TablePage } from "#lib/browse/shapes.ts";
import { tableFacts } from "#lib/browse/table-facts.ts";
import { tablePage } from "#lib/browse/table-page.ts";
import type { Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { cancelPlainly, openPlainly } from "./open-plainly.ts";
import { sampleProfile } from "./sample-profile.ts";

/** A server as the routes of a connection's data read it, without the routes. */
export class Browsing {
  readonly #clients = new LiveClients(openPlainly);
  readonly #profile: ConnectionProfile;

  constructor(given: Parameters<typeof sampleProfile>[0]) {
    this.#profile = sampleProfile(given);
  }

  async session(): Promise<PooledSession> {
    // A page is answered before its session is free again: here each one waits for it.
    while (this.count().inUse > 0) await new Promise((resolve) => setImmediate(resolve));
    const who = { userId: "alice", sessionId: "one", profile: this.#profile };
    const asked = { ...who, kind: "browse", mode: "read-only" } as const;
    const acquired = await this.#clients.acquire(asked);
    if (!acquired.ok) throw new Error(acquired.problem.problem.code);
    return acquired.value;
  }

  /** What stops a statement: nothing, unless a signal is given. */
  control(session: PooledSession, signal = new AbortController().signal) {
    return { signal, cancel: () => cancelPlainly(this.#profile.port, session.connection.backend) };
  }

  async facts(schema: string, table: string): Promise<BrowsedTable> {
    const session = await this.session();
    const facts = await tableFacts(session.connection, schema, table);
    session.release();
    if (!facts.ok || facts.value === null) throw new Error(`no ${schema}.${table}: ${JSON.stringify(facts)}`);
    return facts.value;
  }

  async try(ask: RowsAsk, signal?: AbortSignal): Promise<Result<TablePage, PageFailure>> {
    const table = await this.facts(ask.schema, ask.table);
    const session = await this.session();
    return tablePage(session, table, rowsAsk.parse(ask), this.control(session, signal));
  }

  async page(ask: RowsAsk): Promise<TablePage> {
    const page = await this.try(ask);
    if (!page.ok) throw new Error(JSON.stringify(page.problem));
    return page.value;
  }

  /** Every page from one end to the other. */
  async walk(ask: Omit<RowsAsk, "at">, way: "after" | "before"): Promise<readonly TablePage[]> {
    const pages: TablePage[] = [];
    let at: RowsAsk["at"] = { to: way === "after" ? "first" : "last" };
    for (;;) {
      const page: TablePage = await this.page({ ...ask, at });
      pages.push(page);
      const mark: PageMark | null = page[way];
      if (mark === null) return way === "after" ? pages : pages.reverse();
      if (pages.length > 10_000) throw new Error("pages without end");
      at = { to: way, mark };
    }
  }

  count(): ReturnType<LiveClients["count"]> {
    return this.#clients.count();
  }

  close(): void {
    this.#clients.close({}, { code: "cancelled", facts: {} } as never);
  }
}
