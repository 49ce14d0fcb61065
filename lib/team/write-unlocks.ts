import "server-only";
import type { UnlockMinutes } from "./unlock-minutes.ts";

/** Writing on one connection, unlocked by one person in one of their console sessions. */
export interface WriteUnlock {
  readonly userId: string;
  readonly sessionId: string;
  readonly connectionId: string;
  readonly minutes: UnlockMinutes;
}

interface Entry extends WriteUnlock {
  /** On the clock of `performance.now()`: no one puts that back. */
  readonly until: number;
  readonly timer: NodeJS.Timeout;
  readonly ended: () => void;
}

/**
 * Where writing on Production is unlocked. It stands in the memory of the process alone: a restart locks everything
 * again. Each ends by itself, and earlier where whoever unlocked it, or what it was unlocked for, is no longer the same.
 */
export class WriteUnlocks {
  readonly #entries = new Map<string, Entry>();

  /**
   * Another one for the same session and connection takes the place of the first.
   * @param ended called once when it is over, however that comes about, but not where another takes its place
   */
  open(unlock: WriteUnlock, ended: () => void): void {
    const key = keyOf(unlock);
    clearTimeout(this.#entries.get(key)?.timer);
    const ms = unlock.minutes * 60_000;
    const timer = setTimeout(() => this.end(unlock), ms);
    timer.unref();
    this.#entries.set(key, { ...unlock, until: performance.now() + ms, timer, ended });
  }

  /** How long it goes on, ms; 0 where writing is locked. */
  left(which: Pick<WriteUnlock, "sessionId" | "connectionId">): number {
    const found = this.#entries.get(keyOf(which));
    return found === undefined ? 0 : Math.max(0, found.until - performance.now());
  }

  all(): readonly WriteUnlock[] {
    return [...this.#entries.values()];
  }

  /** @returns whether there was one */
  end(which: Pick<WriteUnlock, "sessionId" | "connectionId">): boolean {
    const key = keyOf(which);
    const found = this.#entries.get(key);
    if (found === undefined) return false;
    clearTimeout(found.timer);
    this.#entries.delete(key);
    found.ended();
    return true;
  }

  endWhere(matches: (unlock: WriteUnlock) => boolean): void {
    for (const entry of [...this.#entries.values()]) if (matches(entry)) this.end(entry);
  }
}

function keyOf({ sessionId, connectionId }: Pick<WriteUnlock, "sessionId" | "connectionId">): string {
  return `${sessionId} ${connectionId}`;
}
