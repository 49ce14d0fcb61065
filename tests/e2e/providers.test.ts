import type { Page } from "@playwright/test";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import type { TestConsole } from "#tests/support/console-server.ts";
import { startDeafPort } from "#tests/support/deaf-port.ts";
import { signIn, testConnection } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

const dsql = "abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws";
const citus = "c-shop.12345678901234.postgres.cosmos.azure.com";

/** A server that takes TLS alone, as Azure's do, behind a host name of Azure's. */
let azure: SampleServer;
let root: string;

test.beforeAll(async () => {
  const ca = await makeCertificate({ commonNames: ["Azure Root"], ca: true });
  root = ca.pem;
  azure = await startPostgres({
    certificate: await makeCertificate({ commonNames: [citus], dns: [citus], issuer: ca }),
    users: [{ name: "citus", password: "sesame seeds" }],
    databases: ["citus"],
    hba: ["hostssl all all all scram-sha-256"],
  });
});
test.afterAll(() => azure?.stop());

test.describe("Aurora DSQL", () => {
  test("D1: SSL off is refused with the reason, and nothing is saved", async ({ page, consoleServer }) => {
    await paste(page, consoleServer, dsql);
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("In the clear");
    // The provider's own settings come first.
    await expect(page.getByRole("textbox", { name: "User", exact: true })).toHaveValue("admin");
    await page.getByRole("switch", { name: "SSL" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("This service accepts only encrypted connections").first()).toBeVisible();
    await expect(page).toHaveURL(/\/connections\/new/);
    await page.goto(`${consoleServer.url}/connections`);
    await expect(page.getByText("In the clear")).toHaveCount(0);
  });

  test("D2: Verify Full is chosen for such a host, and what was set is said", async ({
    page,
    consoleServer,
  }) => {
    await paste(page, consoleServer, dsql);
    await expect(page.getByRole("radio", { name: /^Verify Full/ })).toBeChecked();
    await expect(page.getByRole("textbox", { name: "User", exact: true })).toHaveValue("admin");
    await expect(page.getByRole("textbox", { name: "Database" })).toHaveValue("postgres");
    await expect(page.getByText(/Amazon Aurora DSQL/).first()).toBeVisible();
  });
});

test.describe("Azure Cosmos DB for PostgreSQL", () => {
  test("H1: TLS is the default, and a refusal for want of it is explained and fixed", async ({
    page,
    consoleServer,
  }) => {
    await paste(page, consoleServer, `postgres://citus:sesame%20seeds@${citus}:${azure.port}/citus`);
    await expect(page.getByRole("switch", { name: "SSL" })).toBeChecked();
    await expect(page.getByRole("radio", { name: /^Verify Full/ })).toBeChecked();
    await dialHere(page);
    await page.getByRole("switch", { name: "SSL" }).click();
    expect(await testConnection(page)).toBe("auth-tls-required");
    await expect(page.getByRole("button", { name: /^Apply: Turn SSL on/ })).toBeVisible();
  });

  for (const [form, text] of [
    [
      "ADO.NET",
      (port: number) =>
        `Server=${citus};Database=citus;Port=${port};User Id=citus;Password={your_password};Ssl Mode=Require;`,
    ],
    [
      "JDBC",
      (port: number) =>
        `jdbc:postgresql://${citus}:${port}/citus?user=citus&password={your_password}&sslmode=require`,
    ],
    [
      "Node.js",
      (port: number) =>
        `host=${citus} port=${port} dbname=citus user=citus password={your_password} sslmode=required`,
    ],
    [
      "libpq",
      (port: number) =>
        `psql "sslmode=verify-full sslrootcert=/home/me/DigiCertGlobalRootCA.crt host=${citus} port=${port} dbname=citus user=citus password={your_password}"`,
    ],
  ] as const) {
    test(`H2, H4: the portal's string for ${form} is read, connects, and is written again`, async ({
      page,
      consoleServer,
    }) => {
      await paste(page, consoleServer, text(azure.port));
      await expect(page.getByRole("textbox", { name: "Host", exact: true })).toHaveValue(citus);
      await expect(page.getByRole("textbox", { name: "User", exact: true })).toHaveValue("citus");
      // A placeholder is no password.
      await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
      await page.getByLabel("Password", { exact: true }).fill("sesame seeds");
      await page.getByRole("radio", { name: /^Verify Full/ }).check();
      await dialHere(page);
      await page.getByRole("radio", { name: /^This certificate/ }).check();
      await page.getByRole("textbox", { name: "CA certificate" }).fill(root);
      expect(await testConnection(page)).toBe("connected");
      await page.getByRole("button", { name: "Copy as…" }).click();
      const dialog = page.getByRole("dialog", { name: "Copy as" });
      await expect(dialog.getByRole("region", { name: "Text to copy" })).toHaveText(
        new RegExp(
          `^psql 'host=${citus} .*dbname=citus user=citus .*sslmode=verify-full .*sslrootcert=ca.pem'$`,
        ),
      );
    });
  }

  test("H5: a timeout points to the firewall rules", async ({ page, consoleServer }) => {
    test.skip(process.platform !== "linux", "other systems refuse where Linux drops");
    const deaf = await startDeafPort();
    try {
      const string = `postgres://citus:x@${citus}:${deaf.port}/citus?sslmode=verify-full&connect_timeout=2`;
      await paste(page, consoleServer, string);
      await dialHere(page);
      expect(await testConnection(page)).toBe("net-timeout");
      const card = page.getByRole("region", { name: "Connection test" }).getByRole("alert");
      await expect(card).toContainText("The address did not answer at all");
      await expect(card).toContainText("In the Azure portal, open the server, go to Networking");
      // On the connected view, too, with the way to the provider's own guide.
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByRole("link", { name: citus, exact: true }).first().click();
      await page.waitForURL(/\/connections\/[^/]+$/);
      const shown = page.locator('[data-problem="net-timeout"]');
      await expect(shown).toContainText("go to Networking");
      const guide = shown.getByRole("link", { name: /Azure Cosmos DB/ });
      await expect(guide).toHaveAttribute("href", "/help/providers/azure-citus#errors");
    } finally {
      await deaf.stop();
    }
  });
});

async function paste(page: Page, server: TestConsole, text: string): Promise<void> {
  await signIn(page, server);
  await page.goto(`${server.url}/connections/new`);
  await page.getByRole("textbox", { name: "Connection string" }).fill(text);
}

/** The name stays what is verified; what is dialled is here. */
async function dialHere(page: Page): Promise<void> {
  await page.getByText("Advanced", { exact: true }).click();
  await page.getByRole("textbox", { name: "Network address" }).fill("127.0.0.1");
}
