import "server-only";

const mark = Symbol.for("cloak-db.secret");

/**
 * A value that prints as `[secret]`.
 *
 * The text lives in a private field and the class has no `toJSON` on purpose: React refuses such an instance as
 * a client prop or an action's result, where a placeholder from `toJSON` would be shipped in silence.
 */
export class Secret {
  readonly #value: string;

  /** Whether this is one. `instanceof` does not do: Next loads this file once for each entry of the server. */
  static is(value: unknown): value is Secret {
    return typeof value === "object" && value !== null && mark in value;
  }

  constructor(value: string) {
    this.#value = value;
  }

  /** The clear text. Called in a handful of files, which a unit test lists. */
  reveal(): string {
    return this.#value;
  }

  get isEmpty(): boolean {
    return this.#value === "";
  }

  get [mark](): true {
    return true;
  }

  toString(): string {
    return "[secret]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}
