import "server-only";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { awsCredentialProviders } from "./token-library.ts";
import { MissingCredentials } from "./token-trouble.ts";

/** What a signature is made with; `expiration` where the credentials are borrowed. */
export type AwsCredentials = Awaited<
  ReturnType<ReturnType<typeof import("@aws-sdk/credential-providers").fromNodeProviderChain>>
>;

/**
 * The AWS credentials that a connection names. Files and services are those of the host's own configuration
 * (`AWS_*` variables, `~/.aws`, container and instance metadata); a connection names a profile or a role at most.
 *
 * The SDK would keep a file it has read for as long as the process lives: `ignoreCache` has it read again.
 */
export async function awsCredentials(profile: ProfileDraft, region: string): Promise<AwsCredentials> {
  const token = profile.token;
  if (token?.credentials === "keys") {
    const secret = profile.secrets.tokenSecret;
    if (token.awsAccessKeyId === undefined || secret === undefined || secret.isEmpty)
      throw new MissingCredentials();
    return { accessKeyId: token.awsAccessKeyId, secretAccessKey: secret.reveal() };
  }
  const { fromIni, fromNodeProviderChain, fromTemporaryCredentials } = await awsCredentialProviders();
  const clientConfig = { region, maxAttempts: 2, requestHandler };
  const look = { ignoreCache: true, clientConfig };
  switch (token?.credentials) {
    case "profile":
      if (token.awsProfile === undefined) throw new MissingCredentials();
      return fromIni({ ...look, profile: token.awsProfile })();
    case "role":
      if (token.awsRole === undefined) throw new MissingCredentials();
      return fromTemporaryCredentials({
        masterCredentials: fromNodeProviderChain(look),
        params: { RoleArn: token.awsRole, RoleSessionName: "cloak-db" },
        clientConfig,
      })();
    default:
      return fromNodeProviderChain(look)();
  }
}

/** ms; the attempt has a deadline of its own, but a service that does not answer should be named before it. */
const requestHandler = { connectionTimeout: 3000, requestTimeout: 5000 } as const;
