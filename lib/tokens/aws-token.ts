import "server-only";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { Secret } from "#lib/secret.ts";
import { awsCredentials } from "./aws-credentials.ts";
import type { SignInToken } from "./short-lived-token.ts";
import { dsqlSigner, rdsSigner } from "./token-library.ts";
import { ExpiredCredentials } from "./token-trouble.ts";

/** RDS takes no other: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html */
const rdsSeconds = 900;

/**
 * Signs a token for Aurora DSQL or RDS by Amazon's own signers. It counts for exactly this host (RDS: with its port),
 * user and region. The name that is verified is signed, not a network address dialled in its place.
 */
export async function awsToken(profile: ProfileDraft, region: string): Promise<SignInToken> {
  const { host: hostname, port, user } = profile;
  const credentials = await awsCredentials(profile, region);
  const ends = credentials.expiration;
  if (ends !== undefined && ends.getTime() <= Date.now()) throw new ExpiredCredentials();
  const ofDsql = profile.signIn === "aurora-dsql-token";
  const seconds = ofDsql ? (profile.token?.expirySeconds ?? rdsSeconds) : rdsSeconds;
  const madeAt = new Date();
  const text = ofDsql
    ? await dsqlToken({ hostname, region, credentials, expiresIn: seconds }, user)
    : await rdsToken({ hostname, port, username: user, region, credentials });
  const spent = madeAt.getTime() + seconds * 1000;
  // A token of borrowed credentials dies with them.
  const expiresAt = new Date(ends === undefined ? spent : Math.min(spent, ends.getTime()));
  return { value: new Secret(text), madeAt, expiresAt, region };
}

type DsqlConfig = ConstructorParameters<typeof import("@aws-sdk/dsql-signer").DsqlSigner>[0];
type RdsConfig = ConstructorParameters<typeof import("@aws-sdk/rds-signer").Signer>[0];

/** `admin` has an action of its own (D7). */
async function dsqlToken(config: DsqlConfig, user: string): Promise<string> {
  const { DsqlSigner } = await dsqlSigner();
  const signer = new DsqlSigner(config);
  return user === "admin" ? signer.getDbConnectAdminAuthToken() : signer.getDbConnectAuthToken();
}

async function rdsToken(config: RdsConfig): Promise<string> {
  const { Signer } = await rdsSigner();
  return new Signer(config).getAuthToken();
}
