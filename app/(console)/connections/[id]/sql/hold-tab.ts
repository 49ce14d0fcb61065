"use client";

import type { TabAnswer, TabBody } from "#app/api/connections/[id]/tab/route.ts";
import { randomId } from "#lib/random-id.ts";

/** An SQL tab that this page has, or has asked for. */
export interface HeldTab {
  readonly id: string;
  readonly lease: string;
  /** It stood in the storage that this page was given. */
  readonly found: boolean;
  /** This page is a copy of one that still lives: the tab is a new one. */
  readonly copied: boolean;
}

/**
 * The SQL tab of this page: the one that the same browser tab had before it was loaded anew, or a new one. Held until
 * the page goes away, whatever is shown on it meanwhile; then the console is told.
 * @param slot which of the page's tabs
 */
export function holdTab(connectionId: string, slot: string): Promise<HeldTab> {
  const place = `cloak-db.tab.${connectionId}.${slot}`;
  const holding = held.get(place) ?? hold(connectionId, place);
  held.set(place, holding);
  return holding;
}

/** Takes the tab at the console, under a new lease. Throws when the console does not answer. */
export async function takeTab(connectionId: string, slot: string, anyhow = false): Promise<TabAnswer> {
  const { id, lease } = await holdTab(connectionId, slot);
  const next = randomId();
  const body: TabBody = { act: "take", tab: id, lease, next, anyhow };
  const response = await fetch(addressOf(connectionId), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    cache: "no-store",
  });
  if (!response.ok) throw new Error(`the tab was not taken: ${response.status}`);
  const answer = (await response.json()) as TabAnswer;
  if (answer.here)
    keep(`cloak-db.tab.${connectionId}.${slot}`, { id, lease: next, found: true, copied: false });
  return answer;
}

/** As long as the document: going to another page of the console and back leaves the tab where it is. */
const held = new Map<string, Promise<HeldTab>>();

async function hold(connectionId: string, place: string): Promise<HeldTab> {
  const kept = read(place);
  const mine = kept !== undefined && (await lock(kept.id));
  const tab = mine
    ? { ...kept, found: true, copied: false }
    : { id: randomId(), lease: randomId(), found: false, copied: kept !== undefined };
  if (!mine) await lock(tab.id);
  write(place, tab);
  addEventListener("pagehide", () => {
    held.get(place)?.then(({ id, lease }) => {
      const body: TabBody = { act: "leave", tab: id, lease };
      const type = "application/json";
      navigator.sendBeacon?.(addressOf(connectionId), new Blob([JSON.stringify(body)], { type }));
    });
  });
  return tab;
}

function keep(place: string, tab: HeldTab): void {
  held.set(place, Promise.resolve(tab));
  write(place, tab);
}

/**
 * Two living pages never have one tab: a browser that copies a tab copies its storage, but not what it has locked. The
 * page before this one may still be on its way out. Without locks, over plain http, the console decides alone.
 */
function lock(id: string): Promise<boolean> {
  const { locks } = navigator;
  if (locks === undefined) return Promise.resolve(true);
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

function addressOf(connectionId: string): string {
  return `/api/connections/${encodeURIComponent(connectionId)}/tab`;
}

function read(place: string): { readonly id: string; readonly lease: string } | undefined {
  try {
    const [id, lease] = (sessionStorage.getItem(place) ?? "").split(" ");
    return id && lease ? { id, lease } : undefined;
  } catch {
    // A browser that keeps nothing: each page has a tab of its own.
    return undefined;
  }
}

function write(place: string, { id, lease }: HeldTab): void {
  try {
    sessionStorage.setItem(place, `${id} ${lease}`);
  } catch {
    // As above.
  }
}
