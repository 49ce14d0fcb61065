import { rootCertificates } from "node:tls";
import { signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("a store's roots are listed when asked for, searched, and paged", async ({ page, consoleServer }) => {
  await signIn(page, consoleServer);
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/trust")) asked.push(request.url());
  });
  await page.goto(`${consoleServer.url}/settings/trust`);
  const show = page.getByRole("button", { name: "Show roots: Mozilla" });
  await expect(show).toBeVisible();
  expect(asked).toEqual([]);
  await show.click();
  const rows = page.getByRole("row").filter({ has: page.getByRole("cell") });
  await expect(rows).toHaveCount(25);
  await expect(page.getByText(`${rootCertificates.length} roots`, { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText(/^Page 2 of /)).toBeVisible();
  await page.getByRole("searchbox", { name: "Search roots: Mozilla" }).fill("isrg root x1");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("96:BC:EC:06:26:49:76:F3");
});

test("a certificate is told who trusts it", async ({ page, consoleServer, servers }) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/settings/trust`);
  await page.getByRole("button", { name: "Is this certificate trusted?" }).click();
  const box = page.getByRole("textbox", { name: "Certificate or chain" });
  const answer = page.getByRole("status", { name: "Trust stores" });
  const check = page.getByRole("button", { name: "Check certificate" });

  await box.fill(rootCertificates[0] ?? "");
  await check.click();
  await expect(answer).toContainText("Trusted via");

  await box.fill(servers.ca.pem);
  await check.click();
  await expect(answer).toContainText("CN=Cloak DB demo CA");
  await expect(answer).toContainText("Not trusted. The chain ends at CN=Cloak DB demo CA");
  await expect(answer).not.toContainText("Trusted via");

  await box.fill("not a certificate");
  await check.click();
  await expect(answer.locator('[data-problem="pem-not-a-certificate"]')).toBeVisible();
});

test("C11, D3, H3: an owner gives a provider's roots, compares them, and goes back to the shipped ones", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/settings/trust`);
  const packs = page.getByRole("list", { name: "Providers’ roots" });
  const dsql = packs.getByRole("listitem").filter({ hasText: "Amazon Aurora DSQL" });
  await dsql.getByText("Fingerprints of Amazon Aurora DSQL").click();
  await expect(dsql.getByText("Amazon Root CA 1", { exact: false }).first()).toBeVisible();
  await expect(dsql.getByText("8E:CD:E6:88:4F:3D:87:B1", { exact: false })).toBeVisible();
  await expect(packs.getByText(/Missing roots: ca-west-1, il-central-1,/)).toBeVisible();

  const supabase = packs.getByRole("listitem").filter({ hasText: "Supabase, Supabase pooler" });
  await expect(supabase).toContainText("No roots · none shipped");
  await supabase.getByRole("button", { name: "Add roots: Supabase, Supabase pooler" }).click();
  const editor = page.getByRole("region", { name: "Roots of Supabase, Supabase pooler" });
  await editor.getByTestId("provider-bundle").setInputFiles({
    name: "prod-ca.crt",
    mimeType: "application/x-x509-ca-cert",
    buffer: Buffer.from("no certificate"),
  });
  await expect(editor.getByRole("alert")).toBeVisible();
  await editor.getByTestId("provider-bundle").setInputFiles({
    name: "prod-ca.crt",
    mimeType: "application/x-x509-ca-cert",
    buffer: Buffer.from(servers.ca.pem),
  });
  await expect(editor.getByRole("status")).toContainText("1 root found.");
  await expect(editor.getByRole("status")).toContainText(servers.ca.x509.fingerprint256);
  await editor.getByRole("button", { name: "Trust these roots" }).click();
  await expect(supabase).toContainText("1 root · With prod-ca.crt, added by olive on");

  // What was given counts at once, for the form as well.
  await page.goto(`${consoleServer.url}/connections/new`);
  await page.getByRole("textbox", { name: "Host", exact: true }).fill("db.abcdefghijklmnopqrst.supabase.co");
  await expect(page.getByRole("radio", { name: "Provider" })).toBeChecked();

  await page.goto(`${consoleServer.url}/settings/trust`);
  await supabase.getByRole("button", { name: /^Restore shipped roots/ }).click();
  await expect(supabase).toContainText("No roots · none shipped");
});
