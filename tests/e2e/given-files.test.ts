import { AxeBuilder } from "@axe-core/playwright";
import { signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";
import { openSslFiles } from "#tests/unit/lib/certificates/openssl-files.ts";

test("files of any kind, given at once, fill the boxes", async ({ page, consoleServer }) => {
  await page.goto(`${consoleServer.url}/`);
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page.getByTestId("all-files").setInputFiles([
    { name: "me.p12", mimeType: "application/x-pkcs12", buffer: Buffer.from(openSslFiles.modern, "base64") },
    { name: "old.ppk", mimeType: "text/plain", buffer: Buffer.from("PuTTY-User-Key-File-3: ssh-rsa\n") },
  ]);
  const password = page.getByLabel("Password for me.p12");
  await password.fill("wrong");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page.getByText("Wrong password for the PKCS#12 file")).toBeVisible();
  await password.fill("pässwörd");
  await password.press("Enter");
  await expect(page.getByText("1 certificate to “Client certificate” (me.p12)")).toBeVisible();
  await expect(page.getByText("old.ppk: TLS does not use this key format")).toBeVisible();
  await expect(page.getByText("Matches the client certificate", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Trust this certificate" }).click();
  await expect(page.getByRole("textbox", { name: "CA certificate" })).toHaveValue(
    Buffer.from(openSslFiles.root, "base64").toString(),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((one) => [one.id, one.nodes.map((node) => node.html)])).toEqual([]);
});
