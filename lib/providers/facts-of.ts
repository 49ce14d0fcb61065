import { type Provider, providers } from "./list.ts";
import { providerFacts } from "./pages.ts";
import type { ErrorPhrase, ProviderFacts } from "./provider-facts.ts";

/** The facts of a provider. */
export function factsOf({ id }: Pick<Provider, "id">): ProviderFacts {
  return providerFacts[id];
}

export interface RecognisedPhrase {
  readonly phrase: ErrorPhrase;
  readonly match: RegExpExecArray;
  /** Whose words these are. */
  readonly provider: Provider;
}

/**
 * Whose words an error has. The host's own provider is asked first; then all others, since poolers stand before
 * anybody's server, and a name of one's own may lead to a provider.
 * @param message the error's text as the server sent it
 * @param own     the provider of the host, where it is known
 */
export function recogniseError(message: string, own: Provider | undefined): RecognisedPhrase | undefined {
  const ownFirst = providers.toSorted((a, b) => Number(b.id === own?.id) - Number(a.id === own?.id));
  for (const provider of ownFirst) {
    for (const phrase of factsOf(provider).errors) {
      if (phrase.ownHostsOnly && provider.id !== own?.id) continue;
      const match = phrase.words.exec(message);
      if (match !== null) return { phrase, match, provider };
    }
  }
  return undefined;
}

/**
 * The provider whose authority issued a certificate, for servers that are reached by address.
 * @param issuer the issuer's distinguished name
 */
export function recogniseIssuer(issuer: string): Provider | undefined {
  return providers.find((provider) => factsOf(provider).issuers?.test(issuer));
}
