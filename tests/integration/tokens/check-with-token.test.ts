import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnvironment } from "#lib/env.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import type { FormChange } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { openWorkspace } from "#lib/workspace.ts";
import { filesOf, foundIn } from "#tests/support/canaries.ts";
import { type FakeCloud, instanceVariables, startFakeCloud } from "#tests/support/fake-cloud.ts";
import { runCli, scratchFolder } from "#tests/support/run-cli.ts";
import { whyTokenIsRefused } from "#tests/support/sigv4.ts";
import { startTokenServer, type TokenServer } from "#tests/support/token-server.ts";

/** Saved connections that sign in with a token, from the sealed file to the server, as the command line does it. */
const dsqlHost = "abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws";
const azureHost = "shop.postgres.database.azure.com";
const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
/** Unmistakable. */
const awsSecret = "canary/aws+secret/7Q2x9Lm4Zk0000000000000";
const entraSecret = "canary~entra~secret~8R3y0Nn5";
const entraToken = "eyJhbGciOiJSUzI1NiJ9.eyJjYW5hcnkiOjEsImV4cCI6NDEwMjQ0NDgwMH0.Y2FuYXJ5";

const folder = scratchFolder();
let env: Record<string, string>;
let root: SampleCertificate;
let behind: SampleServer;
let cloud: FakeCloud;
let dsql: TokenServer;
let azure: TokenServer;
let entra: { readonly url: string; readonly asked: URLSearchParams[]; stop(): void };

beforeAll(async () => {
  root = await makeCertificate({ ca: true, commonNames: ["Cloud Root"] });
  const leaf = await makeCertificate({
    commonNames: [dsqlHost],
    dns: [dsqlHost, azureHost, "localhost"],
    issuer: root,
  });
  behind = await startPostgres({
    users: [{ name: "admin" }, { name: "reporting" }],
    hba: ["host all all 127.0.0.1/32 trust"],
  });
  cloud = await startFakeCloud();
  const keys = new Map([[accessKeyId, { secretAccessKey: awsSecret }]]);
  dsql = await startTokenServer({
    certificate: leaf,
    behind,
    check: (password) => {
      const asked = {
        service: "dsql",
        host: dsqlHost,
        region: "us-east-1",
        action: "DbConnectAdmin",
      } as const;
      const why = whyTokenIsRefused(password, { ...asked, now: new Date(), keys });
      return why === undefined ? undefined : { message: 'IAM authentication failed for user "admin"' };
    },
  });
  azure = await startTokenServer({
    certificate: leaf,
    behind,
    check: (password) => (password === entraToken ? undefined : { message: "no", code: "28P01" }),
  });
  entra = await startEntra(leaf);
  await writeFile(join(folder.path, "root.pem"), root.pem);
  await saveBoth();
});
afterAll(async () => {
  await Promise.all([behind?.stop(), cloud?.stop(), dsql?.stop(), azure?.stop()]);
  entra?.stop();
  folder.remove();
});

test("D7 a saved connection with a key pair, one with an application's secret; neither is told", async () => {
  const run = await runCli(["check", "--json", "Cluster", "Azure"], { env });
  const lines = run.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { ok: boolean; problem: unknown });
  expect(lines.map(({ ok, problem }) => ({ ok, problem }))).toEqual([
    { ok: true, problem: null },
    { ok: true, problem: null },
  ]);
  expect(entra.asked.at(-1)?.get("client_secret")).toBe(entraSecret);
  expect(entra.asked.at(-1)?.get("scope")).toContain("ossrdbms-aad.database.windows.net/.default");

  const signature = /X-Amz-Signature=(\w+)/.exec(dsql.passwords[0] ?? "")?.[1] ?? "no token came";
  const places = [{ from: "output", body: run.stdout + run.stderr }, ...filesOf(folder.path)];
  expect(places.some(({ from }) => from.endsWith("config.json"))).toBe(true);
  expect(foundIn(places, [awsSecret, entraSecret, entraToken, signature])).toEqual([]);
});

test("where a cloud's library was left out, it says which", async () => {
  const libraries = ["@aws-sdk/dsql-signer", "@azure/identity"];
  const hiding = {
    NODE_OPTIONS: `--import=${new URL("../../support/hide-packages.mjs", import.meta.url)}`,
    HIDDEN_PACKAGES: libraries.join(","),
  };
  const { stdout } = await runCli(["check", "--json", "Cluster", "Azure"], { env: { ...env, ...hiding } });
  const problems = stdout
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { problem: Problem }).problem);
  expect(problems.map(({ code, facts }) => [code, facts.name])).toEqual(
    libraries.map((library) => ["auth-token-library-missing", library]),
  );
});

/** A connection to each cloud, in a vault of their own. */
async function saveBoth(): Promise<void> {
  env = {
    CLOAK_DB_CONFIG_DIR: join(folder.path, "config"),
    ...instanceVariables(cloud),
    AZURE_AUTHORITY_HOST: entra.url,
    NODE_EXTRA_CA_CERTS: join(folder.path, "root.pem"),
  };
  const read = readEnvironment(env as unknown as NodeJS.ProcessEnv);
  if (!read.ok) throw new Error(read.problem.code);
  const workspace = await openWorkspace(read.value);
  if (!workspace.ok) throw new Error(workspace.problem.code);
  const save = async (change: FormChange) => {
    const common = {
      networkAddress: "127.0.0.1",
      trust: "own",
      ca: root.pem,
      tokenCredentials: "keys",
    } as const;
    const parsed = await parseProfileForm({ ...newFormValues, ...common, ...change });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
    expect((await workspace.value.profiles.create(parsed.value)).ok).toBe(true);
  };
  await save({
    name: "Cluster",
    host: dsqlHost,
    port: String(dsql.port),
    database: "postgres",
    user: "admin",
    signIn: "aurora-dsql-token",
    awsAccessKeyId: accessKeyId,
    tokenSecret: awsSecret,
  });
  await save({
    name: "Azure",
    host: azureHost,
    port: String(azure.port),
    database: "postgres",
    user: "reporting",
    signIn: "entra-token",
    entraTenant: "contoso.onmicrosoft.com",
    tokenSecret: entraSecret,
    entraClient: "11111111-2222-3333-4444-555555555555",
  });
}

/** Microsoft's sign-in service, as far as an application's secret needs it. */
async function startEntra({ chainPem, keyPem }: SampleCertificate): Promise<typeof entra> {
  const asked: URLSearchParams[] = [];
  const server = createServer({ cert: chainPem, key: keyPem }, async (request, response) => {
    let body = "";
    for await (const part of request) body += String(part);
    const base = `https://localhost:${(server.address() as AddressInfo).port}/contoso.onmicrosoft.com`;
    response.setHeader("Content-Type", "application/json");
    if (request.method === "POST") {
      asked.push(new URLSearchParams(body));
      response.end(JSON.stringify({ token_type: "Bearer", expires_in: 3599, access_token: entraToken }));
      return;
    }
    response.end(
      JSON.stringify({
        issuer: `${base}/v2.0`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}`, asked, stop: () => server.close() };
}
