import type { Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { largeNumbers, manyTables } from "#lib/samples/large-schema.ts";
import { visibly } from "#lib/visible-text.ts";
import { brokenRules } from "#tests/support/look-at-page.ts";
import { signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

/** Each would call `pwn` if it were ever taken for more than text. None is longer than a name may be. */
const payloads = [
  "<script>pwn()</script>",
  "<img src=x onerror=pwn()>",
  "<svg onload=pwn()>",
  '"><img src=x onerror=pwn()>',
  "'><svg/onload=pwn()>",
  "</script><script>pwn()</script>",
  "</title><script>pwn()</script>",
  "</textarea><script>pwn()</script>",
  "</style><script>pwn()</script>",
  "javascript:pwn()",
  "<a href=javascript:pwn()>x</a>",
  '<iframe srcdoc="<script>parent.pwn()</script>">',
  "<iframe src=javascript:parent.pwn()>",
  "<details open ontoggle=pwn()>",
  "<input autofocus onfocus=pwn()>",
  "<style onload=pwn()></style>",
  "<body onload=pwn()>",
  "{{constructor.constructor('pwn()')()}}",
  "$" + "{pwn()}",
  "<!--><img src=x onerror=pwn()>-->",
  "<object data=javascript:pwn()></object>",
  "<embed src=javascript:pwn()>",
  "]]><script>pwn()</script>",
  "&lt;script&gt;pwn()&lt;/script&gt;",
  "&#60;img src=x onerror=pwn()&#62;",
  "\\u003cscript\\u003epwn()\\u003c/script\\u003e",
  "%3Cscript%3Epwn()%3C/script%3E",
  "<base href=//hostile.invalid/>",
  "<link rel=stylesheet href=//hostile.invalid/a.css>",
  '<meta http-equiv=refresh content="0;url=javascript:pwn()">',
  "<form action=javascript:pwn()><button autofocus>",
  "<video><source onerror=pwn()></video>",
  "<marquee onstart=pwn()>",
  '"onmouseover="pwn()',
  "' autofocus onfocus='pwn()",
  '<noscript><p title="</noscript><img src=x onerror=pwn()>">',
  "<math><mi xlink:href=javascript:pwn()>",
  "<template><script>pwn()</script></template>",
  "<script>\u2028pwn()</script>",
  "\u202e<script>pwn()</script>",
  "<ScRiPt src=//hostile.invalid/a.js></sCrIpT>",
  "<svg><animate onbegin=pwn() attributeName=x>",
  "<img src=x\tonerror=pwn()>",
] as const;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
/** A few that stand where there is room for one. */
const [schema, table, view, check, index, trigger, policy, role, domain] = [
  payloads[1],
  payloads[3],
  payloads[11],
  payloads[4],
  payloads[2],
  payloads[5],
  payloads[0],
  payloads[13],
  payloads[14],
];
const place = `${quoted(schema)}.${quoted(table)}`;

/** Every column has a payload for its name, its value, its comment; what stands round the table has one, too. */
const hostile = `
create schema ${quoted(schema)};
create type ${quoted(schema)}.${quoted(domain)} as enum (${payloads.map(literal).join(", ")});
create role ${quoted(role)};
create table ${place} (id int primary key, kind ${quoted(schema)}.${quoted(domain)}, ${payloads
  .map((name) => `${quoted(name)} text default ${literal(name)}`)
  .join(", ")});
insert into ${place} (id, kind) values (1, ${literal(payloads[0])});
comment on table ${place} is ${literal(payloads.join(" "))};
${payloads.map((name) => `comment on column ${place}.${quoted(name)} is ${literal(name)};`).join("\n")}
alter table ${place} add constraint ${quoted(check)} check (id > 0 or ${literal(payloads[1])} = '');
create index ${quoted(index)} on ${place} (kind) where kind <> ${literal(payloads[2])};
create function ${quoted(schema)}.${quoted(trigger)}() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger ${quoted(trigger)} before insert on ${place} for each row execute function ${quoted(schema)}.${quoted(trigger)}();
alter table ${place} enable row level security;
create policy ${quoted(policy)} on ${place} for select using (true or ${literal(payloads[5])} = '');
create view ${quoted(schema)}.${quoted(view)} as select ${literal(payloads[1])} as ${quoted(payloads[1])};
grant usage on schema ${quoted(schema)} to ${demoUser.user};
grant select on all tables in schema ${quoted(schema)} to ${demoUser.user}, ${quoted(role)};
`;

test("names, values, comments, notices and errors of a hostile database are text, and nothing else", async ({
  page,
  consoleServer,
  servers,
}) => {
  await servers.verified.admin("create database hostile");
  await servers.verified.admin(hostile, undefined, "hostile");
  const said: string[] = [];
  page.on("dialog", (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted/.test(message.text())) said.push(message.text());
  });
  page.on("request", (request) => {
    if (request.url().includes("hostile.invalid")) said.push(`asked for ${request.url()}`);
  });
  await page.exposeFunction("pwn", () => {
    said.push("executed");
  });
  /** What only markup makes: a text has no such element in it. */
  const made = () =>
    page.evaluate(
      () =>
        document.querySelectorAll(
          "iframe, embed, object, marquee, video, base, math, form[action^=javascript], [href^='javascript:'], " +
            "[src=x], [onerror], [onload], [onfocus], [ontoggle], [onmouseover], [onbegin], [href*='hostile.invalid'], [src*='hostile.invalid']",
        ).length,
    );

  await signIn(page, consoleServer);
  await open(page, consoleServer.url, servers.verified.port, "hostile");
  await page.getByRole("searchbox", { name: "Filter tables" }).fill("onerror");
  const item = page.getByRole("treeitem", { name: `${schema}.${table}`, exact: true });
  await item.click();
  const grid = page.getByRole("grid", { name: "Rows" });
  await expect(grid.getByRole("columnheader").nth(3)).toContainText(payloads[0]);
  await expect(grid.getByRole("gridcell").nth(2)).toHaveText(payloads[0]);
  await expect(page.getByText(visibly(payloads.join(" ")))).toBeVisible();
  await page.keyboard.press("F4");
  const row = page.getByRole("region", { name: "Row" });
  for (const payload of payloads) {
    // Once for its name, once for its value.
    await expect(row.locator("dt", { hasText: visibly(payload) }).first()).toBeAttached();
    await expect(row.locator("dd", { hasText: shown(payload) }).first()).toBeAttached();
  }
  const parts = ["Columns", "Keys and indexes", "References", "Definition"] as const;
  const expected = {
    Columns: payloads,
    "Keys and indexes": [check, index, policy, trigger],
    References: [],
    Definition: payloads,
  };
  for (const part of parts) {
    await page.getByRole("tab", { name: part }).click();
    const panel = page.getByRole("tabpanel", { name: part });
    await expect(panel.getByText(/^as of/)).toBeVisible();
    await expect(panel).toContainText(part === "References" ? "References no other table" : "pwn()");
    const text = (await panel.textContent()) ?? "";
    for (const one of expected[part])
      expect(text, part).toContain(one === payloads[42] ? "onerror=pwn()" : visibly(one).slice(0, 12));
    expect(await made()).toBe(0);
  }
  expect(await page.title()).not.toContain("pwn");

  // Notices, errors, results, completion: in an SQL tab.
  await page.getByRole("tab", { name: "SQL 1" }).click();
  const editor = sqlEditor(page);
  const loud = payloads.slice(0, 20).map((text) => `raise notice '%', ${literal(text)};`);
  await editor.fill(`do $x$ begin ${loud.join(" ")} raise exception using message = ${literal(payloads[1])},
    detail = ${literal(payloads[2])}, hint = ${literal(payloads[12])}, column = ${literal(payloads[3])}; end $x$`);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert").getByText(payloads[12])).toBeVisible();
  for (const text of payloads.slice(0, 20))
    await expect(page.getByRole("listitem").getByText(text, { exact: true }).first()).toBeAttached();
  await editor.fill(`select ${literal(payloads[1])} as ${quoted(payloads[3])}, ${payloads[1].length} as n`);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("grid", { name: "Result" }).getByRole("gridcell").first()).toHaveText(
    payloads[1],
  );
  await editor.fill("");
  await editor.pressSequentially(`select * from ${quoted(schema)}.`);
  await page.keyboard.press("Control+Space");
  await expect(page.locator(".cm-tooltip-autocomplete li").first()).toContainText("pwn()");
  await page.keyboard.press("Escape");
  await editor.fill(`\\d ${place}`);
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/\/columns$/);
  expect(await made()).toBe(0);
  expect(said).toEqual([]);

  /** As the row pane has it: lines and tabs stay. */
  function shown(payload: string): string {
    return payload.includes("\t") ? "onerror=pwn()" : visibly(payload);
  }
});

test("by keyboard alone, on a desk and on a phone: a table among thousands, a key, a long value, a statement", async ({
  page,
  consoleServer,
  servers,
}) => {
  await servers.verified.admin("create database crowded");
  const { admin } = servers.verified;
  await admin(manyTables.replace(String(largeNumbers.tables), "2000"), undefined, "crowded");
  await admin(
    `create table crowd.needle as select n as id, repeat('long ' || n || ' ', 2000) as body from generate_series(1, 5000) as n;
     alter table crowd.needle add primary key (id); analyze crowd.needle;
     grant select on crowd.needle to ${demoUser.user}`,
    undefined,
    "crowded",
  );
  await signIn(page, consoleServer);
  await open(page, consoleServer.url, servers.verified.port, "crowded");
  const grid = page.getByRole("grid", { name: "Rows" });
  const keys = async (...pressed: readonly string[]) => {
    for (const key of pressed) await page.keyboard.press(key);
  };
  for (const { width, height } of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize({ width, height });
    await keys("Control+k", "Control+a");
    await page.keyboard.type("needle");
    await expect(page.getByRole("treeitem", { name: /\.needle$/ })).toBeVisible();
    await keys("Enter");
    await expect(grid).toBeVisible();
    await keys("F6");
    // From the tree it is the next pane; on a phone it is the only one.
    if (!(await grid.evaluate((element) => element === document.activeElement))) await keys("F6");
    await expect(grid).toBeFocused();
    await keys("Control+g");
    await expect(page.getByRole("textbox", { name: "id" })).toBeFocused();
    await page.keyboard.type("3141");
    await keys("Enter");
    await expect(grid.getByRole("gridcell", { name: "3141", exact: true })).toBeVisible();
    await expect(grid).toBeFocused();
    await keys("ArrowRight", "Enter");
    const dialog = page.getByRole("dialog", { name: /^body, row/ });
    await expect(dialog.getByText("20,000 characters")).toBeVisible();
    await keys("Escape");
    await expect(grid).toBeFocused();
    expect(await broken(page)).toEqual([]);
    await keys("F4");
    await keys("Control+Alt+t");
    await expect(sqlEditor(page)).toBeFocused();
    await page.keyboard.type(`select ${width} * 2 as twice`);
    await keys("Control+Enter");
    await expect(page.getByRole("grid", { name: "Result" }).filter({ visible: true })).toContainText(
      String(width * 2),
    );
    // Out of the text, and back through what was looked at, by the browser's own keys.
    await keys("Tab", "Alt+ArrowLeft");
    await expect(page).toHaveURL(/\/t\/crowd\/needle/);
  }
  // What does not fit is scrolled to, the key stays in sight.
  const pinned = grid.getByRole("gridcell", { name: "3141", exact: true });
  await expect(pinned).toHaveCSS("position", "sticky");
  await pinned.click();
  await expect(page.getByRole("region", { name: "Row" })).toContainText("long 3141");
});

async function open(page: Page, url: string, port: number, database: string): Promise<void> {
  await page.goto(`${url}/connections/new`);
  const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/${database}?sslmode=require`;
  await page.getByRole("textbox", { name: "Connection string" }).fill(string);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(sqlEditor(page)).toBeVisible();
}

async function broken(page: Page): Promise<readonly string[]> {
  const size = page.viewportSize() ?? { width: 1440, height: 900 };
  // High, so that the bar at the foot of a phone covers nothing by chance: a person scrolls, axe does not.
  if (size.width < 1000) await page.setViewportSize({ ...size, height: 2400 });
  const found = await brokenRules(page);
  await page.setViewportSize(size);
  return found;
}
