"use client";

import type { TabAnswer, TabBody } from "#app/api/connections/[id]/tab/route.ts";
import { randomId } from "#lib/random-id.ts";

/** An SQL tab that this page has, or has asked for. */
interface HeldTab {
  readonly id: string;
  readonly lease: string;
  /** No other living page has it: the browser's word, where it gives one. */
  readonly locked: boolean;
}

/** How a page comes to its tab, and what the console says of it. */
export interface OpenedTab {
  /** This page is a copy of one that still lives: the tab is a new one. */
  readonly copied: boolean;
  /** Undefined where there is nothing to be found, or the console does not answer. */
  readonly answer: TabAnswer | undefined;
}

/**
 * The SQL tab of this page: the one that the same browser tab had before it was loaded anew, or a new one. Held until
 * the page goes away, whatever is shown on it meanwhile; then the console is told.
 * @param slot which of the page's tabs
 */
export async function openTab(connectionId: string, slot: string): Promise<OpenedTab> {
  const place = placeOf(connectionId, slot);
  const before = opened.get(place);
  if (before !== undefined) {
    const { copied } = await before;
    return { copied, answer: await lookAtTab(connectionId, slot) };
  }
  const first = openFirst(connectionId, slot);
  opened.set(place, first);
  return first;
}

/**
 * Opens all tabs that this browser tab had at a connection before it was loaded anew, also those that are not in sight:
 * otherwise their sessions would end.
 * @returns the slots of those that hold something, or have lost something
 */
export async function openKeptTabs(connectionId: string): Promise<readonly string[]> {
  const found = keptSlots(placeOf(connectionId, "")).map(async (slot) => {
    const { answer } = await (opened.get(placeOf(connectionId, slot)) ?? openTab(connectionId, slot));
    return answer?.here && (answer.session ?? answer.lost) !== null ? [slot] : [];
  });
  return (await Promise.all(found)).flat();
}

/** What a run names its tab by. */
export async function heldTab(connectionId: string, slot: string): Promise<HeldTab> {
  const tab = held.get(placeOf(connectionId, slot));
  if (tab === undefined) throw new Error("the page has no such tab");
  return tab;
}

/** Asks how the tab stands. @returns undefined when the console does not answer */
export async function lookAtTab(connectionId: string, slot: string): Promise<TabAnswer | undefined> {
  const { id, lease } = await heldTab(connectionId, slot);
  return ask(connectionId, { act: "look", tab: id, lease });
}

/**
 * Takes the tab under a new lease, so that no copy of this page's storage opens it any more.
 * @param anyhow from another page, too
 */
export async function takeTab(
  connectionId: string,
  slot: string,
  anyhow = false,
): Promise<TabAnswer | undefined> {
  const tab = await heldTab(connectionId, slot);
  const next = randomId();
  const { id, lease, locked } = tab;
  const answer = await ask(connectionId, { act: "take", tab: id, lease, next, locked, anyhow });
  if (answer?.here) {
    const place = placeOf(connectionId, slot);
    held.set(place, Promise.resolve({ ...tab, lease: next }));
    write(place, { id, lease: next });
  }
  return answer;
}

/** The person has closed it: its session ends with what it holds, and the next tab in its slot is a new one. */
export async function closeTab(connectionId: string, slot: string): Promise<void> {
  const place = placeOf(connectionId, slot);
  const tab = await held.get(place);
  held.delete(place);
  opened.delete(place);
  forget(place);
  if (tab !== undefined) await ask(connectionId, { act: "close", tab: tab.id, lease: tab.lease });
}

/** As long as the document: going to another page of the console and back leaves the tab where it is. */
const held = new Map<string, Promise<HeldTab>>();
const opened = new Map<string, Promise<OpenedTab>>();

async function openFirst(connectionId: string, slot: string): Promise<OpenedTab> {
  const place = placeOf(connectionId, slot);
  const kept = read(place);
  const holding = hold(connectionId, place, kept);
  held.set(place, holding);
  const isKept = kept?.id === (await holding).id;
  const answer = isKept ? await takeTab(connectionId, slot) : undefined;
  return { copied: kept !== undefined && !isKept, answer };
}

type KeptTab = Pick<HeldTab, "id" | "lease">;

async function hold(connectionId: string, place: string, kept: KeptTab | undefined): Promise<HeldTab> {
  let tab = kept ?? { id: randomId(), lease: randomId() };
  let locked = await lock(tab.id);
  if (kept !== undefined && locked === false) {
    tab = { id: randomId(), lease: randomId() };
    locked = await lock(tab.id);
  }
  write(place, tab);
  addEventListener("pagehide", () => {
    held.get(place)?.then(({ id, lease }) => {
      const body: TabBody = { act: "leave", tab: id, lease };
      const type = "application/json";
      navigator.sendBeacon?.(addressOf(connectionId), new Blob([JSON.stringify(body)], { type }));
    });
  });
  return { ...tab, locked: locked === true };
}

/**
 * Two living pages never have one tab: a browser that copies a tab copies its storage, but not what it has locked. The
 * page before this one may still be on its way out.
 * @returns undefined where the browser has no locks, over plain http: there the console decides alone
 */
function lock(id: string): Promise<boolean | undefined> {
  const { locks } = navigator;
  if (locks === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const asked = { signal: AbortSignal.timeout(leavingMs) };
    const forLife = () => {
      resolve(true);
      return new Promise<never>(() => undefined);
    };
    locks.request(`cloak-db.tab.${id}`, asked, forLife).catch(() => resolve(false));
  });
}

const leavingMs = 500;

async function ask(connectionId: string, body: TabBody): Promise<TabAnswer | undefined> {
  try {
    const response = await fetch(addressOf(connectionId), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
    });
    return response.status === 200 ? ((await response.json()) as TabAnswer) : undefined;
  } catch {
    return undefined;
  }
}

function placeOf(connectionId: string, slot: string): string {
  return `cloak-db.tab.${connectionId}.${slot}`;
}

function addressOf(connectionId: string): string {
  return `/api/connections/${encodeURIComponent(connectionId)}/tab`;
}

function keptSlots(prefix: string): readonly string[] {
  try {
    const names = Array.from({ length: sessionStorage.length }, (_, at) => sessionStorage.key(at) ?? "");
    return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  } catch {
    return [];
  }
}

function read(place: string): KeptTab | undefined {
  try {
    const [id, lease] = (sessionStorage.getItem(place) ?? "").split(" ");
    return id && lease ? { id, lease } : undefined;
  } catch {
    // A browser that keeps nothing: each page has a tab of its own.
    return undefined;
  }
}

function write(place: string, { id, lease }: KeptTab): void {
  try {
    sessionStorage.setItem(place, `${id} ${lease}`);
  } catch {
    // As above.
  }
}

function forget(place: string): void {
  try {
    sessionStorage.removeItem(place);
  } catch {
    // As above.
  }
}
