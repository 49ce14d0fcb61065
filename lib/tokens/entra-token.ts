import "server-only";
import type { TokenCredential } from "@azure/identity";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { entraCloudOf } from "#lib/providers/entra-cloud.ts";
import { Secret } from "#lib/secret.ts";
import type { SignInToken } from "./short-lived-token.ts";
import { azureIdentity } from "./token-library.ts";
import { MissingCredentials } from "./token-trouble.ts";

/**
 * Asks Microsoft Entra for a token that Azure's PostgreSQL services take as a password: as the application whose
 * secret the connection holds, or by the host's own chain (environment, workload identity, managed identity, Azure
 * CLI). How long it lasts is Entra's to say.
 */
export async function entraToken(
  profile: ProfileDraft,
  signal: AbortSignal | undefined,
): Promise<SignInToken> {
  const { id, authority, scope } = entraCloudOf(profile.host);
  const identity = await azureIdentity();
  // In the public cloud the host's AZURE_AUTHORITY_HOST has its say. Neither comes from a form, so that Microsoft's
  // list of known authorities need not be asked first.
  const options = {
    ...(id === "public" ? {} : { authorityHost: authority }),
    disableInstanceDiscovery: true,
  };
  const credential = credentialOf(identity, profile, options);
  const madeAt = new Date();
  const made = await credential.getToken(scope, signal === undefined ? {} : { abortSignal: signal });
  if (made === null) throw new MissingCredentials();
  return {
    value: new Secret(made.token),
    madeAt,
    expiresAt: new Date(made.expiresOnTimestamp),
    region: null,
  };
}

function credentialOf(
  { ClientSecretCredential, DefaultAzureCredential }: typeof import("@azure/identity"),
  profile: ProfileDraft,
  options: { readonly authorityHost?: string; readonly disableInstanceDiscovery: boolean },
): TokenCredential {
  const { token, secrets } = profile;
  if (token?.credentials === "keys") {
    const { entraTenant, entraClient } = token;
    const { tokenSecret } = secrets;
    if (
      entraTenant === undefined ||
      entraClient === undefined ||
      tokenSecret === undefined ||
      tokenSecret.isEmpty
    )
      throw new MissingCredentials();
    return new ClientSecretCredential(entraTenant, entraClient, tokenSecret.reveal(), options);
  }
  return new DefaultAzureCredential({
    ...options,
    processTimeoutInMs: 5000,
    // Its five tries of a metadata service that is not there take longer than any connection may.
    retryOptions: { maxRetries: 1 },
    // Of several managed identities, which one.
    ...(token?.entraClient === undefined ? {} : { managedIdentityClientId: token.entraClient }),
  });
}
