import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import tls from "node:tls";
import { expect, type Page, test } from "@playwright/test";
import { catalogue, type ProblemCode } from "#lib/problems/catalogue.ts";
import { makeCertificate, makeCrl, rewriteKey, type SampleCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, type ServerSettings, startPostgres } from "#lib/samples/postgres-server.ts";
import { startConsole, type TestConsole } from "#tests/support/console-server.ts";
import { outcome, signIn, testConnection } from "#tests/support/person.ts";
import { runCli } from "#tests/support/run-cli.ts";

// For each problem with a fix of one click: it is applied, and the connection stands, or meets the next problem.

const user = "app";
const password = "correct-horse";
const dsqlHost = `${"a".repeat(26)}.dsql.us-east-1.on.aws`;
const server = { purposes: ["serverAuth"] } as const;

let folder: string;
let storeFile: string;
let certificates: Awaited<ReturnType<typeof makeAll>>;
let postgres: SampleServer;
let consoleServer: TestConsole;
let page: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  folder = mkdtempSync(path.join(tmpdir(), "cloak-db-fixes-"));
  storeFile = path.join(folder, "store.pem");
  certificates = await makeAll();
  // This host trusts one authority, as a company's own may be in the system's store.
  writeFileSync(storeFile, certificates.companyRoot.pem);
  [postgres, consoleServer] = await Promise.all([
    startPostgres({
      certificate: certificates.good,
      users: [
        { name: user, password },
        { name: "other", password },
      ],
    }),
    startConsole({ env: { SSL_CERT_FILE: storeFile } }),
  ]);
  page = await browser.newPage();
  await signIn(page, consoleServer);
});
test.afterAll(async () => {
  await page?.close();
  await Promise.all([consoleServer?.stop(), postgres?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

test.describe("the chain", () => {
  test("tls-unknown-ca: the authority that the server sent is trusted", async () => {
    const { good, root } = certificates;
    await serve({ certificate: { chainPem: good.chainPem + root.pem, keyPem: good.keyPem } });
    await open();
    await meet("tls-unknown-ca");
    const offer = page.getByRole("listitem").filter({ has: fix("Trust the CA that the server sent") });
    await expect(offer).toContainText(root.x509.fingerprint256);
    await apply("Trust the CA that the server sent", "connected");
    await proved("Verified: chain and name");
  });

  test("tls-unknown-ca: a store that vouches is chosen, together with Verify Full", async () => {
    await serve({ certificate: certificates.company });
    await open({ sslmode: "require" }, { ca: certificates.root });
    await meet("tls-unknown-ca");
    await apply("Use the system trust store", "connected");
    await proved("Verified: chain and name");
  });

  test("trust-system-store-missing: Mozilla's roots do not know a private authority either", async () => {
    await serve({ certificate: certificates.company });
    rmSync(storeFile);
    try {
      await open();
      await meet("trust-system-store-missing");
      await apply("Use the Mozilla trust store", "tls-unknown-ca");
    } finally {
      writeFileSync(storeFile, certificates.companyRoot.pem);
    }
  });

  test("tls-self-signed, tls-pin-changed: pinned, and pinned anew with both in sight", async () => {
    const { selfSigned, renewed } = certificates;
    await serve({ certificate: selfSigned });
    await open();
    await meet("tls-self-signed");
    await apply("Trust exactly this certificate", "connected");
    await proved("Pinned");

    await postgres.swapCertificate(renewed);
    await meet("tls-pin-changed");
    const both = page.getByRole("table", { name: "The trusted certificate and the one the server sent" });
    await expect(both.getByRole("columnheader", { name: "Trusted until now" })).toBeVisible();
    await expect(both).toContainText(selfSigned.x509.fingerprint256);
    await expect(both).toContainText(renewed.x509.fingerprint256);
    const offer = page.getByRole("listitem").filter({ has: fix("Trust the new certificate") });
    await expect(offer).toContainText(selfSigned.x509.fingerprint256);
    await expect(offer).toContainText(renewed.x509.fingerprint256);
    await apply("Trust the new certificate", "connected");
    await proved("Pinned");
  });

  test("tls-intermediate-missing: added once another server has shown it", async () => {
    const { shortChain, fromMiddle, root } = certificates;
    await serve({ certificate: { chainPem: shortChain.pem, keyPem: shortChain.keyPem } });
    await open({}, { ca: root });
    await meet("tls-intermediate-missing");
    await expect(fix("Add the intermediate certificate")).toHaveCount(0);

    await postgres.swapCertificate(fromMiddle);
    expect(await testConnection(page)).toBe("connected");

    await postgres.swapCertificate({ chainPem: shortChain.pem, keyPem: shortChain.keyPem });
    await meet("tls-intermediate-missing");
    await apply("Add the intermediate certificate", "connected");
    await proved("Verified: chain and name");
  });

  test("tls-anchor-is-intermediate: the root that the server sent is trusted", async () => {
    const { fromMiddle, middle, root } = certificates;
    await serve({ certificate: { chainPem: fromMiddle.chainPem + root.pem, keyPem: fromMiddle.keyPem } });
    await open({}, { ca: middle });
    await meet("tls-anchor-is-intermediate");
    await apply("Trust the CA that the server sent", "connected");
  });

  test("tls-expired: encrypted without a check, if the person says so", async () => {
    await serve({ certificate: certificates.expired });
    await open({}, { ca: certificates.root });
    await meet("tls-expired");
    await apply("Use Require: encrypt without checks", "connected");
    await proved("Encrypted, not verified");
    await open({}, { ca: certificates.root });
    await meet("tls-expired");
    await apply("Allow self-signed certificates: check nothing", "connected");
    await proved("Encrypted, not verified");
  });

  test("tls-not-yet-valid, tls-wrong-purpose, tls-weak-key, tls-weak-signature: no check, either", async () => {
    const { early, forCode, underWeakKey, weakRoot, underWeakSignature, weaklySigned, root } = certificates;
    const rows = [
      ["tls-not-yet-valid", early, root.pem],
      ["tls-wrong-purpose", forCode, root.pem],
      ["tls-weak-key", underWeakKey, weakRoot.pem],
      [
        "tls-weak-signature",
        { ...underWeakSignature, chainPem: underWeakSignature.pem },
        weaklySigned.pem + root.pem,
      ],
    ] as const;
    for (const [code, certificate, ca] of rows) {
      await serve({ certificate });
      await open({}, { ca: { pem: ca } });
      await meet(code);
      await apply("Use Require: encrypt without checks", "connected");
      await proved("Encrypted, not verified");
    }
  });

  test("tls-crl-missing: without the lists", async () => {
    await serve({ certificate: certificates.good });
    await open({}, { ca: certificates.root });
    await page.getByText("Advanced", { exact: true }).click();
    const { pem } = await makeCrl({ issuer: certificates.companyRoot });
    await page.getByRole("textbox", { name: "Revocation list" }).fill(pem);
    await meet("tls-crl-missing");
    await apply("Stop checking revocation lists", "connected");
    await proved("Verified: chain and name");
  });
});

test.describe("the host's name", () => {
  test("tls-hostname-mismatch: by the certificate's name", async () => {
    await serve({ certificate: certificates.localhostOnly });
    await open({ host: "127.0.0.1" }, { ca: certificates.root });
    await meet("tls-hostname-mismatch");
    await apply("Use the certificate’s name localhost", "connected");
    await proved("Verified: chain and name");
  });

  test("tls-hostname-mismatch: that name is verified, this address dialled", async () => {
    await serve({ certificate: certificates.elsewhere });
    await open({}, { ca: certificates.root });
    await meet("tls-hostname-mismatch");
    await apply("Verify db.example.test, connect to the same address", "connected");
    await proved("Verified: chain and name");
    await expect(page.getByRole("textbox", { name: "Host" })).toHaveValue("db.example.test");
  });

  test("tls-hostname-mismatch: the chain alone, for an authority of one's own", async () => {
    await serve({ certificate: certificates.elsewhere });
    await open({}, { ca: certificates.root });
    await meet("tls-hostname-mismatch");
    await apply("Use Verify CA: skip the host name check", "connected");
    await proved("Verified: chain");
  });
});

test.describe("TLS or not, and which", () => {
  test("tls-not-offered: in plain text", async () => {
    await serve({ settings: { ssl: false } });
    await open({ channel_binding: "prefer" }, { ca: certificates.root });
    await meet("tls-not-offered");
    await apply("Turn SSL off: use plain text", "connected");
    await proved("Not encrypted");
  });

  test("tls-not-offered: channel binding needs TLS, and leaves with it", async () => {
    await serve({ settings: { ssl: false } });
    await open({ channel_binding: "require" }, { ca: certificates.root });
    await meet("tls-not-offered");
    await apply("Turn SSL off: use plain text", "connected");
  });

  test("auth-tls-required: SSL is turned on, with everything checked", async () => {
    await serve({ certificate: certificates.company, hba: ["hostssl all all all scram-sha-256"] });
    await open({ sslmode: "disable" });
    await meet("auth-tls-required");
    await apply("Turn SSL on", "connected");
    await proved("Verified: chain and name");
  });

  test("auth-tls-required: the fix meets what is wrong next", async () => {
    await serve({ certificate: certificates.selfSigned, hba: ["hostssl all all all scram-sha-256"] });
    await open({ sslmode: "disable" });
    await meet("auth-tls-required");
    await apply("Turn SSL on", "tls-self-signed");
  });

  test("tls-version-refused: the least version is lowered", async () => {
    await serve({ settings: { ssl_max_protocol_version: "TLSv1.2" } });
    await open({ ssl_min_protocol_version: "TLSv1.3" }, { ca: certificates.root });
    await meet("tls-version-refused");
    await apply("Lower the minimum TLS version", "connected");
    await expect(page.getByRole("status", { name: "Connection result" })).toContainText("TLSv1.2");
  });

  test("tls-version-refused: the highest version is raised", async () => {
    await serve({ settings: { ssl_min_protocol_version: "TLSv1.3" } });
    await open({ ssl_max_protocol_version: "TLSv1.2" }, { ca: certificates.root });
    await meet("tls-version-refused");
    await apply("Raise the maximum TLS version", "connected");
    await expect(page.getByRole("status", { name: "Connection result" })).toContainText("TLSv1.3");
  });

  test("tls-cipher-refused: the newer version has ciphers of its own", async () => {
    await serve({ settings: { ssl_ciphers: "ECDHE-RSA-AES128-GCM-SHA256" } });
    await open({ ssl_max_protocol_version: "TLSv1.2" }, { ca: certificates.root });
    await meet("tls-cipher-refused");
    await apply("Raise the maximum TLS version", "connected");
  });

  test("auth-tls-not-allowed: in plain text, and the rule for that is met", async () => {
    await serve({ hba: ["hostnossl all all all reject"] });
    await open({ sslmode: "prefer" });
    await meet("auth-tls-not-allowed");
    await apply("Turn SSL off: use plain text", "auth-rule-reject");
  });

  test("tls-direct-refused, tls-alpn-refused, net-timeout: by PostgreSQL's own negotiation", async () => {
    await serve({});
    for (const [onDirectTls, code] of [
      [closeIt, "tls-direct-refused"],
      [await anotherProtocol(), "tls-alpn-refused"],
      [() => undefined, "net-timeout"],
    ] as const) {
      const door = await frontDoor(onDirectTls);
      try {
        await open(
          { port: door.port, sslnegotiation: "direct", connect_timeout: 3 },
          { ca: certificates.root },
        );
        await meet(code);
        await apply("Negotiate TLS with SSLRequest", "connected");
      } finally {
        await door.close();
      }
    }
  });
});

test.describe("signing in", () => {
  test("auth-method-refused: a weak password to a server that is verified, or allowed", async () => {
    await serve({ hba: ["host all all all password"] });
    await open({ sslmode: "verify-ca" }, { ca: certificates.root });
    await meet("auth-method-refused");
    await apply("Use Verify Full", "connected");
    await open({ sslmode: "verify-ca" }, { ca: certificates.root });
    await meet("auth-method-refused");
    await apply("Allow weak sign-in methods for this connection", "connected");
    await proved("Verified: chain");
  });

  test("auth-channel-binding-unavailable: bound where it can be", async () => {
    await serve({ hba: ["host all all all password"] });
    await open({ channel_binding: "require" }, { ca: certificates.root });
    await meet("auth-channel-binding-unavailable");
    await apply("Set channel binding to Prefer", "connected");
  });

  test("auth-channel-binding-unsupported: an Ed25519 signature is bound to nothing", async () => {
    const { ofEd25519, ed25519Root } = certificates;
    await serve({ certificate: ofEd25519 });
    await open({}, { ca: ed25519Root });
    await meet("auth-channel-binding-unsupported");
    await apply("Turn channel binding off", "connected");
    await proved("Verified: chain and name");
  });

  test("auth-endpoint-conflict, server-feature-unsupported: without the options", async () => {
    await serve({});
    for (const [code, state, text] of [
      [
        "auth-endpoint-conflict",
        "08P01",
        "Inconsistent project name inferred from SNI ('a') and project option ('b').",
      ],
      ["server-feature-unsupported", "0A000", "Feature not supported: sessions of this kind."],
    ] as const) {
      const door = await optionsDoor(errorResponse(`SERROR\0C${state}\0M${text}\0\0`));
      try {
        await open({ port: door.port, options: "-c geqo=off" }, { ca: certificates.root });
        await meet(code);
        await apply("Remove the options", "connected");
      } finally {
        await door.close();
      }
    }
  });

  test("client-certificate-unknown-ca and its kin: without the certificate", async () => {
    const { clientOfOthers, clientRevoked, clientRoot, clientForOther, clientEarly, serverAsClient } =
      certificates;
    const revoked = (await makeCrl({ issuer: clientRoot, revoked: [clientRevoked] })).pem;
    const rows = [
      ["client-certificate-unknown-ca", clientOfOthers, {}],
      ["client-certificate-revoked", clientRevoked, { crl: revoked }],
      ["client-certificate-wrong-purpose", serverAsClient, {}],
      ["client-certificate-refused", clientEarly, {}],
      ["auth-client-certificate-other-user", clientForOther, { hba: verifyFullClients }],
    ] as const;
    for (const [code, client, settings] of rows) {
      await serve({ ca: clientRoot.pem, ...settings });
      await open({}, { ca: certificates.root, client });
      await meet(code);
      const next = code.startsWith("auth-") ? "auth-client-certificate-missing" : "connected";
      await apply("Remove the client certificate", next);
    }
  });

  test("auth-client-certificate-missing: certificate, key and passphrase in one card, by one press", async () => {
    const { clientForApp, clientRoot, root } = certificates;
    await serve({ ca: clientRoot.pem, hba: verifyFullClients });
    await open({}, { ca: root });
    await meet("auth-client-certificate-missing");
    const key = rewriteKey(clientForApp.keyPem, "pkcs8", "open-sesame");
    await page
      .getByRole("textbox", { name: "Certificate and key", exact: true })
      .fill(key + clientForApp.pem);
    await page.getByLabel("Passphrase, if the key has one").fill("open-sesame");
    await apply("Add the client certificate and its key", "connected");
    await expect(page.getByRole("textbox", { name: "Client key" })).toHaveValue(key);
  });

  test("auth-token-region-wrong: by the region that the host names (D6, D7)", async () => {
    await serve({ certificate: certificates.dsql, hba: ["host all all all password"] });
    await open({ host: dsqlHost, hostaddr: "127.0.0.1" }, { ca: certificates.root });
    await page.getByRole("combobox", { name: "Sign in with" }).selectOption("aurora-dsql-token");
    await page.getByRole("textbox", { name: "AWS region" }).fill("eu-west-1");
    await page.getByRole("combobox", { name: "Credentials" }).selectOption("keys");
    await page.getByRole("textbox", { name: "Access key ID" }).fill("AKIDEXAMPLE000000001");
    await page.getByLabel("Secret key", { exact: true }).fill("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    await meet("auth-token-region-wrong");
    // The server is no DSQL cluster: it knows no token, whatever its region.
    await apply("Use the region in the host name", "auth-token-refused");
    await expect(page.getByRole("textbox", { name: "AWS region" })).toHaveValue("");
  });

  test("startup-parameter-refused: without the options", async () => {
    await serve({});
    await open({ options: "-c no_such_setting=1" }, { ca: certificates.root });
    await meet("startup-parameter-refused");
    await apply("Remove the options", "connected");
  });

  test("auth-sni-required: with the host's name", async () => {
    await serve({});
    const door = await sniDoor();
    try {
      await open({ port: door.port, sslsni: "0" }, { ca: certificates.root });
      await meet("auth-sni-required");
      await apply("Send the host name in the TLS handshake (SNI)", "connected");
    } finally {
      await door.close();
    }
  });
});

test("looking only: what a fix needs is seen, nobody is signed in, and the log knows", async () => {
  const { good, root } = certificates;
  await serve({
    certificate: { chainPem: good.chainPem + root.pem, keyPem: good.keyPem },
    settings: { log_connections: "on" },
  });
  const sessions = () => postgres.log().match(/connection authorized/g)?.length ?? 0;
  await open();
  // The box for the CA is empty yet: that is why somebody looks.
  await page.getByRole("radio", { name: /^This certificate/ }).check();
  const before = sessions();
  await page.getByRole("button", { name: "Inspect certificate" }).click();
  expect(await outcome(page)).toBe("tls-unknown-ca");
  expect(sessions()).toBe(before);
  await apply("Trust the CA that the server sent", "connected");
  await expect.poll(sessions).toBeGreaterThan(before);
  await page.getByRole("button", { name: "Inspect certificate" }).click();
  const result = page.getByRole("status", { name: "Connection result" });
  await expect(result).toContainText("No sign-in took place");
  await proved("Verified: chain and name");
  await result.getByRole("button", { name: "View full report" }).click();
  await expect(page.getByRole("dialog", { name: "TLS report" })).toContainText(root.x509.fingerprint256);

  await page.goto(`${consoleServer.url}/settings/audit`);
  const log = page.getByRole("region", { name: "Audit" });
  await expect(log.getByRole("listitem").first()).toContainText("Inspect a certificate");
  await expect(log.getByRole("listitem").first()).toContainText(`localhost:${postgres.port}`);
  // The chain is checked behind the page.
  await expect(async () => {
    await page.reload();
    await expect(log).toContainText(/unchanged since they were written\. Checked /, { timeout: 1000 });
  }).toPass();
  const lines = await log.getByRole("listitem").count();
  await page.goto(`${consoleServer.url}/settings/audit?before=0`);
  await expect(log.getByRole("listitem")).toHaveCount(0);
  await log.getByRole("link", { name: "Newest" }).click();
  await expect(log.getByRole("listitem")).toHaveCount(lines);
});

test("the command line lists what can be done in the catalogue's order", async () => {
  const { stdout } = await runCli(["problems", "--json"]);
  const told = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { code: ProblemCode; fixes: { id: string }[] });
  for (const { code, fixes } of told) expect(fixes.map(({ id }) => id)).toEqual(catalogue[code].fixes);
});

test("a stored client key leaves with its certificate", async () => {
  const { clientRoot, clientOfOthers, root } = certificates;
  await serve({});
  await open({}, { ca: root, client: clientOfOthers });
  await page.getByRole("textbox", { name: "Name" }).fill("With a key");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("link", { name: "With a key", exact: true })).toBeVisible();
  await page.goto(`${consoleServer.url}/settings`);
  const row = page.getByRole("group", { name: "Actions for With a key" });
  await row.getByRole("link", { name: "Edit" }).click();
  await expect(page).toHaveURL(/\/settings\/connections\//);
  await serve({ ca: clientRoot.pem });
  await meet("client-certificate-unknown-ca");
  await apply("Remove the client certificate", "connected");
});

const everybody = ["host all all all scram-sha-256"];
const verifyFullClients = ["hostssl all all all scram-sha-256 clientcert=verify-full"];

/** The server as a test wants it; what the test does not name is as in the beginning. */
async function serve(settings: ServerSettings): Promise<void> {
  await postgres.change({
    certificate: certificates.good,
    ca: "",
    crl: "",
    hba: everybody,
    ...settings,
    settings: {
      ...(settings.ca === undefined ? { ssl_ca_file: "" } : {}),
      ...(settings.crl === undefined ? { ssl_crl_file: "" } : {}),
      ...settings.settings,
    },
  });
}

interface Given {
  /** Pasted as "This certificate". */
  readonly ca?: Pick<SampleCertificate, "pem">;
  readonly client?: SampleCertificate;
}

/** A new form, filled as a person does: a pasted string, then the certificates. */
async function open(parameters: Record<string, string | number> = {}, given: Given = {}): Promise<void> {
  const { host = "localhost", port = postgres.port, ...more } = parameters;
  const query = Object.entries({ sslmode: "verify-full", ...more })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  await page.goto(`${consoleServer.url}/connections/new`);
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(`postgres://${user}:${password}@${host}:${port}/postgres?${query}`);
  await expect(page.getByRole("textbox", { name: "Port" })).toHaveValue(String(port));
  if (given.ca !== undefined) {
    await page.getByRole("radio", { name: /^This certificate/ }).check();
    await page.getByRole("textbox", { name: "CA certificate" }).fill(given.ca.pem);
  }
  if (given.client !== undefined) {
    const box = page.getByRole("textbox", { name: "Client certificate" });
    if (!(await box.isVisible())) await page.getByText("Mutual TLS", { exact: true }).click();
    await box.fill(given.client.chainPem);
    await page.getByRole("textbox", { name: "Client key" }).fill(given.client.keyPem);
  }
}

async function meet(code: string): Promise<void> {
  expect(await testConnection(page)).toBe(code);
}

function fix(title: string) {
  return page.getByRole("button", { name: `Apply: ${title}` });
}

/** One click, and how the test ends that follows by itself. */
async function apply(title: string, end: string): Promise<void> {
  const before = page.getByRole("region", { name: "Connection test" }).getByRole("alert");
  const old = await before.elementHandle();
  await fix(title).click();
  // The alert of the problem that was fixed must not be taken for the next one.
  await page.waitForFunction((alert) => alert?.isConnected !== true, old);
  expect(await outcome(page)).toBe(end);
}

async function proved(words: string): Promise<void> {
  const result = page.getByRole("status", { name: "Connection result" });
  await expect(result.getByText(words, { exact: true })).toBeVisible();
}

async function makeAll() {
  const here = { dns: ["localhost"], ip: ["127.0.0.1", "::1"], ...server } as const;
  const day = 86_400_000;
  const authority = (name: string) => makeCertificate({ commonNames: [name], ca: true });
  const [root, companyRoot, clientRoot, strangers] = await Promise.all(
    ["Server Root", "Company Root", "Client Root", "Strangers Root"].map(authority),
  );
  if (!root || !companyRoot || !clientRoot || !strangers) throw new Error("an authority is missing");
  const ed25519Root = await makeCertificate({ commonNames: ["Ed25519 Root"], ca: true, key: "ed25519" });
  const middle = await makeCertificate({ commonNames: ["Issuing Intermediate"], ca: true, issuer: root });
  const from = (issuer: SampleCertificate, more: Parameters<typeof makeCertificate>[0] = {}) =>
    makeCertificate({ commonNames: ["localhost"], ...here, issuer, ...more });
  const weakRoot = await makeCertificate({ commonNames: ["Weak Root"], ca: true, key: "rsa-512" });
  const weaklySigned = await makeCertificate({
    commonNames: ["Old Intermediate"],
    ca: true,
    issuer: root,
    hash: "SHA-1",
  });
  const client = (name: string, issuer: SampleCertificate) =>
    makeCertificate({ commonNames: [name], purposes: ["clientAuth"], issuer });
  return {
    root,
    companyRoot,
    clientRoot,
    middle,
    good: await from(root),
    company: await from(companyRoot),
    shortChain: await from(middle),
    fromMiddle: await from(middle),
    expired: await from(root, {
      notBefore: new Date(Date.now() - 100 * day),
      notAfter: new Date(Date.now() - 3 * day),
    }),
    ed25519Root,
    ofEd25519: await from(ed25519Root),
    dsql: await from(root, { commonNames: [dsqlHost], dns: [dsqlHost], ip: [] }),
    localhostOnly: await from(root, { ip: [] }),
    elsewhere: await from(root, { commonNames: ["db.example.test"], dns: ["db.example.test"], ip: [] }),
    selfSigned: await makeCertificate({ commonNames: ["localhost"], ...here }),
    renewed: await makeCertificate({ commonNames: ["localhost"], ...here }),
    early: await from(root, { notBefore: new Date(Date.now() + day) }),
    forCode: await from(root, { purposes: ["codeSigning"] }),
    weakRoot,
    underWeakKey: await from(weakRoot),
    weaklySigned,
    underWeakSignature: await from(weaklySigned),
    clientOfOthers: await client(user, strangers),
    clientRevoked: await client(user, clientRoot),
    clientEarly: await makeCertificate({
      commonNames: [user],
      purposes: ["clientAuth"],
      issuer: clientRoot,
      notBefore: new Date(Date.now() + day),
    }),
    clientForApp: await client(user, clientRoot),
    clientForOther: await client("other", clientRoot),
    serverAsClient: await makeCertificate({
      commonNames: [user],
      purposes: ["serverAuth"],
      issuer: clientRoot,
    }),
  };
}

interface Door {
  readonly port: number;
  close(): Promise<void>;
}

/** PostgreSQL before version 17: direct TLS is nothing it knows. */
function closeIt(socket: net.Socket): void {
  socket.destroy();
}

/** Something in between that ends TLS and has never heard of ALPN. */
async function anotherProtocol(): Promise<(socket: net.Socket) => void> {
  const { chainPem, keyPem } = certificates.good;
  const secure = tls.createServer({ cert: chainPem, key: keyPem }, (socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
  secure.unref();
  const { port } = secure.address() as net.AddressInfo;
  return (socket) => pipe(socket, port);
}

/** In front of the real server; a connection that begins with a TLS record is somebody else's. */
function frontDoor(onDirectTls: (socket: net.Socket) => void): Promise<Door> {
  return listen((socket) => {
    socket.once("data", (first) => {
      socket.pause();
      socket.unshift(first);
      // RFC 8446 section 5.1: the type of a handshake record.
      if (first[0] === 0x16) onDirectTls(socket);
      else pipe(socket);
    });
  });
}

/** Neon's proxy finds the server by the name in the handshake, and says so when there is none. */
function sniDoor(): Promise<Door> {
  return listen((socket) => {
    socket.once("data", () => {
      socket.write("S");
      const { chainPem, keyPem } = certificates.good;
      const secured = new tls.TLSSocket(socket, { isServer: true, cert: chainPem, key: keyPem });
      secured.on("error", () => undefined);
      secured.on("secure", () => {
        if (Reflect.get(secured, "servername")) pipe(secured);
        else secured.once("data", () => secured.end(endpointUnknown));
      });
    });
  });
}

/** A proxy that takes no options, in front of a server that would. */
function optionsDoor(refusal: Buffer): Promise<Door> {
  return listen((socket) => {
    socket.once("data", () => {
      socket.write("S");
      const { chainPem, keyPem } = certificates.good;
      const secured = new tls.TLSSocket(socket, { isServer: true, cert: chainPem, key: keyPem });
      secured.on("error", () => undefined);
      secured.once("data", (first) => {
        if (first.includes("\0options\0")) {
          secured.end(refusal);
          return;
        }
        secured.pause();
        secured.unshift(first);
        pipe(secured);
      });
    });
  });
}

const endpointUnknown = errorResponse("SERROR\0C08P01\0MEndpoint ID is not specified\0\0");

function errorResponse(fields: string): Buffer {
  const body = Buffer.from(fields);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function pipe(socket: net.Socket, port = postgres.port): void {
  const onward = net.connect(port, "127.0.0.1");
  const end = () => {
    socket.destroy();
    onward.destroy();
  };
  for (const one of [socket, onward]) one.on("error", end).on("close", end);
  socket.pipe(onward).pipe(socket);
}

async function listen(onSocket: (socket: net.Socket) => void): Promise<Door> {
  const sockets = new Set<net.Socket>();
  const listening = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const address = listening.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        listening.close(() => resolve());
      }),
  };
}
