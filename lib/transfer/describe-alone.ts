import "server-only";
import type { Client, Connection, FieldDef, Submittable } from "pg";
import { afterError } from "#lib/wire/after-error.ts";
import { extendedProtocol } from "#lib/wire/pg-internals.ts";
import { isServerError, type ServerError } from "#lib/wire/server-error.ts";

/** What a text is, by itself: the columns of its rows, null where it gives none, or the server's refusal. */
export type Description =
  | { readonly ok: true; readonly fields: readonly FieldDef[] | null }
  | { readonly ok: false; readonly error: ServerError };

/**
 * Has the server parse a text by itself, without running it. What it takes is one whole statement: its quotes and comments
 * end in it, and no parenthesis of it closes one that it did not open. So it cannot leave the parentheses that it is put
 * into afterwards, not even for something that is one statement as well.
 * Throws when the connection is gone.
 */
export function describeAlone(client: Client, text: string): Promise<Description> {
  return new Promise((resolve, reject) => {
    client.query(new Describing(text, resolve, reject));
  });
}

class Describing implements Submittable {
  readonly #text: string;
  readonly #resolve: (description: Description) => void;
  readonly #reject: (error: Error) => void;
  #fields: readonly FieldDef[] | null = null;

  constructor(text: string, resolve: (description: Description) => void, reject: (error: Error) => void) {
    this.#text = text;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: Connection): void {
    const wire = extendedProtocol(connection);
    wire.stream.cork();
    wire.parse({ text: this.#text });
    wire.describe({ type: "S", name: "" });
    wire.sync();
    wire.stream.uncork();
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldDef[] }): void {
    this.#fields = fields;
  }

  handleReadyForQuery(): void {
    this.#resolve({ ok: true, fields: this.#fields });
  }

  handleError(error: Error, connection: Connection): void {
    if (!isServerError(error)) {
      this.#reject(error);
      return;
    }
    afterError(connection, (alive) => (alive ? this.#resolve({ ok: false, error }) : this.#reject(error)));
  }

  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCommandComplete(): void {}
}
