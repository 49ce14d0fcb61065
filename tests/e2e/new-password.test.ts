import { startConsole } from "#tests/support/console-server.ts";
import { owner, setUp } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("a new password leaves the browser where it is, with a new token; the old one opens nothing", async ({
  page,
  playwright,
}) => {
  const fresh = await startConsole();
  try {
    await page.goto(fresh.url);
    await setUp(page, fresh);
    await page.goto(`${fresh.url}/settings/security`);
    const tokenOf = async () =>
      (await page.context().cookies()).find(({ name }) => name.startsWith("cloak_sid"));
    const old = await tokenOf();
    await page.getByLabel("Current password").fill(owner.password);
    await page.getByLabel("New password").fill("another plum tractor 9");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByText("Password changed.")).toBeVisible();
    expect(new URL(page.url()).pathname).toBe("/settings/security");

    const now = await tokenOf();
    expect(now?.value).not.toBe(old?.value);
    expect(now).toMatchObject({ name: old?.name, httpOnly: true, sameSite: "Lax", path: "/" });
    await page.reload();
    await expect(page.getByLabel("Current password")).toBeVisible();
    const thief = await playwright.request.newContext();
    const headers = { Cookie: `${old?.name}=${old?.value}` };
    const answer = await thief.get(`${fresh.url}/settings/security`, { headers, maxRedirects: 0 });
    expect(answer.headers().location).toContain("/login");
    await thief.dispose();
  } finally {
    await fresh.stop();
  }
});
