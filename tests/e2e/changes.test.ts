import { demoUser } from "#lib/samples/demo-servers.ts";
import { look } from "#tests/support/look-at-page.ts";
import { signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

const tables = `
create schema clerk authorization ${demoUser.user};
set role ${demoUser.user};
create table clerk.room (number integer primary key, name text not null);
insert into clerk.room values (1, 'Attic'), (2, 'Blue'), (3, 'Cellar');
create table clerk.visit (
  id bigint generated always as identity primary key, guest text not null, room integer references clerk.room,
  price numeric(6, 2) not null default 40, note text
);
insert into clerk.visit (guest, room, note)
select 'guest ' || n, 1 + n % 3, case when n % 2 = 0 then 'seen' end from generate_series(1, 9) as n`;

test("rows are edited, added and deleted; kept over a reload, settled against another's change, applied and undone", async ({
  page,
  consoleServer,
  servers,
}) => {
  test.setTimeout(180_000);
  const { verified } = servers;
  const rows = (sql: string) => verified.admin(sql, undefined, demoUser.database);
  await rows(tables);
  try {
    const violations: string[] = [];
    page.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) violations.push(message.text());
    });
    await signIn(page, consoleServer);
    await page.goto(`${consoleServer.url}/connections/new`);
    const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${verified.port}/shop?sslmode=require`;
    await page.getByRole("textbox", { name: "Connection string" }).fill(string);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(sqlEditor(page)).toBeVisible();
    await page.goto(`${page.url().replace(/\/sql.*/, "")}/t/clerk/visit`);
    const grid = page.getByRole("grid", { name: "Rows" });
    const bar = page.getByRole("region", { name: "Pending changes" });
    await expect(page.getByRole("button", { name: "Add row" })).toBeVisible();
    await grid.focus();

    // A note, a price that will be rounded, a row to go, all by keys.
    await page.keyboard.press("End");
    await page.keyboard.press("F2");
    await page.keyboard.type("mine");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.type("12.345");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Delete");
    await expect(grid.getByRole("rowheader", { name: "Row 3, to be deleted" })).toBeVisible();
    await page.keyboard.press("Control+Alt+Insert");
    await expect(page.getByRole("textbox", { name: "guest, new row 1" })).toBeFocused();
    await page.keyboard.type("someone new");
    await page.keyboard.press("Tab");
    await page.getByRole("combobox", { name: "room, new row 1" }).fill("cel");
    await expect(page.getByRole("option", { name: /3.*Cellar/ })).toBeVisible();
    await page.keyboard.press("ArrowDown");
    const kept = page.waitForResponse((answer) => /\/drafts$/.test(answer.url()) && answer.ok());
    await page.keyboard.press("Enter");
    await expect(bar).toContainText("4 changes");
    await kept;
    expect(await look(page)).toEqual([]);

    await rows("update clerk.visit set note = 'theirs' where id = 1");
    await page.reload();
    await expect(bar).toContainText("4 changes");
    await expect(bar).toContainText("1 conflict");
    await expect(page.getByRole("grid", { name: "To be added: 1" })).toContainText("someone new");

    await page.keyboard.press("Control+s");
    const sheet = page.getByRole("dialog", { name: "Review changes" });
    const conflict = sheet.getByRole("group", { name: "Conflict" });
    await expect(conflict.getByRole("row", { name: /note/ })).toHaveText(/note\s*NULL\s*theirs\s*mine/);
    await expect(sheet).toContainText('DELETE FROM "clerk"."visit"');
    expect(await look(page)).toEqual([]);
    await conflict.getByRole("button", { name: "Use mine" }).click();
    await sheet.getByRole("button", { name: "Try" }).click();
    await expect(sheet).toContainText("Nothing was changed");
    await expect(sheet.getByRole("listitem", { name: "Change id = 2" })).toContainText("12.35");

    // Between the trial and the apply another one comes by: it is told, and nothing is done.
    await rows("update clerk.visit set guest = 'renamed' where id = 2");
    await sheet.getByRole("button", { name: "Apply changes" }).click();
    await expect(conflict).toContainText("renamed");
    expect(await rows("select count(*)::int as n from clerk.visit where note = 'mine'")).toEqual([{ n: 0 }]);
    await conflict.getByRole("button", { name: "Use mine" }).click();
    await sheet.getByRole("button", { name: "Apply changes" }).click();
    await expect(sheet).toContainText("4 changes applied");
    expect(
      await rows(
        "select guest, room, price::text, note from clerk.visit where id in (1, 2, 3) or id > 9 order by id",
      ),
    ).toEqual([
      { guest: "guest 1", room: 2, price: "40.00", note: "mine" },
      { guest: "renamed", room: 3, price: "12.35", note: "seen" },
      { guest: "someone new", room: 3, price: "40.00", note: null },
    ]);
    await sheet.getByRole("button", { name: "Undo as a draft" }).click();
    await expect(sqlEditor(page)).toContainText(/insert into/i);
    await page.goBack();
    await expect(bar).toHaveCount(0);
    await expect(grid.getByRole("gridcell", { name: "someone new" })).toBeVisible();

    // A result is edited alike: the columns of the table whose key is in it.
    await page.getByRole("tab", { name: "SQL 1" }).click();
    await sqlEditor(page).fill(
      "select r.name, v.guest, v.id from clerk.visit v join clerk.room r on r.number = v.room where v.id = 5",
    );
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: "Edit rows" }).click();
    const result = page.getByRole("grid", { name: "Result" });
    await expect(page.getByRole("button", { name: "Add row" }).last()).toBeVisible();
    await result.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("F2");
    await page.keyboard.type("from a result");
    await page.keyboard.press("Enter");
    expect(await look(page)).toEqual([]);
    await page.keyboard.press("Control+s");
    await sheet.getByRole("button", { name: "Apply changes" }).click();
    await expect(sheet).toContainText("1 change applied");
    await sheet.getByRole("button", { name: "Close" }).click();
    await expect(result.getByRole("gridcell", { name: "from a result" })).toBeVisible();
    expect(await rows("select guest from clerk.visit where id = 5")).toEqual([{ guest: "from a result" }]);
    expect(violations).toEqual([]);
  } finally {
    await rows("drop schema clerk cascade");
  }
});
