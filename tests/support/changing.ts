import type { RowsAsk } from "#lib/browse/ask.ts";
import type { TablePage } from "#lib/browse/shapes.ts";
import { changeSet } from "#lib/change/change-set.ts";
import { changeTarget } from "#lib/change/change-target.ts";
import { runChanges } from "#lib/change/run-changes.ts";
import type { CellChange, ChangeAnswer, ChangeSet, Editable, RowChange } from "#lib/change/shapes.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { Browsing } from "./browsing.ts";
import { cancelPlainly, openPlainly } from "./open-plainly.ts";
import { sampleProfile } from "./sample-profile.ts";

/** A page of a relation, and what may become of its rows. */
export interface OpenPage {
  readonly schema: string;
  readonly table: string;
  readonly page: TablePage;
  readonly editable: Editable;
}

/** A server whose tables are changed as the routes do it, without the routes. */
export class Changing {
  readonly browsing: Browsing;
  readonly #clients = new LiveClients(openPlainly);
  readonly #profile: ConnectionProfile;
  /** Where COMMIT is asked for again; the same server unless another way there is given. */
  readonly #reopened: ConnectionProfile;

  constructor(given: Parameters<typeof sampleProfile>[0], reopened = given) {
    this.browsing = new Browsing(reopened);
    this.#profile = sampleProfile(given);
    // Sessions by one way are never used for the other.
    this.#reopened = sampleProfile({ ...reopened, id: "profile-2" });
  }

  /** Pages and whether their rows can be changed; of a view the columns that are to find its rows. */
  async open(
    table: string,
    more: Partial<RowsAsk> & { readonly named?: readonly string[]; readonly known?: Editable } = {},
  ): Promise<OpenPage & { readonly key: readonly string[] | null }> {
    const { named, known, ...ask } = more;
    const schema = ask.schema ?? "public";
    const page = await this.browsing.page({ size: 1000, ...ask, schema, table });
    const editable = known ?? (await this.editable(table, schema));
    const key = named ?? editable.key;
    if (named === undefined) return { schema, table, page, editable, key };
    const places = named.map((name) => page.columns.findIndex((column) => column.name === name));
    const identities = page.identities.map((identity, row) => ({
      ...identity,
      key: places.map((place) => page.rows[row]?.[place] ?? null),
    }));
    return { schema, table, page: { ...page, identities }, editable, key };
  }

  async editable(table: string, schema = "public"): Promise<Editable> {
    const session = await this.#session(this.#reopened);
    const target = await changeTarget(session.connection, { schema, table });
    session.release();
    if (!target.ok || target.value === null) throw new Error(JSON.stringify(target));
    return target.value.editable;
  }

  async run(
    mode: "try" | "apply",
    { schema, table, key }: { schema: string; table: string; key: readonly string[] | null },
    changes: readonly RowChange[],
    more: Partial<ChangeSet> & { readonly signal?: AbortSignal } = {},
  ): Promise<Result<ChangeAnswer>> {
    const { signal = new AbortController().signal, ...given } = more;
    const id = "AAAAAAAAAAAAAAAAAAAAAA";
    const set = changeSet.parse({ schema, table, key, rev: 0, id, changes, ...given });
    const session = await this.#session(this.#profile);
    let target: Awaited<ReturnType<typeof changeTarget>>;
    try {
      target = await changeTarget(session.connection, set);
    } catch {
      session.discard();
      return { ok: true, value: { outcome: "lost", foundOut: false } };
    }
    if (!target.ok || target.value === null) throw new Error(JSON.stringify(target));
    return runChanges(session, target.value, set, mode, {
      signal,
      cancel: () => cancelPlainly(this.#profile.port, session.connection.backend),
      reopen: () => this.#session(this.#reopened).catch(() => undefined),
    });
  }

  async apply(
    page: { schema: string; table: string; key: readonly string[] | null },
    changes: readonly RowChange[],
    more: Partial<ChangeSet> = {},
  ): Promise<ChangeAnswer> {
    return answerOf(await this.run("apply", page, changes, more));
  }

  async try(
    page: { schema: string; table: string; key: readonly string[] | null },
    changes: readonly RowChange[],
    more: Partial<ChangeSet> = {},
  ): Promise<ChangeAnswer> {
    return answerOf(await this.run("try", page, changes, more));
  }

  async #session(profile: ConnectionProfile): Promise<PooledSession> {
    const asked = { kind: "change", mode: "read-write" } as const;
    const acquired = await this.#clients.acquire({ userId: "alice", sessionId: "one", profile, ...asked });
    if (!acquired.ok) throw new Error(acquired.problem.problem.code);
    return acquired.value;
  }

  close(): void {
    this.browsing.close();
    this.#clients.close({}, { code: "cancelled", facts: {} } as never);
  }
}

function answerOf(answer: Result<ChangeAnswer, Problem>): ChangeAnswer {
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
  return answer.value;
}

/** Cells by column; `{ default: true }` is DEFAULT. */
function cellsOf(values: Readonly<Record<string, CellChange["value"]>>): readonly CellChange[] {
  return Object.entries(values).map(([column, value]) => ({ column, value }));
}

/** A row of a page as a change gives it back. */
function rowAt({ page }: OpenPage, row: number) {
  const identity = page.identities[row];
  const values = page.rows[row];
  if (identity === undefined || values === undefined) throw new Error(`the page has no row ${row}`);
  const cut = page.cut.filter((one) => one.row === row).map(({ column, length }) => ({ column, length }));
  return { row: identity, seen: { values, cut } };
}

export function updateAt(
  page: OpenPage,
  row: number,
  values: Readonly<Record<string, CellChange["value"]>>,
): RowChange {
  return { kind: "update", ...rowAt(page, row), cells: cellsOf(values) };
}

export function deleteAt(page: OpenPage, row: number): RowChange {
  return { kind: "delete", ...rowAt(page, row) };
}

export function insertOf(values: Readonly<Record<string, CellChange["value"]>>): RowChange {
  return { kind: "insert", cells: cellsOf(values) };
}
