import "server-only";
import type { LostSession } from "./held.ts";
import { matches, type Owner } from "./pool-entry.ts";

/** One SQL tab of one session of a person, at one connection. */
export interface TabPlace extends Owner {
  readonly tab: string;
}

/** How a page asks for a tab. */
export interface TabTake {
  readonly lease: string;
  readonly next: string;
  readonly locked: boolean;
  readonly anyhow: boolean;
}

interface Tab {
  readonly place: TabPlace;
  /** The page that has the tab: only it knows this. */
  lease: string;
  /** Its page went away; on the clock of `performance.now()`. */
  leftAt: number | undefined;
  lost: LostSession | undefined;
}

/**
 * Which page has which tab, and what a tab has lost. A tab has one page at a time: whoever holds its lease. What a
 * tab's session held when it ended is kept here until its page says that it knows.
 */
export class Tabs {
  readonly #tabs = new Map<string, Tab>();

  /** Whether this page has the tab. One that nobody has is taken. */
  has(place: TabPlace, lease: string): boolean {
    const tab = this.#tab(place);
    if (tab === undefined) this.#put(place, lease);
    return tab === undefined || tab.lease === lease;
  }

  /**
   * Gives the tab to a page that was loaded with its lease, under a new one; the old one opens nothing any more. A tab
   * whose page has not said that it goes away may have been copied: then only a page that has the browser's lock on it
   * gets it, or one on which the person asks for it.
   * @returns whether the page has it
   */
  take(place: TabPlace, ask: TabTake): boolean {
    const before = this.#tab(place);
    const isFree = before === undefined || before.leftAt !== undefined || ask.locked;
    if (!ask.anyhow && !(isFree && this.has(place, ask.lease))) return false;
    const tab = before ?? this.#put(place, ask.next);
    tab.lease = ask.next;
    tab.leftAt = undefined;
    return true;
  }

  /** Its page is there, though it may have said before that it goes away. @returns whether it has the tab */
  stay(place: TabPlace, lease: string): boolean {
    if (!this.has(place, lease)) return false;
    const tab = this.#tab(place);
    if (tab !== undefined) tab.leftAt = undefined;
    return true;
  }

  /** The person has closed it: nobody comes back to it. @returns whether the page had it */
  close(place: TabPlace, lease: string): boolean {
    return this.#tab(place)?.lease === lease && this.#tabs.delete(keyOf(place));
  }

  /** Its page is going away. @returns whether it had the tab */
  leave(place: TabPlace, lease: string): boolean {
    const tab = this.#tab(place);
    if (tab?.lease !== lease) return false;
    tab.leftAt = performance.now();
    return true;
  }

  leftAt(place: TabPlace): number | undefined {
    return this.#tab(place)?.leftAt;
  }

  lose(place: TabPlace, lost: LostSession): void {
    const tab = this.#tab(place);
    if (tab !== undefined) tab.lost = lost;
  }

  lost(place: TabPlace): LostSession | undefined {
    return this.#tab(place)?.lost;
  }

  /** The person knows what was lost. */
  acknowledge(place: TabPlace, id: string): void {
    const tab = this.#tab(place);
    if (tab?.lost?.id === id) tab.lost = undefined;
  }

  /** Whose session is over comes back to none of its tabs. */
  forget(which: Partial<Owner>, exceptSession?: string): void {
    for (const [key, { place }] of this.#tabs) {
      if (matches(place, which) && place.sessionId !== exceptSession) this.#tabs.delete(key);
    }
  }

  #tab(place: TabPlace): Tab | undefined {
    return this.#tabs.get(keyOf(place));
  }

  #put(place: TabPlace, lease: string): Tab {
    const ofSession = [...this.#tabs].filter(([, tab]) => tab.place.sessionId === place.sessionId);
    for (const [key] of ofSession.slice(0, Math.max(0, ofSession.length + 1 - mostTabs)))
      this.#tabs.delete(key);
    // Sessions of people end without a word, too; whoever is forgotten so has been away for long.
    for (const key of this.#tabs.keys()) {
      if (this.#tabs.size < mostInAll) break;
      this.#tabs.delete(key);
    }
    const tab: Tab = { place, lease, leftAt: undefined, lost: undefined };
    this.#tabs.set(keyOf(place), tab);
    return tab;
  }
}

/** Of one session of a person: beyond that, the one that was begun first is forgotten. */
const mostTabs = 200;
const mostInAll = 20_000;

function keyOf({ userId, sessionId, profileId, tab }: TabPlace): string {
  return [userId, sessionId, profileId, tab].join("\n");
}
