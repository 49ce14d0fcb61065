import { awsRegionOf } from "#lib/providers/aws-region.ts";
import type { FormValues, TokenSignIn } from "#lib/settings/form-values.ts";
import { tokenSignIns } from "#lib/settings/form-values.ts";
import { type Draft, remark } from "./copy-form.ts";

/** Whether a short-lived token stands in for the password. */
export function usesToken(values: FormValues): boolean {
  return (tokenSignIns as readonly string[]).includes(values.signIn);
}

/**
 * The words of the command that prints a token (D8): the AWS command line's, or Azure's. Whoever runs it signs with
 * the credentials that command line finds; what differs from the connection's own is remarked.
 */
export function tokenCommand(draft: Draft): readonly string[] {
  const { values } = draft;
  switch (values.signIn as TokenSignIn) {
    case "aurora-dsql-token": {
      const act =
        values.user === "admin" ? "generate-db-connect-admin-auth-token" : "generate-db-connect-auth-token";
      return [
        "aws",
        "dsql",
        act,
        ...awsRegion(draft),
        "--hostname",
        values.host,
        "--expires-in",
        values.tokenExpiry,
        ...awsCredentials(draft),
      ];
    }
    case "rds-token":
      return [
        "aws",
        "rds",
        "generate-db-auth-token",
        ...awsRegion(draft),
        "--hostname",
        values.host,
        "--port",
        values.port,
        "--username",
        values.user,
        ...awsCredentials(draft),
      ];
    case "entra-token":
      return [
        "az",
        "account",
        "get-access-token",
        "--resource-type",
        "oss-rdbms",
        ...(values.tokenCredentials === "keys" && values.entraTenant !== ""
          ? ["--tenant", values.entraTenant]
          : []),
        "--query",
        "accessToken",
        "--output",
        "tsv",
      ];
  }
}

function awsRegion(draft: Draft): readonly string[] {
  const region = draft.values.tokenRegion || awsRegionOf(draft.values.host);
  if (region !== undefined) return ["--region", region];
  remark(draft, "token-region-missing");
  return [];
}

function awsCredentials(draft: Draft): readonly string[] {
  const { tokenCredentials, awsProfile, awsRole, awsAccessKeyId } = draft.values;
  if (tokenCredentials === "profile" && awsProfile !== "") return ["--profile", awsProfile];
  if (tokenCredentials === "role") remark(draft, "token-role", { role: awsRole });
  if (tokenCredentials === "keys") remark(draft, "token-keys", { key: awsAccessKeyId });
  return [];
}
