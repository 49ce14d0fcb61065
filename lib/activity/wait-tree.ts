import type { ServerSession } from "./shapes.ts";

/** A session in its place: beneath the one that it waits for. */
export interface WaitItem {
  /** Undefined for one that others wait for and that is not listed: a prepared transaction, say. */
  readonly session: ServerSession | undefined;
  readonly pid: number;
  readonly depth: number;
  /** Those that wait for it, and those that wait for them. */
  readonly blocks: number;
  /** Whom it waits for besides the one it stands beneath. */
  readonly also: readonly number[];
  /** It waits for one that waits for it, directly or by others: nobody of them goes on by themselves. */
  readonly circle: boolean;
}

/**
 * Who waits for whom, as a list from top to bottom: whom most wait for first, each followed by those that wait, then
 * everybody else. Who waits for several stands beneath the one that waits itself, as in a queue. Each session stands in it
 * once, whatever the server says.
 */
export function waitTree(sessions: readonly ServerSession[]): readonly WaitItem[] {
  const byPid = new Map(sessions.map((session) => [session.pid, session]));
  const blockers = new Map<number, readonly number[]>(
    sessions.map(({ pid, blockedBy }) => [pid, [...new Set(blockedBy)].filter((other) => other !== pid)]),
  );
  const unlisted = new Set([...blockers.values()].flat().filter((pid) => !byPid.has(pid)));
  const waits = (pid: number) => (blockers.get(pid)?.length ?? 0) > 0;

  const parents = new Map<number, number>();
  const circles = new Set<number>();
  const isAbove = (pid: number, below: number) => {
    for (let at: number | undefined = below; at !== undefined; at = parents.get(at))
      if (at === pid) return true;
    return false;
  };
  for (const [pid, those] of [...blockers].toSorted(([a], [b]) => a - b)) {
    const wanted = those.toSorted((a, b) => Number(waits(b)) - Number(waits(a)) || a - b);
    const parent = wanted.find((other) => !isAbove(pid, other));
    if (parent !== undefined) parents.set(pid, parent);
    else if (wanted.length > 0) circles.add(pid);
  }

  const children = new Map<number, number[]>();
  for (const [pid, parent] of parents) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const blocks = (pid: number): number =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + 1 + blocks(child), 0);

  const items: WaitItem[] = [];
  const put = (pid: number, depth: number) => {
    const also = (blockers.get(pid) ?? []).filter((other) => other !== parents.get(pid));
    items.push({
      session: byPid.get(pid),
      pid,
      depth,
      blocks: blocks(pid),
      also,
      circle: circles.has(pid),
    });
    for (const child of (children.get(pid) ?? []).toSorted((a, b) => age(byPid.get(b)) - age(byPid.get(a))))
      put(child, depth + 1);
  };
  const roots = [...byPid.keys(), ...unlisted].filter((pid) => !parents.has(pid));
  const order = (a: number, b: number) =>
    blocks(b) - blocks(a) ||
    restOf(byPid.get(a)) - restOf(byPid.get(b)) ||
    age(byPid.get(b)) - age(byPid.get(a)) ||
    a - b;
  for (const pid of roots.toSorted(order)) put(pid, 0);
  return items;
}

/** Who works comes before who has a transaction open, and that before who rests. */
function restOf(session: ServerSession | undefined): number {
  if (session === undefined || session.state === null) return 3;
  if (session.state === "active") return 0;
  return session.transactionMs !== null ? 1 : 2;
}

function age(session: ServerSession | undefined): number {
  return session?.transactionMs ?? session?.stateMs ?? 0;
}
