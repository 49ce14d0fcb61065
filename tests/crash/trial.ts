import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Act, acts } from "./acts.ts";
import { chance } from "./chance.ts";
import type { StoreKind, StoreName } from "./stores.ts";
import type { Workers } from "./workers.ts";

/** One part of the proof. */
export interface Part {
  /** What it proves, in one line. */
  readonly proves: string;
  /** Whether any store can be put to it, or files alone. */
  readonly stores: "any" | "file";
  /** Counts that must stay at zero: each is shown, whether or not anything was counted. */
  readonly zeros: readonly string[];
  run(trial: Trial): Promise<void>;
}

/** How much of a part is done. */
export interface Size {
  /** Rounds of what is done at random. */
  readonly rounds: number;
  /** Of what could be tried one by one, one in so many is. */
  readonly oneIn: number;
  readonly mutations: number;
  readonly seconds: number;
}

/** All of it: some minutes. */
export const wholeSize: Size = { rounds: 1000, oneIn: 1, mutations: 100_000, seconds: 60 };

/** What `npm test` does of it. */
export const shortSize: Size = { rounds: 12, oneIn: 20, mutations: 1000, seconds: 1.5 };

export interface TrialSettings {
  readonly size: Size;
  readonly seed: number;
  readonly storeName: StoreName;
  readonly kind: StoreKind;
  /** This act alone. */
  readonly act?: string | undefined;
  readonly workers: Workers;
  /** Where everything is made. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Hears how far it is. */
  readonly tell?: (text: string) => void;
}

/** One run of a part: its counts, and chance that can be repeated. */
export class Trial {
  readonly settings: TrialSettings;
  readonly counts = new Map<string, number>();
  readonly faults: string[] = [];
  readonly #chance: () => number;

  constructor(settings: TrialSettings, zeros: readonly string[]) {
    this.settings = settings;
    this.#chance = chance(settings.seed);
    for (const name of zeros) this.counts.set(name, 0);
  }

  get size(): Size {
    return this.settings.size;
  }

  get acts(): readonly (readonly [name: string, act: Act])[] {
    const { act } = this.settings;
    return Object.entries(acts).filter(([name]) => act === undefined || name === act);
  }

  random(): number {
    return this.#chance();
  }

  below(count: number): number {
    return Math.floor(this.random() * count);
  }

  count(name: string, more = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + more);
  }

  /** Something that must not be: counted, and told how it came about. */
  fault(name: string, how: string): void {
    this.count(name);
    if (this.faults.length < mostTold) this.faults.push(`${name}: ${how}`);
  }

  most(name: string, value: number): void {
    this.counts.set(name, Math.max(this.counts.get(name) ?? 0, Math.round(value)));
  }

  tell(text: string): void {
    this.settings.tell?.(text);
  }

  /** Whether to do what takes long: always in a whole run. */
  perhaps(): boolean {
    return this.size.oneIn === 1 || this.random() < 0.3;
  }

  /** The work in a folder of its own, which is gone afterwards. */
  async inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(this.settings.folder, "at-"));
    try {
      return await work(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  /** One in so many, beginning anywhere; of what is many, fewer. */
  someOf<T>(items: readonly T[], fewer = 1): readonly T[] {
    const step = this.size.oneIn === 1 ? 1 : this.size.oneIn * fewer;
    const first = this.below(Math.min(step, items.length));
    return items.filter((_, index) => index % step === first);
  }

  /** Works on all items, some at a time, until it is told to stop. */
  async each<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
    let next = 0;
    const lane = async () => {
      for (let index = next++; index < items.length; index = next++) {
        this.settings.signal.throwIfAborted();
        await work(items[index] as T, index);
        this.tell(`${index + 1} of ${items.length}`);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }
}

const lanes = 2;
const mostTold = 20;
