import { aivenFacts } from "./aiven/facts.ts";
import { auroraDsqlFacts } from "./aurora-dsql/facts.ts";
import { azureCitusFacts } from "./azure-citus/facts.ts";
import { azurePostgresFacts } from "./azure-postgres/facts.ts";
import { cockroachdbFacts } from "./cockroachdb/facts.ts";
import { crunchyBridgeFacts } from "./crunchy-bridge/facts.ts";
import { digitaloceanFacts } from "./digitalocean/facts.ts";
import { googleCloudSqlFacts } from "./google-cloud-sql/facts.ts";
import { herokuFacts } from "./heroku/facts.ts";
import { localFacts } from "./local/facts.ts";
import { neonFacts } from "./neon/facts.ts";
import { pgbouncerFacts } from "./pgbouncer/facts.ts";
import type { Provider } from "./provider.ts";
import type { ErrorPhrase, ProviderFacts } from "./provider-facts.ts";
import { railwayFacts } from "./railway/facts.ts";
import { rdsFacts } from "./rds/facts.ts";
import { rdsProxyFacts } from "./rds-proxy/facts.ts";
import { findProvider } from "./recognise-provider.ts";
import { renderFacts } from "./render/facts.ts";
import { supabaseFacts } from "./supabase/facts.ts";
import { supabasePoolerFacts } from "./supabase-pooler/facts.ts";
import { timescaleFacts } from "./timescale/facts.ts";
import { yugabytedbFacts } from "./yugabytedb/facts.ts";

/** What is known of each provider besides what the form needs. Not for the browser: it would only weigh there. */
export const allFacts: readonly ProviderFacts[] = [
  rdsProxyFacts,
  rdsFacts,
  auroraDsqlFacts,
  azureCitusFacts,
  azurePostgresFacts,
  supabaseFacts,
  supabasePoolerFacts,
  neonFacts,
  googleCloudSqlFacts,
  herokuFacts,
  digitaloceanFacts,
  railwayFacts,
  renderFacts,
  timescaleFacts,
  cockroachdbFacts,
  yugabytedbFacts,
  aivenFacts,
  crunchyBridgeFacts,
  pgbouncerFacts,
  localFacts,
];

/** The facts of a provider; a test finds those of each. */
export function factsOf(provider: Provider): ProviderFacts {
  return (
    allFacts.find(({ id }) => id === provider.id) ?? { id: provider.id, roots: [], errors: [], sources: [] }
  );
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
  for (const { id, errors } of allFacts.toSorted(
    (a, b) => Number(b.id === own?.id) - Number(a.id === own?.id),
  )) {
    const provider = findProvider(id);
    for (const phrase of errors) {
      if (phrase.ownHostsOnly && id !== own?.id) continue;
      const match = phrase.words.exec(message);
      if (match !== null && provider !== undefined) return { phrase, match, provider };
    }
  }
  return undefined;
}

/**
 * The provider whose authority issued a certificate, for servers that are reached by address.
 * @param issuer the issuer's distinguished name
 */
export function recogniseIssuer(issuer: string): Provider | undefined {
  const found = allFacts.find(({ issuers }) => issuers?.test(issuer));
  return found === undefined ? undefined : findProvider(found.id);
}
