import { expect, test } from "@playwright/test";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { answersTo, filesOf, foundIn } from "#tests/support/canaries.ts";
import { startConsole, type TestConsole } from "#tests/support/console-server.ts";
import { type FakeCloud, fakeKeys, instanceVariables, startFakeCloud } from "#tests/support/fake-cloud.ts";
import { look } from "#tests/support/look-at-page.ts";
import { connectAndSave, outcome, setUp, sqlEditor } from "#tests/support/person.ts";
import { type KnownKey, whyTokenIsRefused } from "#tests/support/sigv4.ts";
import { startTokenServer, type TokenServer } from "#tests/support/token-server.ts";

/** The way of a person whose password is a token, in front of servers that check it as the clouds do. */
const dsqlHost = "abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws";
const rdsHost = "shop.abc123.eu-west-1.rds.amazonaws.com";
const azureHost = "shop.postgres.database.azure.com";
const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
/** Unmistakable, and no word of any page. */
const awsSecret = "canary/aws+secret/4T6u1Vw8Xx0000000000000";
const entraToken = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"canary":2,"exp":4102444800}').toString("base64url")}.Y2FuYXJ5`;

let root: SampleCertificate;
let behind: SampleServer;
let cloud: FakeCloud;
let consoleServer: TestConsole;
const servers: TokenServer[] = [];

test.beforeAll(async () => {
  test.setTimeout(300_000);
  root = await makeCertificate({ ca: true, commonNames: ["Cloud Root"] });
  behind = await startPostgres({
    users: [{ name: "admin" }, { name: "reporting" }],
    hba: ["host all all 127.0.0.1/32 trust"],
  });
  cloud = await startFakeCloud();
  cloud.state.entraToken = entraToken;
  consoleServer = await startConsole({ env: instanceVariables(cloud) });
});
test.afterAll(async () => {
  await consoleServer?.stop();
  await Promise.all([...servers.map((one) => one.stop()), behind?.stop(), cloud?.stop()]);
});

async function tokenServer(check: (password: string) => string | undefined): Promise<TokenServer> {
  const certificate = await makeCertificate({
    commonNames: [dsqlHost],
    dns: [dsqlHost, rdsHost, azureHost],
    issuer: root,
  });
  const server = await startTokenServer({
    certificate,
    behind,
    check: (password) =>
      check(password) === undefined ? undefined : { message: "IAM authentication failed" },
  });
  servers.push(server);
  return server;
}

test("D5, D6, D7: tokens from keys, from the host and from Entra sign in; none is told or kept", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const keys = new Map<string, KnownKey>([
    [accessKeyId, { secretAccessKey: awsSecret }],
    [fakeKeys.instance.accessKeyId, fakeKeys.instance],
  ]);
  const checked =
    (asked: Omit<Parameters<typeof whyTokenIsRefused>[1], "now" | "keys">) => (password: string) =>
      whyTokenIsRefused(password, { ...asked, now: new Date(), keys });
  const dsql = await tokenServer(
    checked({ service: "dsql", host: dsqlHost, region: "us-east-1", action: "DbConnectAdmin" }),
  );
  const rds: TokenServer = await tokenServer((password) =>
    checked({
      service: "rds-db",
      host: `${rdsHost}:${rds.port}`,
      region: "eu-west-1",
      action: "connect",
      user: "reporting",
    })(password),
  );
  const azure = await tokenServer((password) => (password === entraToken ? undefined : "another"));

  const answers = answersTo(page);
  await setUp(page, consoleServer);

  await test.step("Aurora DSQL: the command of its documentation, and a key pair", async () => {
    await paste(
      `PGSSLMODE=verify-full PGPASSWORD="$(aws dsql generate-db-connect-admin-auth-token --region us-east-1 --expires-in 3600 --hostname ${dsqlHost})" psql --host ${dsqlHost} --username admin --dbname postgres --port ${dsql.port}`,
    );
    await expect(page.getByRole("combobox", { name: "Sign in with" })).toHaveValue("aurora-dsql-token");
    await expect(page.getByRole("textbox", { name: "Token lifetime" })).toHaveValue("3600");
    await page.getByRole("combobox", { name: "Credentials" }).selectOption("keys");
    await page.getByRole("textbox", { name: "Access key ID" }).fill(accessKeyId);
    await page.getByLabel("Secret key").fill(awsSecret);
    expect(await tried()).toBe("connected");
    expect(await look(page)).toEqual([]);
    await connectAndSave(page);
    await expect(page.getByText(/expires in (59|60) minutes/)).toBeVisible();
    await sqlEditor(page).fill("select current_user as who");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(page.getByRole("grid", { name: "Result" })).toContainText("admin");
    const id = page.url().split("/").pop();
    await page.goto(`${consoleServer.url}/settings/connections/${id}`);
    await expect(page.getByRole("textbox", { name: "Access key ID" })).toHaveValue(accessKeyId);
    await expect(page.getByText("Stored", { exact: true })).toBeVisible();
    expect(await tried()).toBe("connected");
  });

  await test.step("RDS: the host's own credentials", async () => {
    await paste(`postgres://reporting@${rdsHost}:${rds.port}/postgres?sslmode=verify-full`);
    await page.getByRole("combobox", { name: "Sign in with" }).selectOption("rds-token");
    expect(await tried()).toBe("connected");
    expect(rds.passwords[0]).toContain(fakeKeys.instance.accessKeyId);
  });

  await test.step("Entra: the host's managed identity", async () => {
    await paste(`postgres://reporting@${azureHost}:${azure.port}/postgres?sslmode=verify-full`);
    await page.getByRole("combobox", { name: "Sign in with" }).selectOption("entra-token");
    expect(await tried()).toBe("connected");
  });

  const signatures = [dsql, rds].flatMap(({ passwords }) =>
    passwords.map((one) => /X-Amz-Signature=(\w+)/.exec(one)?.[1] ?? "no token came"),
  );
  // Two tests, the page's own session and the tree's beside it; and one test.
  expect(signatures).toHaveLength(5);
  // A new token for every physical connection; those of the same second are the same.
  expect(new Set(dsql.passwords).size).toBeGreaterThanOrEqual(3);
  const instance = [fakeKeys.instance.secretAccessKey, fakeKeys.instance.sessionToken];
  const secrets = [awsSecret, entraToken, ...instance, ...signatures];
  const kept = [...filesOf(consoleServer.configDir), ...filesOf(consoleServer.stateDir)];
  const places = [...answers, { from: "log", body: consoleServer.log() }, ...kept];
  expect(foundIn(places, secrets)).toEqual([]);
  // The net has no hole: what is shown on purpose was seen.
  expect(answers.some(({ body }) => body.includes(accessKeyId))).toBe(true);
  expect(kept.length).toBeGreaterThan(0);

  async function paste(text: string) {
    await page.goto(`${consoleServer.url}/connections/new`);
    await page.getByRole("textbox", { name: "Connection string" }).fill(text);
    await page.getByText("Advanced", { exact: true }).click();
    await page.getByRole("textbox", { name: "Network address" }).fill("127.0.0.1");
    await page.getByRole("radio", { name: /^This certificate/ }).check();
    await page.getByRole("textbox", { name: "CA certificate" }).fill(root.pem);
  }

  async function tried(): Promise<string> {
    await page.getByRole("button", { name: "Test connection" }).click();
    return outcome(page);
  }
});
