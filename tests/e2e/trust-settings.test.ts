import { rootCertificates } from "node:tls";
import { signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("a store's roots are listed when asked for, searched, and paged", async ({ page, consoleServer }) => {
  await signIn(page, consoleServer);
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/trust")) asked.push(request.url());
  });
  await page.goto(`${consoleServer.url}/settings#trust`);
  const show = page.getByRole("button", { name: "Show the roots: Mozilla" });
  await expect(show).toBeVisible();
  expect(asked).toEqual([]);
  await show.click();
  const rows = page.getByRole("row").filter({ has: page.getByRole("cell") });
  await expect(rows).toHaveCount(25);
  await expect(page.getByText(`${rootCertificates.length} roots`, { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText(/^Page 2 of /)).toBeVisible();
  await page.getByRole("searchbox", { name: "Search the roots of Mozilla" }).fill("isrg root x1");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("96:BC:EC:06:26:49:76:F3");
});

test("a certificate is told who trusts it", async ({ page, consoleServer, servers }) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/settings#trust`);
  await page.getByRole("button", { name: "Is this certificate trusted?" }).click();
  const box = page.getByRole("textbox", { name: "Certificate or chain" });
  const answer = page.getByRole("status", { name: "Who trusts it" });
  const check = page.getByRole("button", { name: "Check the certificate" });

  await box.fill(rootCertificates[0] ?? "");
  await check.click();
  await expect(answer).toContainText("Trusted, by");

  await box.fill(servers.ca.pem);
  await check.click();
  await expect(answer).toContainText("CN=Cloak DB demo CA");
  await expect(answer).toContainText("Not trusted. The chain ends at CN=Cloak DB demo CA");
  await expect(answer).not.toContainText("Trusted, by");

  await box.fill("not a certificate");
  await check.click();
  await expect(answer.locator('[data-problem="pem-not-a-certificate"]')).toBeVisible();
});
