import { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import type { ChainedLog } from "#lib/vault/chained-log.ts";
import { collection } from "#lib/vault/collection.ts";
import type { NamedDocument } from "#lib/vault/named-document.ts";
import type { SealedNotebook } from "#lib/vault/sealed-notebook.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { value } from "./expected.ts";
import type { Place, Use } from "./stores.ts";

/** One change of what is kept. How often it has happened can be counted afterwards. */
export interface Act {
  readonly use?: Use;
  /** What is there before: counts as 0. */
  prepare(place: Place): Promise<void>;
  /** All that can be done beforehand; what it gives is the act itself. */
  begin(place: Place): Promise<() => Promise<Result<unknown>>>;
  /** How often it has happened; a text for what must never be seen. */
  found(place: Place): Promise<number | string>;
  /** It happens once: a second act changes nothing. */
  readonly once?: true;
  /** Whoever looks makes it happen. */
  readonly byLooking?: true;
}

/** The acts, by the name that they have in the counts. */
export const acts: Readonly<Record<string, Act>> = {
  "first start": {
    prepare: async () => undefined,
    begin: async (place) => () => place.open(),
    // A look makes it, where it was not made.
    found: (place) => withVault(place, async (vault) => ((await countersOf(vault).list()).ok ? 1 : "half")),
    once: true,
    byLooking: true,
  },
  commit: commit(undefined),
  "commit, no hard links": commit({ noLinks: true }),
  "log line": logLine(undefined),
  "log line, new part": logLine({ partBytes: 120 }),
  "sealed document": document(sessionsOf, async (kept) => {
    const next = countIn(await kept.read());
    return typeof next === "number" ? kept.write(nextCounts(next + 1)) : ok(undefined);
  }),
  "sealed document, changed": document(
    (vault) => vault.document("moves"),
    (kept) => kept.change((before) => nextCounts(countsSchema.parse(before).count + 1)),
  ),
  "notebook, line added": {
    prepare: (place) => withEntries(place, 2),
    begin: async (place) => {
      const notebook = notebookOf(value(await place.open()));
      return async () => {
        const next = ((await entriesOf(notebook)).at(-1) ?? 0) + 1;
        return notebook.append(`e${next}`, next);
      };
    },
    found: async (place) => {
      const entries = await entriesOf(notebookOf(value(await place.open())));
      return entries.every((entry, index) => entry === index + 1) ? entries.length - 2 : entries.join();
    },
  },
  "notebook, gathered": {
    prepare: (place) => withEntries(place, 5),
    begin: async (place) => {
      const notebook = notebookOf(value(await place.open()));
      return async () => notebook.gather(new Set([`e${(await entriesOf(notebook))[0]}`]));
    },
    found: async (place) => {
      const entries = await entriesOf(notebookOf(value(await place.open())));
      const gone = 5 - entries.length;
      return entries.every((entry, index) => entry === gone + index + 1) ? gone : entries.join();
    },
  },
  "note, written": {
    prepare: async (place) => {
      value(await place.open());
      await place.store().note("setup-token").write("0\n");
    },
    begin: async (place) => async () => {
      const note = place.store().note("setup-token");
      return ok(await note.write(`${Number((await note.read())?.text) + 1}\n`));
    },
    found: async (place) => {
      const text = (await place.store().note("setup-token").read())?.text ?? "gone";
      return /^\d+\n$/.test(text) ? Number(text) : `note ${text}`;
    },
  },
  "note, taken": {
    prepare: async (place) => {
      value(await place.open());
      await place.store().note("sign-in-link.json").write("{}");
    },
    begin: async (place) => async () => ok(await place.store().note("sign-in-link.json").take()),
    found: async (place) => {
      const note = await place.store().note("sign-in-link.json").read();
      return note === undefined ? 1 : note.text === "{}" ? 0 : `note ${note.text}`;
    },
    once: true,
  },
  claim: {
    prepare: async (place) => {
      value(await place.open());
    },
    begin: async (place) => async () => {
      const claim = await place.store().claim();
      if (claim.ok) claim.value.release();
      return claim;
    },
    // A dead console keeps nobody out.
    found: async (place) => {
      const claim = await place.store().claim();
      if (!claim.ok) return claim.problem.code;
      claim.value.release();
      return 1;
    },
    once: true,
    byLooking: true,
  },
};

function commit(use: Use | undefined): Act {
  return {
    ...(use === undefined ? {} : { use }),
    prepare: async (place) => {
      value(await place.open());
    },
    begin: async (place) => {
      const vault = value(await place.open());
      return () => countUp(vault);
    },
    found: (place) => withVault(place, counted),
  };
}

/** One more in the record of a writer, and in one that all share, in one commit. */
export async function countUp(vault: Vault, writer = "writer"): Promise<Result<number>> {
  const counters = countersOf(vault);
  return vault.commit(async (snapshot) => {
    let count = 0;
    const next = (before: z.infer<typeof countSchema> | undefined) => (before?.count ?? 0) + 1;
    const mine = counters.putting(writer, (before) => {
      count = next(before);
      return { count };
    });
    const one = mine(snapshot, snapshot.document.records);
    if (!one.ok) return one;
    const both = counters.putting("all", (before) => ({ count: next(before) }))(snapshot, one.value);
    return both.ok ? ok({ records: both.value, value: count }) : both;
  });
}

/** What all writers together have counted to; a text where that is not the sum of each. */
export async function counted(vault: Vault): Promise<number | string> {
  const found = await countsOf(vault);
  return typeof found === "string" ? found : (found.get("all") ?? 0);
}

/** What each writer has counted to, and `all`; a text where they do not fit together. */
export async function countsOf(vault: Vault): Promise<ReadonlyMap<string, number> | string> {
  const found = await countersOf(vault).list();
  if (!found.ok) return found.problem.code;
  const damaged = await countersOf(vault).damaged();
  if (!damaged.ok || damaged.value.length > 0) return "a record is damaged";
  const counts = new Map(found.value.map(({ id, meta }) => [id, meta.count]));
  let sum = 0;
  for (const [id, count] of counts) if (id !== "all") sum += count;
  return sum === (counts.get("all") ?? 0) ? counts : `half: ${sum} and ${counts.get("all")}`;
}

const countSchema = z.strictObject({ count: z.int() });

function countersOf(vault: Vault) {
  return collection(vault, "counter", countSchema);
}

async function withVault(
  place: Place,
  look: (vault: Vault) => Promise<number | string>,
): Promise<number | string> {
  const vault = await place.open();
  return vault.ok ? look(vault.value) : `${vault.problem.code} ${JSON.stringify(vault.problem.facts)}`;
}

/** Lines that say their own number. */
export const lineSchema = z.strictObject({ text: z.string() });

export function logOf(vault: Vault): ChainedLog<z.infer<typeof lineSchema>> {
  return vault.chainedLog("audit", lineSchema);
}

function logLine(use: Use | undefined): Act {
  const next = async (log: ChainedLog<z.infer<typeof lineSchema>>) =>
    String((value(await log.newest(1)).entries[0]?.seq ?? 0) + 1);
  return {
    ...(use === undefined ? {} : { use }),
    prepare: async (place) => {
      const vault = value(await place.open());
      for (const text of ["1", "2"]) value(await logOf(vault).append({ text }));
      // A line is answered before its lock is given back; a commit is not, and has waited for it.
      value(await countUp(vault));
    },
    begin: async (place) => {
      const log = logOf(value(await place.open()));
      return async () => log.append({ text: await next(log) });
    },
    found: (place) => withVault(place, async (vault) => less(await linesIn(vault), 2)),
  };
}

/** How many lines the log has; a text where it is not as it was written, or a line does not say its own number. */
export async function linesIn(vault: Vault): Promise<number | string> {
  const chain = await logOf(vault).check();
  if (!chain.ok) return chain.problem.code;
  if (chain.value.state !== "whole") return JSON.stringify(chain.value);
  return chain.value.entries;
}

const less = (found: number | string, by: number) => (typeof found === "number" ? found - by : found);

const countsSchema = z.strictObject({ count: z.int(), also: z.int(), ballast: z.string() });
/** A document that has counted to a number. Half of it would be seen by the numbers, or not open at all. */
export function nextCounts(count: number): z.infer<typeof countsSchema> {
  return { count, also: count, ballast: "-".repeat(500) };
}

function document(
  of: (vault: Vault) => NamedDocument,
  change: (kept: NamedDocument) => Promise<Result<unknown>>,
): Act {
  return {
    prepare: async (place) => {
      value(await of(value(await place.open())).write(nextCounts(0)));
    },
    begin: async (place) => {
      const kept = of(value(await place.open()));
      return () => change(kept);
    },
    found: (place) => withVault(place, async (vault) => countIn(await of(vault).read())),
  };
}

/** The list of sessions: one that is guarded. */
export function sessionsOf(vault: Vault): NamedDocument {
  return vault.document("sessions", { guarded: true });
}

function countIn(read: Result<unknown>): number | string {
  return readCount(read) ?? "gone";
}

/** What a document has counted to; undefined where there is none, a text for what must never be seen. */
export function readCount(read: Result<unknown>): number | string | undefined {
  if (!read.ok) return read.problem.code;
  if (read.value === undefined) return undefined;
  const found = countsSchema.safeParse(read.value);
  if (!found.success) return "no counts";
  const { count, also } = found.data;
  return count === also ? count : `half: ${count} and ${also}`;
}

function notebookOf(vault: Vault): SealedNotebook {
  return vault.notebook("person");
}

async function withEntries(place: Place, entries: number): Promise<void> {
  const notebook = notebookOf(value(await place.open()));
  for (let entry = 1; entry <= entries; entry += 1) value(await notebook.append(`e${entry}`, entry));
}

async function entriesOf(notebook: SealedNotebook): Promise<readonly number[]> {
  const entries: number[] = [];
  const { broken } = value(await notebook.each(({ value: entry }) => entries.push(Number(entry))));
  return broken === 0 ? entries : [...entries, -broken];
}

/** What must be found after one more of an act. */
export function afterwards(act: Act, found: number): number {
  return act.once ? 1 : found + 1;
}
