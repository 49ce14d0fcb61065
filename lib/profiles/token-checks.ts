import type { FieldMessage } from "#lib/problems/field-messages.ts";
import { awsRegionOf, isAwsRegion } from "#lib/providers/aws-region.ts";
import { checksOfForm } from "#lib/settings/checks-of.ts";
import { type FormValues, isTokenSignIn } from "#lib/settings/form-values.ts";

/**
 * What is wrong with how a token is to be made, and with the connection it is to go over: a token is sent to a server
 * that is verified in full and to no other.
 * @param hasSecret whether the connection will have a `tokenSecret` after the save
 * @returns at most one mistake a field; none for other ways to sign in
 */
export function tokenMistakes(
  values: FormValues,
  hasSecret: boolean,
): readonly (readonly [keyof FormValues, FieldMessage])[] {
  if (!isTokenSignIn(values.signIn)) return [];
  const transport = transportMistake(values);
  const own = values.signIn === "entra-token" ? entraMistakes(values) : awsMistakes(values);
  const needsSecret = values.tokenCredentials === "keys" && !hasSecret;
  return [
    ...(transport === undefined ? [] : [transport]),
    ...own,
    ...(needsSecret ? [["tokenSecret", "token-secret-needed"] as const] : []),
  ];
}

type Mistake = readonly [keyof FormValues, FieldMessage];

function transportMistake(values: FormValues): Mistake | undefined {
  const { encryption, server } = checksOfForm(values);
  if (server === "chain-and-name") return undefined;
  if (encryption === "none") return ["ssl", "token-needs-ssl"];
  if (values.allowSelfSigned) return ["allowSelfSigned", "token-needs-checks"];
  return ["mode", "token-needs-verify-full"];
}

function awsMistakes(values: FormValues): readonly Mistake[] {
  const found: Mistake[] = [];
  const region = values.tokenRegion.trim();
  if (region !== "" && !isAwsRegion(region)) found.push(["tokenRegion", "token-region-malformed"]);
  if (region === "" && values.host.trim() !== "" && awsRegionOf(values.host) === undefined)
    found.push(["tokenRegion", "token-region-needed"]);
  switch (values.tokenCredentials) {
    case "profile": {
      const name = values.awsProfile.trim();
      if (name === "") found.push(["awsProfile", "token-profile-needed"]);
      // The name of a section in ~/.aws/config, never a path.
      else if (!/^[\w .@+:-]{1,128}$/.test(name)) found.push(["awsProfile", "token-profile-malformed"]);
      break;
    }
    case "role":
      if (!roleArn.test(values.awsRole.trim())) found.push(["awsRole", "token-role-malformed"]);
      break;
    case "keys":
      if (!/^\w{16,128}$/.test(values.awsAccessKeyId.trim()))
        found.push(["awsAccessKeyId", "token-key-malformed"]);
      break;
  }
  return found;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const roleArn = /^arn:aws[a-z-]{0,20}:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;

function entraMistakes(values: FormValues): readonly Mistake[] {
  const found: Mistake[] = [];
  const { tokenCredentials: credentials } = values;
  if (credentials === "profile" || credentials === "role")
    found.push(["tokenCredentials", "token-credentials-of-aws"]);
  const tenant = values.entraTenant.trim();
  // A tenant is named by its id or by one of its domains.
  if (credentials === "keys" && !guid.test(tenant) && !/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(tenant))
    found.push(["entraTenant", "token-tenant-malformed"]);
  const client = values.entraClient.trim();
  const isNeeded = credentials === "keys" || client !== "";
  if (isNeeded && !guid.test(client)) found.push(["entraClient", "token-client-malformed"]);
  return found;
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
