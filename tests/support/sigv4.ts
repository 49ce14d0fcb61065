import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** A key pair as a test's own IAM knows it. */
export interface KnownKey {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface TokenCheck {
  readonly service: "dsql" | "rds-db";
  /** What the token must be signed for: the host, for RDS with its port. */
  readonly host: string;
  readonly region: string;
  readonly action: string;
  /** RDS signs the user's name, too. */
  readonly user?: string;
  readonly now: Date;
  readonly keys: ReadonlyMap<string, KnownKey>;
}

/**
 * Checks a signed sign-in token as Amazon's services do, written from the specification and without the SDK:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @returns why it is refused; undefined when it is good
 */
export function whyTokenIsRefused(token: string, check: TokenCheck): string | undefined {
  const [address = "", query = ""] = token.split("/?");
  if (address !== check.host) return `it is for the host ${address}`;
  const given = new Map(
    query.split("&").map((pair) => {
      const [name = "", value = ""] = pair.split("=");
      return [decodeURIComponent(name), decodeURIComponent(value)] as const;
    }),
  );
  const say = (name: string) => given.get(name) ?? "";
  if (say("Action") !== check.action) return `its action is ${say("Action")}`;
  if (check.user !== undefined && say("DBUser") !== check.user) return `its user is ${say("DBUser")}`;
  const [id = "", day = "", region = "", service = "", end = ""] = say("X-Amz-Credential").split("/");
  if (region !== check.region) return `its region is ${region}`;
  if (service !== check.service || end !== "aws4_request") return `its scope is ${service}/${end}`;
  const key = check.keys.get(id);
  if (key === undefined) return "its access key is unknown";
  if (say("X-Amz-Security-Token") !== (key.sessionToken ?? "")) return "its session token is another one";
  const stamp = say("X-Amz-Date");
  const made = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  const now = check.now.getTime();
  if (Number.isNaN(made) || !stamp.startsWith(day)) return "its date is none";
  if (made > now + 300_000) return "it is of the future";
  if (made + Number(say("X-Amz-Expires")) * 1000 < now) return "it has expired";
  const scope = `${day}/${region}/${service}/aws4_request`;
  const wanted = signatureOf(given, { stamp, scope, host: check.host, secret: key.secretAccessKey });
  const shown = Buffer.from(say("X-Amz-Signature"), "utf8");
  const isSame = shown.length === wanted.length && timingSafeEqual(shown, Buffer.from(wanted, "utf8"));
  return isSame ? undefined : "its signature does not fit";
}

interface Signing {
  readonly stamp: string;
  readonly scope: string;
  readonly host: string;
  readonly secret: string;
}

function signatureOf(query: ReadonlyMap<string, string>, { stamp, scope, host, secret }: Signing): string {
  const canonical = [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${percent(name)}=${percent(value)}`)
    .sort()
    .join("&");
  const request = `GET\n/\n${canonical}\nhost:${host}\n\nhost\n${sha256("")}`;
  const text = `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(request)}`;
  let key = Buffer.from(`AWS4${secret}`, "utf8");
  for (const part of scope.split("/")) key = hmac(key, part);
  return hmac(key, text).toString("hex");
}

/** RFC 3986: nothing is left as it is but letters, digits and `-._~`. */
function percent(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: Buffer, text: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHmac("sha256", key).update(text).digest());
}
