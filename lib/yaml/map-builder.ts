import { count, refuse, type Source } from "./source.ts";
import type { Tree } from "./tree.ts";

/** A map that is being read: its own names win over those that `<<` brings, wherever that stands. */
export class MapBuilder {
  readonly #own = new Map<string, Tree>();
  readonly #merged: ReadonlyMap<string, Tree>[] = [];
  #hasMerge = false;

  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  set(key: { readonly text: string; readonly plain: boolean }, value: Tree): void {
    if (key.plain && key.text === "<<") this.#merge(value);
    else if (this.#own.has(key.text)) refuse(this.#source, "duplicate-key");
    else this.#own.set(key.text, value);
  }

  finish(): ReadonlyMap<string, Tree> {
    if (this.#merged.length === 0) return this.#own;
    const all = new Map<string, Tree>();
    // The first of several maps wins (https://yaml.org/type/merge.html).
    for (const map of this.#merged.reverse()) for (const [name, value] of map) all.set(name, value);
    for (const [name, value] of this.#own) all.set(name, value);
    return all;
  }

  #merge(value: Tree): void {
    if (this.#hasMerge) refuse(this.#source, "duplicate-key");
    this.#hasMerge = true;
    const maps = value instanceof Map ? [value] : Array.isArray(value) ? (value as readonly Tree[]) : [null];
    for (const map of maps) {
      if (map instanceof Map) {
        count(this.#source, map.size);
        this.#merged.push(map);
      } else refuse(this.#source, "merge");
    }
  }
}

/** The words for nothing, where they are not quoted (YAML 1.2.2, 10.2). */
export function asNull(text: string): Tree {
  return /^(?:~|null|Null|NULL|)$/.test(text) ? null : text;
}
