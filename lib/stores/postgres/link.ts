import "server-only";
import { connect, type LiveConnection } from "#lib/connect/connect.ts";
import type { PostgresSetting } from "#lib/env.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { Secret } from "#lib/secret.ts";
import { PortalQuery } from "#lib/session/portal-query.ts";
import { cutAfter } from "#lib/session/query.ts";
import { arrayText } from "#lib/session/statement.ts";
import { sessionLifeMs } from "#lib/tokens/session-life.ts";
import type { TrustStores } from "#lib/trust/provider-store.ts";
import type { NetworkPolicy } from "#lib/wire/network-policy.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import { readBounded } from "../file/read-bounded.ts";
import { type Lent, pool } from "./pool.ts";
import type { Query, StoreLink, StoreRow } from "./query.ts";
import { troubleOf } from "./trouble.ts";

/**
 * The way to the database that keeps the vault: opened as every other connection is, with all its checks, when it is first
 * wanted. Its roots are the system's or those of `sslrootcert`, and no others: it is opened before any vault.
 *
 * Nothing is kept in a session, so that poolers may give every statement to another one: a statement goes with its limit of
 * time in one packet, as one implicit transaction, and no statement has a name.
 */
export function storeLink(
  setting: Pick<PostgresSetting, "place" | "schema" | "profile" | "rootFile" | "passwordFile">,
  { trustStore }: { readonly trustStore?: TrustStores | undefined } = {},
): StoreLink {
  const { schema, profile } = setting;
  const connections = pool({
    open: () => open(setting, trustStore),
    most: 4,
    lifeMs: Math.min(longestLife, sessionLifeMs(profile) ?? longestLife),
    idleMs: 5 * 60_000,
    patienceMs: 5_000,
  });
  /** Whether the server takes the limits that go with a statement. Some relatives do not; they are cut off alone. */
  let takesLimits = true;

  /** Relatives that refuse the frame have not done the statement. */
  async function once(lent: Lent, text: string, values: readonly (string | null)[]): Promise<Outcome> {
    const before = takesLimits ? [statementLimit] : [];
    const outcome = await run(lent.connection, text, values, before);
    if (outcome.state !== "frame-refused") return outcome;
    takesLimits = false;
    return run(lent.connection, text, values, []);
  }

  async function withConnection<T>(work: (lent: Lent) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const taken = await fresh();
    if (!taken.ok) return { state: "not-sent", problem: taken.problem };
    const lent = taken.value;
    let outcome: Outcome<T> | undefined;
    try {
      outcome = await work(lent);
      return outcome;
    } finally {
      const isLost = outcome === undefined || outcome.state === "lost";
      const isGood = !isLost && lent.connection.client.getTransactionStatus() === "I";
      lent.giveBack(isGood);
      // What took this one away has likely taken the others, too.
      if (isLost) connections.drop();
    }
  }

  /** One that has rested for a while is asked first, whether it is still there: a write could not be repeated. */
  async function fresh(): Promise<Result<Lent>> {
    for (;;) {
      const taken = await connections.take();
      if (!taken.ok || taken.value.restedMs < trustedRest) return taken;
      const asked = await run(taken.value.connection, "select 1", [], []);
      if (asked.state === "done") return taken;
      taken.value.giveBack(false);
      connections.drop();
    }
  }

  const query: Query = async (text, values = []) => {
    const [qualified, texts] = [withSchema(text, schema), values.map(textOf)];
    const ask = () => withConnection((lent) => once(lent, qualified, texts));
    const first = await ask();
    const again = first.state === "lost" && /^\s*select\b/i.test(text) ? await ask() : first;
    return resultOf(again, setting.place);
  };

  return {
    query,
    transaction: async (work) => {
      const outcome = await withConnection((lent) => transact(lent, work));
      return resultOf(outcome, setting.place);
    },
    close: connections.close,
  };

  async function transact<T>(lent: Lent, work: (query: Query) => Promise<Result<T>>): Promise<Outcome<T>> {
    const { client } = lent.connection;
    const stop = cutAfter(lent.connection.socket, { timeoutMs: transactionMs });
    /** The first thing that went wrong: what follows it in a failed transaction only says that it failed. */
    let broken: Exclude<Outcome<never>, { state: "done" | "frame-refused" }> | undefined;
    const say = async (text: string): Promise<typeof broken> => {
      try {
        await client.query(text);
        return undefined;
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const alive = isServerError(error) && error.severity !== "FATAL";
        const trouble = troubleOf(error, { alive, sent: text === "commit" });
        return { state: alive ? "refused" : "lost", problem: trouble };
      }
    };
    try {
      broken = await say("begin");
      if (broken !== undefined) return notSent(broken);
      if (takesLimits && (await say(transactionLimits)) !== undefined) {
        takesLimits = false;
        broken = (await say("rollback")) ?? (await say("begin"));
        if (broken !== undefined) return notSent(broken);
      }
      const inside: Query = async (text, values = []) => {
        if (broken !== undefined) return failed(broken.problem);
        const outcome = await run(lent.connection, withSchema(text, schema), values.map(textOf), []);
        if (outcome.state === "done") return ok(outcome.value);
        if (outcome.state === "frame-refused") throw new Error("there was no frame");
        broken = notSent(outcome);
        return failed(broken.problem);
      };
      const worked = await work(inside);
      if (broken !== undefined) return broken;
      if (!worked.ok) return { state: "refused", problem: worked.problem };
      broken = await say("commit");
      return broken ?? { state: "done", value: worked.value };
    } finally {
      stop();
      if (client.getTransactionStatus() !== "I" && broken?.state !== "lost") await say("rollback");
    }
  }
}

/** What became of a piece of work on one connection. */
type Outcome<T = readonly StoreRow[]> =
  | { readonly state: "done"; readonly value: T }
  /** Not done; the connection is as good as before. */
  | { readonly state: "refused"; readonly problem: Problem }
  /** Not done, and not even begun. */
  | { readonly state: "not-sent"; readonly problem: Problem }
  /** The connection is gone. Whether it was done says the problem. */
  | { readonly state: "lost"; readonly problem: Problem }
  | { readonly state: "frame-refused" };

/** Without COMMIT nothing of a transaction is done. */
function notSent<O extends { readonly problem: Problem }>(outcome: O): O {
  const { sent: _, ...facts } = outcome.problem.facts;
  return { ...outcome, problem: { ...outcome.problem, facts } };
}

function resultOf<T>(outcome: Outcome<T>, place: string): Result<T> {
  if (outcome.state === "done") return ok(outcome.value);
  if (outcome.state === "frame-refused") throw new Error("there was no frame");
  const { code, facts } = outcome.problem;
  const isOurs = code.startsWith("store-") && code !== "store-conflict";
  return failed(isOurs ? { ...outcome.problem, facts: { place, ...facts } } : outcome.problem);
}

const statementMs = 3_000;
/** A transaction is a handful of statements. */
const transactionMs = 10_000;
const statementLimit = `select pg_catalog.set_config('statement_timeout', '${statementMs}', true)`;
/** A console that hangs in the middle holds up no other one. */
const transactionLimits = `${statementLimit}, pg_catalog.set_config('idle_in_transaction_session_timeout', '${transactionMs}', true)`;
const trustedRest = 30_000;
const longestLife = 30 * 60_000;
/** A vault of 10,000 records weighs 63 MB. */
const largestAnswer = 256 * 1024 * 1024;

function run(
  { client, inbound, socket }: LiveConnection,
  text: string,
  values: readonly (string | null)[],
  before: readonly string[],
): Promise<Outcome> {
  inbound.startResult(largestAnswer);
  const stop = cutAfter(socket, { timeoutMs: statementMs });
  return new Promise<Outcome>((resolve, reject) => {
    let names: readonly string[] = [];
    let sent = false;
    const rows: StoreRow[] = [];
    const limits = {
      firstBatch: 0,
      byteCap: largestAnswer,
      cellCap: largestAnswer,
      onBreach: () => inbound.stop("rows"),
      before,
    };
    const portal = new PortalQuery({ text, values }, limits, (step) => {
      if (step.type === "columns") names = step.fields.map(({ name }) => name);
      else if (step.type === "batch") for (const row of step.rows) rows.push(rowOf(names, row));
      else if (step.type === "overflow") inbound.stop("result");
      else if (step.type === "end") resolve({ state: "done", value: rows });
      else if (step.type === "error") {
        if (step.alive && portal.framing > 0) return resolve({ state: "frame-refused" });
        try {
          const trouble = troubleOf(step.error, { alive: step.alive, sent });
          resolve({ state: step.alive ? "refused" : sent ? "lost" : "not-sent", problem: trouble });
        } catch (error) {
          reject(error);
        }
      }
    });
    const submit = portal.submit.bind(portal);
    portal.submit = (connection) => {
      sent = true;
      submit(connection);
    };
    client.query(portal);
  }).finally(stop);
}

function rowOf(names: readonly string[], cells: readonly (string | null)[]): StoreRow {
  return Object.fromEntries(names.map((name, column) => [name, cells[column] ?? null]));
}

/** Before the names of the tables, so that no search path counts. */
function withSchema(text: string, schema: string): string {
  return text.replace(/(?<!\.)\bcloak_(?:head|record|log|live)\b/g, `"${schema}".$&`);
}

function textOf(value: unknown): string | null {
  if (value === null) return null;
  if (Array.isArray(value)) return arrayText(value.map(textOf));
  if (["string", "number", "bigint", "boolean"].includes(typeof value)) return String(value);
  throw new TypeError("no value of a statement");
}

async function open(
  { place, profile, passwordFile, rootFile }: Parameters<typeof storeLink>[0],
  trustStore: TrustStores | undefined,
): Promise<Result<LiveConnection>> {
  const password = await textOfFile(passwordFile, place, { most: largestPassword, isPrivate: true });
  if (!password.ok) return password;
  const ca = await textOfFile(rootFile, place, { most: largestRoots, isPrivate: false });
  if (!ca.ok) return ca;
  const whole: ProfileDraft = {
    ...profile,
    tls: { ...profile.tls, ...(ca.value === undefined ? {} : { trust: "own", ca: ca.value }) },
    // One line end is the editor's, not the password's.
    secrets:
      password.value === undefined ? {} : { password: new Secret(password.value.replace(/\r?\n$/, "")) },
  };
  // The operator's list of networks is for what people dial.
  const network: NetworkPolicy = { allowLoopback: true, sockets: true };
  const { connection, report } = await connect(whole, { network, trustStore });
  if (connection !== null) return ok(connection);
  const { code, facts } = report.problem ?? problem("unexpected");
  return failed(problem("store-away", { ...facts, place, why: code }, { also: [code] }));
}

/** @returns undefined where no file is named; `vault-unsafe-permissions` where others can read what is secret */
async function textOfFile(
  path: string | undefined,
  place: string,
  { most, isPrivate }: { readonly most: number; readonly isPrivate: boolean },
): Promise<Result<string | undefined>> {
  if (path === undefined) return ok(undefined);
  const found = await readBounded(path, most, { isPrivate });
  if (found.state === "read") return ok(found.bytes.toString("utf8"));
  if (found.state === "unsafe") return failed(found.problem);
  const why = found.state === "large" ? "file-too-large" : "file-unreadable";
  return failed(problem("store-away", { place, why, path }));
}

/** Bytes. */
const largestPassword = 4096;
const largestRoots = 4 * 1024 * 1024;
