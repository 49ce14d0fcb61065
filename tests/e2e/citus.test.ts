import { makeCertificate } from "#lib/samples/certificates.ts";
import { startPostgres } from "#lib/samples/postgres-server.ts";
import { citusShape } from "#tests/support/citus-shape.ts";
import { look } from "#tests/support/look-at-page.ts";
import { signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("a Citus coordinator shows its nodes and tables (H)", async ({ page, consoleServer }) => {
  const ca = await makeCertificate({ commonNames: ["Cluster CA"], ca: true });
  const server = await startPostgres({
    certificate: await makeCertificate({ dns: ["localhost"], issuer: ca }),
    users: [{ name: "citus", password: "sesame seeds" }],
    databases: ["citus"],
    fill: { citus: citusShape("13") },
  });
  try {
    await signIn(page, consoleServer);
    await page.goto(`${consoleServer.url}/connections/new`);
    const string = `postgres://citus:sesame%20seeds@localhost:${server.port}/citus?sslmode=verify-full`;
    await page.getByRole("textbox", { name: "Connection string" }).fill(string);
    await page.getByRole("radio", { name: "This certificate" }).check();
    await page.getByRole("textbox", { name: "CA certificate" }).fill(ca.pem);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    const opener = page.getByRole("button", { name: /^Citus 13\.0-1/ });
    await expect(opener).toBeVisible();
    await opener.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("table", { name: "4 nodes" })).toContainText("worker-2.internal:5432");
    const tables = page.getByRole("table", { name: "7 tables in the cluster" });
    await expect(tables.getByRole("row", { name: /public\.orders/ })).toContainText("256 MB");
    expect(await look(page)).toEqual([]);
    await page.getByRole("searchbox", { name: "Search tables" }).fill("drop; --");
    await expect(tables.getByRole("row")).toHaveCount(2);
    await expect(tables).toContainText('Odd "name".drop; --');
  } finally {
    await server.stop();
  }
});
