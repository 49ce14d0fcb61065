import "server-only";
import type { PhraseTable } from "../programs.ts";

/** What is said of short-lived passwords and of the clouds that make them. */
export const tokenPhrases: PhraseTable = {
  "auth-token-expired": {
    provider: [
      'FATAL: PAM authentication failed for user "…"',
      "The access token has expired",
      "FATAL: Azure AD access token not valid for role …",
    ],
    server: ['FATAL: PAM authentication failed for user "…"'],
    go: ['FATAL: PAM authentication failed for user "…" (SQLSTATE 28000)'],
  },
  "auth-token-refused": {
    provider: [
      'FATAL: IAM authentication failed for user "…"',
      "FATAL: The IAM authentication failed for the role …",
      "FATAL: Azure AD user token for role[…] is neither an Azure AD user or group token",
      "FATAL: Error validating access token",
      "FATAL: unable to accept connection, access denied",
      'FATAL: PAM authentication failed for user "…"',
    ],
    cloud: [
      "AccessDeniedException: User … is not authorized to perform: dsql:DbConnect",
      "not authorized to perform: rds-db:connect",
    ],
    node: ["error: unable to accept connection, access denied"],
    go: ["FATAL: unable to accept connection, access denied (SQLSTATE 28000)"],
  },
  "auth-token-credentials-missing": {
    cloud: [
      'Unable to locate credentials. You can configure credentials by running "aws configure".',
      "CredentialsProviderError: Could not load credentials from any providers",
      "botocore.exceptions.NoCredentialsError: Unable to locate credentials",
      "CredentialUnavailableError: EnvironmentCredential is unavailable. No underlying credential could be used.",
      "DefaultAzureCredential failed to retrieve a token from the included credentials.",
    ],
    go: [
      "NoCredentialProviders: no valid providers in chain",
      "failed to refresh cached credentials, no EC2 IMDS role found",
    ],
    jdbc: ["Unable to load credentials from any of the providers in the chain AwsCredentialsProviderChain"],
  },
  "auth-token-credentials-expired": {
    cloud: [
      "ExpiredToken: The security token included in the request is expired",
      "ExpiredTokenException: The security token included in the request is expired",
      "Token has expired and refresh failed",
      "The SSO session associated with this profile has expired or is otherwise invalid.",
      "AADSTS700082: The refresh token has expired due to inactivity.",
      "Error loading SSO Token: Token for … does not exist",
    ],
  },
  "auth-token-credentials-refused": {
    cloud: [
      "AccessDenied: User … is not authorized to perform: sts:AssumeRole on resource: …",
      "InvalidClientTokenId: The security token included in the request is invalid",
      "SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided.",
      "AADSTS7000215: Invalid client secret provided.",
      "AADSTS700016: Application with identifier '…' was not found in the directory",
    ],
  },
  "auth-token-service-unreachable": {
    cloud: [
      "connect ETIMEDOUT 169.254.169.254:80",
      "ManagedIdentityCredential authentication unavailable, no managed identity endpoint found.",
      'Could not connect to the endpoint URL: "https://sts.…amazonaws.com/"',
      "getaddrinfo ENOTFOUND login.microsoftonline.com",
      "AzureCliCredential: Azure CLI could not be found",
    ],
    node: ["TimeoutError: connect ETIMEDOUT 169.254.169.254:80"],
  },
  "auth-token-library-missing": {
    node: [
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@azure/identity'",
      "Cannot find package '@aws-sdk/rds-signer'",
      "Cannot find package '@aws-sdk/dsql-signer'",
    ],
  },
  "auth-token-region-unknown": {
    cloud: [
      "Region is missing",
      'You must specify a region. You can also configure your region by running "aws configure".',
      "botocore.exceptions.NoRegionError: You must specify a region.",
    ],
    go: [
      "MissingRegion: could not find region configuration",
      "failed to resolve service endpoint, an AWS region is required, but was not found",
    ],
    jdbc: ["Unable to load region from any of the providers in the chain"],
  },
  "auth-token-region-wrong": {
    provider: ["FATAL: unable to accept connection, access denied"],
    cloud: ["Credential should be scoped to a valid region."],
  },
  "auth-token-clock-off": {
    cloud: [
      "Signature expired: … is now earlier than …",
      "Signature not yet current: … is still later than …",
      "RequestTimeTooSkewed: The difference between the request time and the current time is too large.",
      "AADSTS700024: Client assertion is not within its valid time range.",
    ],
  },
};
