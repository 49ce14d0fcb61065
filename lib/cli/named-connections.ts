import "server-only";
import { visibly } from "#lib/visible-text.ts";
import { say } from "./words.ts";

/** What a connection is known by on the command line. */
export interface NamedConnection {
  readonly id: string;
  readonly name: string;
  /** Where it goes; left out where only its name is known. */
  readonly host?: string;
  readonly networkAddress?: string | undefined;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
}

/**
 * The connections that a text names: the one of that id, else those of exactly that name, else those of the name in any
 * case. Where there are several nobody can tell which one was meant: they are told, and none is taken.
 */
export function connectionsNamed<T extends NamedConnection>(all: readonly T[], wanted: string): readonly T[] {
  const byId = all.find(({ id }) => id === wanted);
  if (byId !== undefined) return [byId];
  const exact = all.filter(({ name }) => name === wanted);
  return exact.length > 0 ? exact : all.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
}

/** Says that a name is that of several, which they are, and how to say which. */
export function severalNamed(name: string, found: readonly NamedConnection[]): string {
  const lines = found.map((one) => `  ${[one.id, one.name, placeOf(one)].filter(Boolean).join("  ")}`);
  const count = String(found.length);
  return [say("cli.named.several", { count, name }), ...lines, say("cli.named.byId")].map(visibly).join("\n");
}

function placeOf({ host, networkAddress, port, database, user }: NamedConnection): string {
  return host === undefined ? "" : `${user}@${networkAddress ?? host}:${port}/${database}`;
}
