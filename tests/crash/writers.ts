import { setTimeout as sleep } from "node:timers/promises";
import { ok, type Result } from "#lib/problems/result.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { countsOf, countUp, logOf, nextCounts, readCount, sessionsOf } from "./acts.ts";
import { value } from "./expected.ts";
import type { Place } from "./stores.ts";

/**
 * `console`: what serves people, one at a time. `command`: opens the vault for each save, as the command line does.
 * `lines`: seven lines of the log that wait together. `all`: everything at once.
 */
export type WriterKind = "console" | "command" | "lines" | "all";

/** So that parts of the log are closed all the time. */
export const smallParts = 20_000;

type Say = (line: string) => void;

/** Writes until it is told to stop. Each write that was acknowledged is a line: what it was, and its number. */
export async function work(
  place: Place,
  as: WriterKind,
  id: string,
  say: Say,
  stopped: () => boolean,
): Promise<void> {
  const claim = as === "console" ? await claimed(place, stopped) : undefined;
  const vault = value(await place.open());
  say("ready");
  const saved = async () => say(`commit ${value(await countUp(vault, id))}`);
  const loops: Readonly<Record<WriterKind, readonly (() => Promise<void>)[]>> = {
    console: [saved, () => sessionWritten(vault, say), () => moved(vault, say), notebookWriter(vault, say)],
    command: [
      async () => {
        const anew = value(await place.open());
        say(`commit ${value(await countUp(anew, id))}`);
        await moved(anew, say);
      },
    ],
    lines: Array.from({ length: 7 }, (_, lane) => lineWriter(vault, `${id}-${lane}`, say)),
    all: [
      saved,
      () => sessionWritten(vault, say),
      () => moved(vault, say),
      notebookWriter(vault, say),
      lineWriter(vault, `${id}-0`, say),
      lineWriter(vault, `${id}-1`, say),
    ],
  };
  await Promise.all(
    loops[as].map(async (once) => {
      while (!stopped()) await once();
    }),
  );
  claim?.release();
}

/** A console that was killed keeps nobody out. */
async function claimed(place: Place, stopped: () => boolean) {
  for (let tries = 0; ; tries += 1) {
    const claim = await place.store().claim();
    if (claim.ok) return claim.value;
    if (stopped() || tries === 3) throw new Error(JSON.stringify(claim.problem));
  }
}

async function sessionWritten(vault: Vault, say: Say): Promise<void> {
  const document = sessionsOf(vault);
  const next = Number(readCount(await document.read()) ?? 0) + 1;
  value(await document.write(nextCounts(next)));
  say(`document ${next}`);
}

async function moved(vault: Vault, say: Say): Promise<void> {
  let next = 0;
  const changed = await vault.document("moves").change((before) => {
    next = Number(readCount(ok(before)) ?? 0) + 1;
    return nextCounts(next);
  });
  value(changed);
  say(`change ${next}`);
}

/** Five drafts in turn, gathered now and then. */
function notebookWriter(vault: Vault, say: Say): () => Promise<void> {
  const notebook = vault.notebook("person");
  let last: number | undefined;
  return async () => {
    last ??= value(await lastEntry(vault));
    last += 1;
    value(await notebook.append(`e${last % 5}`, last));
    say(`notebook ${last}`);
    if (last % 20 === 0) value(await notebook.gather(new Set(["none"])));
  };
}

/** The highest number in the notebook. */
export async function lastEntry(vault: Vault): Promise<Result<number>> {
  let last = 0;
  const read = await vault.notebook("person").each(({ value: entry }) => {
    last = Math.max(last, Number(entry));
  });
  if (read.ok && read.value.broken > 0) throw new Error(`${read.value.broken} entries do not open`);
  return read.ok ? ok(last) : read;
}

function lineWriter(vault: Vault, by: string, say: Say): () => Promise<void> {
  const log = logOf(vault);
  let count = 0;
  return async () => {
    count += 1;
    const text = `${by} ${process.pid} ${count}`;
    say(`log ${value(await log.append({ text }))} ${text}`);
  };
}

/** What there is, as numbers that only grow; a text for what must never be seen. */
export async function lookAt(vault: Vault): Promise<Readonly<Record<string, number>> | string> {
  const counts = await countsOf(vault);
  if (typeof counts === "string") return counts;
  const document = readCount(await sessionsOf(vault).read());
  const change = readCount(await vault.document("moves").read());
  const line = await logOf(vault).newest(1);
  const entry = await lastEntry(vault);
  if (typeof document === "string") return `sessions: ${document}`;
  if (typeof change === "string") return `moves: ${change}`;
  if (!line.ok) return `log: ${line.problem.code}`;
  if (!entry.ok) return `notebook: ${entry.problem.code}`;
  return {
    commit: counts.get("all") ?? 0,
    document: document ?? 0,
    change: change ?? 0,
    log: line.value.entries[0]?.seq ?? 0,
    notebook: entry.value,
  };
}

/** Reads all the time, and says each thing that it must not see. */
export async function watch(place: Place, say: Say, stopped: () => boolean): Promise<void> {
  let vault = value(await place.open());
  let before: Readonly<Record<string, number>> = {};
  let looks = 0;
  say("ready");
  while (!stopped()) {
    looks += 1;
    if (looks % 10 === 0) {
      const anew = await place.open();
      if (anew.ok) vault = anew.value;
      else say(`wrong opened anew: ${JSON.stringify(anew.problem)}`);
    }
    const now = await lookAt(vault).catch((error: unknown) => `thrown: ${error}`);
    if (typeof now === "string") say(`wrong ${now}`);
    else {
      for (const [what, number] of Object.entries(now)) {
        if (number < (before[what] ?? 0)) say(`wrong ${what} went back from ${before[what]} to ${number}`);
      }
      before = now;
    }
    // Others want the processor, too.
    await sleep(2);
  }
  say(`looks ${looks}`);
}
