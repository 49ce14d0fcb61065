import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** Credentials as the fake services give them out. */
export interface FakeCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface FakeCloud {
  readonly url: string;
  /** `METHOD path` of each request, in order. */
  /** What was asked for, in order; a test may empty it. */
  readonly asked: string[];
  /** What Azure's metadata service was last asked for. */
  readonly entraAsked: { resource: string | null; clientId: string | null };
  /** Who AWS's credentials are for now; and how its services behave. */
  readonly state: {
    /** How far its clock is from ours, ms. */
    clockMs: number;
    /** An error that STS answers with. */
    stsError: { readonly code: string; readonly message: string } | undefined;
    /** When the credentials it gives out end, ms from now. */
    lifeMs: number;
    /** The token that Entra's metadata service gives out; undefined refuses. */
    entraToken: string | undefined;
  };
  stop(): Promise<void>;
}

/** What each service gives out; a test compares tokens with these. */
export const fakeKeys = {
  instance: {
    accessKeyId: "ASIAINSTANCE00000001",
    secretAccessKey: "instance/secret+key/0000000000000000001",
    sessionToken: "instance-session//+token==",
  },
  container: {
    accessKeyId: "ASIACONTAINER0000001",
    secretAccessKey: "container/secret+key/000000000000000001",
    sessionToken: "container-session//+token==",
  },
  role: {
    accessKeyId: "ASIAROLE000000000001",
    secretAccessKey: "role/secret+key/0000000000000000000001",
    sessionToken: "role-session//+token==",
  },
} as const satisfies Record<string, FakeCredentials>;

/**
 * Instance metadata (IMDSv2), container credentials, STS and Azure's metadata on one loopback port, each as its
 * documentation has it. Nothing but this port is ever asked when a process's variables point here.
 */
export async function startFakeCloud(): Promise<FakeCloud> {
  const asked: string[] = [];
  const entraAsked: FakeCloud["entraAsked"] = { resource: null, clientId: null };
  const state: FakeCloud["state"] = {
    clockMs: 0,
    stsError: undefined,
    lifeMs: 3_600_000,
    entraToken: undefined,
  };
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? "/", "http://localhost");
    asked.push(`${request.method} ${url.pathname}`);
    if (url.pathname.startsWith("/metadata/identity/")) {
      entraAsked.resource = url.searchParams.get("resource");
      entraAsked.clientId = url.searchParams.get("client_id");
    }
    response.setHeader("Date", new Date(Date.now() + state.clockMs).toUTCString());
    const { status, type, text } = answerTo(request, url, body, state);
    response.writeHead(status, { "Content-Type": type });
    response.end(request.method === "HEAD" ? undefined : text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    entraAsked,
    state,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The variables of a host in that cloud: its credentials come from the instance's metadata. */
export function instanceVariables(cloud: FakeCloud): Record<string, string> {
  return {
    AWS_EC2_METADATA_SERVICE_ENDPOINT: cloud.url,
    AWS_ENDPOINT_URL_STS: cloud.url,
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_CONFIG_FILE: "/dev/null",
    AZURE_POD_IDENTITY_AUTHORITY_HOST: cloud.url,
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function answerTo(request: IncomingMessage, url: URL, body: string, state: FakeCloud["state"]): Answer {
  const plain = (text: string): Answer => ({ status: 200, type: "text/plain", text });
  const json = (value: unknown): Answer => ({
    status: 200,
    type: "application/json",
    text: JSON.stringify(value),
  });
  const ends = new Date(Date.now() + state.lifeMs).toISOString().replace(/\.\d+Z$/, "Z");
  if (url.pathname === "/latest/api/token" && request.method === "PUT") return plain("imds-v2-session");
  if (url.pathname.startsWith("/latest/meta-data/iam/security-credentials")) {
    // The second version answers nobody without a session token.
    if (request.headers["x-aws-ec2-metadata-token"] !== "imds-v2-session")
      return { ...plain("Unauthorized"), status: 401 };
    if (url.pathname.endsWith("/security-credentials/")) return plain("host-role");
    return json({ Code: "Success", Type: "AWS-HMAC", ...metadataKeys(fakeKeys.instance), Expiration: ends });
  }
  if (url.pathname === "/container") return json({ ...metadataKeys(fakeKeys.container), Expiration: ends });
  if (url.pathname.replace(/\/$/, "") === "/metadata/identity/oauth2/token") return entraAnswer(url, state);
  if (request.method === "POST" && url.pathname === "/") return stsAnswer(body, state, ends);
  return { status: 404, type: "text/plain", text: "nothing here" };
}

function metadataKeys({ accessKeyId, secretAccessKey, sessionToken }: FakeCredentials) {
  return { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, the query protocol. */
function stsAnswer(body: string, { stsError }: FakeCloud["state"], ends: string): Answer {
  const type = "text/xml";
  if (stsError !== undefined || new URLSearchParams(body).get("Action") !== "AssumeRole") {
    const { code, message } = stsError ?? { code: "InvalidAction", message: "none" };
    const text = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
    return { status: 403, type, text };
  }
  const { accessKeyId, secretAccessKey, sessionToken } = fakeKeys.role;
  const text = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken><Expiration>${ends}</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>A:cloak-db</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/reader/cloak-db</Arn></AssumedRoleUser></AssumeRoleResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>`;
  return { status: 200, type, text };
}

/** https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token */
function entraAnswer(url: URL, { entraToken, lifeMs }: FakeCloud["state"]): Answer {
  const type = "application/json";
  if (entraToken === undefined)
    return {
      status: 400,
      type,
      text: JSON.stringify({ error: "invalid_request", error_description: "Identity not found" }),
    };
  const until = Math.floor((Date.now() + lifeMs) / 1000);
  const text = JSON.stringify({
    access_token: entraToken,
    expires_in: String(Math.floor(lifeMs / 1000)),
    expires_on: String(until),
    resource: url.searchParams.get("resource"),
    token_type: "Bearer",
  });
  return { status: 200, type, text };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
