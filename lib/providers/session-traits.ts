import { providers } from "./list.ts";
import type { SessionTraits } from "./provider.ts";
import { recogniseProvider } from "./recognise-provider.ts";

/** What the service that a host belongs to asks of a session; as PostgreSQL itself where none is known. */
export function sessionTraits(host: string): SessionTraits {
  return { ...usual, ...recogniseProvider(host)?.session };
}

/** The same for a sign-in that only one service has, whatever name its server is reached by. */
export function signInTraits(signIn: string): SessionTraits {
  return { ...usual, ...providers.find(({ defaults }) => defaults.signIn === signIn)?.session };
}

const usual: SessionTraits = {
  needsSni: false,
  takesOptions: true,
  offers: {},
  lifeMs: null,
  oldestPsql: null,
};
