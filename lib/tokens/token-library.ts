import "server-only";
import { MissingLibrary } from "./token-trouble.ts";

/** The credential chain of AWS. @throws MissingLibrary */
export async function awsCredentialProviders() {
  // An import inside `try` is one that a build may fail to find.
  try {
    return await import("@aws-sdk/credential-providers");
  } catch (error) {
    throw missing("@aws-sdk/credential-providers", error);
  }
}

/** The signer of Aurora DSQL. @throws MissingLibrary */
export async function dsqlSigner() {
  try {
    return await import("@aws-sdk/dsql-signer");
  } catch (error) {
    throw missing("@aws-sdk/dsql-signer", error);
  }
}

/** The signer of RDS and Aurora. @throws MissingLibrary */
export async function rdsSigner() {
  try {
    return await import("@aws-sdk/rds-signer");
  } catch (error) {
    throw missing("@aws-sdk/rds-signer", error);
  }
}

/** The credential chain of Microsoft Entra. @throws MissingLibrary */
export async function azureIdentity() {
  try {
    return await import("@azure/identity");
  } catch (error) {
    throw missing("@azure/identity", error);
  }
}

/**
 * The clouds' libraries are optional dependencies: an installation may leave them out, or one that they need.
 * Node's two loaders and the bundler have a code each for that.
 */
function missing(library: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const isMissing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
  return isMissing ? new MissingLibrary(library) : error;
}
