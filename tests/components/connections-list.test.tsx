import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createTranslator } from "use-intl/core";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ConnectionsList } from "#app/(console)/connections/list/connections-list.tsx";
import { connectionsQuery } from "#app/(console)/connections/list/connections-query.ts";
import { listTexts } from "#app/(console)/connections/list/list-texts.ts";
import type { ListView, RowView } from "#app/(console)/connections/list/list-view.ts";
import { rowFacts } from "#app/(console)/connections/list/row-facts.tsx";
import { ToastProvider } from "#app/(console)/toasts.tsx";
import { english } from "#messages/load-messages.ts";

const texts = listTexts(createTranslator({ locale: "en", messages: english, namespace: "list" }) as never);
const router = { push: vi.fn(), replace: vi.fn(), refresh: vi.fn() };
vi.mock("next/navigation", () => ({ useRouter: () => router, usePathname: () => "/connections" }));
const actions = vi.hoisted(() => ({
  removeConnection: vi.fn(),
  undoRemoval: vi.fn(),
  duplicateConnection: vi.fn(),
  labelConnections: vi.fn(),
  setFavourites: vi.fn(),
  listedByAddress: vi.fn(),
}));
vi.mock("#app/(console)/settings/actions.ts", () => actions);
vi.mock("#app/(console)/connections/list/list-actions.ts", () => actions);

// jsdom does not know the element that it stands in.
vi.mock("#app/(console)/connections/list/search-box.tsx", () => ({ SearchBox: () => null }));

// jsdom has no top layer; a dialog that is open is one.
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false;
};

// What is loaded when it is needed is loaded before: on a busy machine that takes its time.
beforeAll(async () => {
  const list = "#app/(console)/connections/list";
  await Promise.all(
    ["bulk-bar", "label-dialog", "leave-run", "row-menu", "row-test-state", "run-bar"].map(
      (name) => import(`${list}/${name}.tsx`),
    ),
  );
});
beforeEach(() => {
  vi.clearAllMocks();
  for (const action of Object.values(actions)) action.mockResolvedValue({ ok: true, value: null });
});

function row(name: string, more: Partial<RowView> = {}): RowView {
  return {
    id: name.toLowerCase(),
    name,
    manages: true,
    environment: "none",
    environmentName: "No environment",
    server: "db.example.test:5432",
    database: "shop",
    tls: { state: "full", text: "Verified: chain and name" },
    favourite: false,
    tags: [],
    ...more,
  };
}

function show(rows: readonly RowView[], more: Partial<ListView> = {}) {
  const view: ListView = {
    query: connectionsQuery({}),
    matching: rows.length,
    groups: [],
    tags: [],
    sections: [{ kind: "all", name: "", key: "", folded: false, count: rows.length, rows }],
    ...more,
  };
  const { list, copyAs } = english;
  render(
    <ToastProvider labels={{ region: "Messages", dismiss: "Dismiss" }}>
      <ConnectionsList
        view={view}
        facts={rowFacts(view, texts)}
        testIcon={null}
        filters={null}
        chips={null}
        texts={texts}
        locale="en"
        words={{ list, copyAs }}
      />
    </ToastProvider>,
  );
  return userEvent.setup();
}

describe("the table", () => {
  test("has a caption, heads that sort by links, and rows named by the connection", () => {
    show([row("Shop", { environment: "production", environmentName: "Production" })], {
      query: connectionsQuery({ sort: "days", env: "production" }),
    });
    const table = screen.getByRole("table", { name: "Saved connections" });
    const head = (name: string) => within(table).getByRole("columnheader", { name });
    expect(head("Certificate")).toHaveAttribute("aria-sort", "ascending");
    expect(head("Name")).toHaveAttribute("aria-sort", "none");
    const to = (name: string) => within(head(name)).getByRole("link").getAttribute("href");
    // Down next, then as it was; what narrows the list stays.
    expect(to("Certificate")).toBe("/connections?sort=-days&env=production");
    expect(to("Name")).toBe("/connections?sort=name&env=production");
    const line = within(table).getByRole("row", { name: /Shop/ });
    expect(within(line).getByRole("rowheader")).toHaveTextContent("ShopProduction");
    expect(within(line).getByRole("link", { name: "Shop" })).toHaveAttribute("href", "/connections/shop");
    expect(within(line).getByRole("link", { name: "Connect to Shop" })).toHaveAttribute(
      "href",
      "/connections/shop",
    );
  });

  test("offers to test what was found, with its number, and nothing where nothing was found", () => {
    const query = connectionsQuery({ search: "shop" });
    show([row("Shop")], { query });
    expect(screen.getByRole("button", { name: "Test matches (1)" })).toBeEnabled();
    cleanup();
    show([], { query });
    expect(screen.getByText("No connections match “shop”")).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Test/ })).not.toBeInTheDocument();
  });

  test("tells days left, who tried when, and marks in words", () => {
    show([
      row("Shop", {
        certificate: { text: "3 days left", share: 3, tone: "warn" },
        tried: { ago: "2 hours ago", at: "1 Mar 2026, 10:00", by: "olive" },
        tls: { state: "none", text: "Encrypted, not verified", mark: "Verification is off" },
        favourite: true,
        tags: ["eu"],
      }),
      row("New", { tls: { state: "never", text: "Not tested yet" } }),
    ]);
    const line = screen.getByRole("row", { name: /Shop/ });
    for (const text of [
      "3 days left",
      "2 hours ago",
      "by olive",
      "Encrypted, not verified",
      "Verification is off",
      "eu",
    ])
      expect(within(line).getByText(text)).toBeVisible();
    expect(within(line).getByRole("img", { name: "Favourite" })).toBeVisible();
    expect(
      within(screen.getByRole("row", { name: /New/ })).getByText("No certificate seen"),
    ).toBeInTheDocument();
  });

  test("has sections that fold by the address", () => {
    show([], {
      matching: 3,
      query: connectionsQuery({ fold: "Till" }),
      sections: [
        {
          kind: "favourites",
          name: "",
          key: " favourites",
          folded: false,
          count: 1,
          rows: [row("Shop", { group: "Till" })],
        },
        { kind: "group", name: "Till", key: "Till", folded: true, count: 1, rows: [] },
        { kind: "rest", name: "", key: "", folded: false, count: 1, rows: [row("Edge")] },
      ],
    });
    const section = (name: RegExp) => screen.getByRole("link", { name });
    expect(section(/^Favourites/)).toHaveAttribute("aria-expanded", "true");
    expect(section(/^Till/)).toHaveAttribute("aria-expanded", "false");
    expect(section(/^Till/)).toHaveAttribute("href", "/connections");
    expect(section(/^No group/)).toHaveAttribute("href", "/connections?fold=Till&fold=+");
    // Out of its section, its group is told.
    expect(within(screen.getByRole("row", { name: /Shop/ })).getByText("Till")).toBeVisible();
  });

  test("shows hostile names as they are written", () => {
    const name = '"><img src=x onerror=alert(1)>';
    show([row(name, { id: "x", group: name, tags: [name] })], { groups: [name], tags: [name] });
    expect(screen.getAllByText(name).length).toBeGreaterThan(1);
    expect(document.querySelector("img[src]")).toBeNull();
  });
});

describe("a row's menu", () => {
  const open = async (user: ReturnType<typeof userEvent.setup>, name: string) => {
    await user.click(screen.getByRole("button", { name: `Actions for ${name}` }));
    return screen.findByRole("menu");
  };

  test("has all acts for who manages it, and of another's only what they may", async () => {
    const user = show([row("Shop"), row("Till", { manages: false })]);
    const names = (menu: HTMLElement) =>
      within(menu)
        .getAllByRole("menuitem")
        .map((item) => item.textContent);
    expect(names(await open(user, "Shop"))).toEqual([
      "Test",
      "Edit",
      "Duplicate",
      "Copy as…",
      "Add to favourites",
      "Move to group…",
      "Tags…",
      "Delete",
    ]);
    await user.keyboard("{Escape}");
    expect(names(await open(user, "Till"))).toEqual([
      "Test",
      "Settings",
      "Duplicate",
      "Copy as…",
      "Add to favourites",
    ]);
  });

  test("deletes, and the toast's Undo brings it back", async () => {
    const user = show([row("Shop")]);
    await user.click(within(await open(user, "Shop")).getByRole("menuitem", { name: "Delete" }));
    expect(actions.removeConnection).toHaveBeenCalledExactlyOnceWith("shop");
    expect(await screen.findByText("Shop deleted.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(actions.undoRemoval).toHaveBeenCalledExactlyOnceWith("shop");
    expect(await screen.findByText("Shop restored.")).toBeVisible();
    expect(router.refresh).toHaveBeenCalledTimes(2);
  });

  test("a refusal is told, and nothing is said to be done", async () => {
    actions.removeConnection.mockResolvedValueOnce({
      ok: false,
      explained: { title: "Not allowed", fix: "Ask" },
    });
    const user = show([row("Shop")]);
    await user.click(within(await open(user, "Shop")).getByRole("menuitem", { name: "Delete" }));
    expect(await screen.findByText("Not allowed. Ask")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  });

  test("moves to a group that is there under any spelling, or to none", async () => {
    const user = show([row("Shop")], { groups: ["Payments"] });
    await user.click(within(await open(user, "Shop")).getByRole("menuitem", { name: "Move to group…" }));
    const dialog = await screen.findByRole("dialog", { name: "Move Shop to a group" });
    await user.type(within(dialog).getByLabelText("Group"), " payments{Enter}");
    expect(actions.labelConnections).toHaveBeenCalledExactlyOnceWith({ ids: ["shop"], group: "Payments" });
  });
});

describe("a selection", () => {
  test("of two has acts for both; the tags that one has stay until they are touched", async () => {
    const user = show([row("Shop", { tags: ["eu"] }), row("Till", { tags: ["eu", "old"] })], {
      tags: ["eu", "old"],
    });
    await user.click(screen.getByRole("checkbox", { name: "Select all on this page" }));
    const bar = await screen.findByRole("region", { name: "Selection" });
    expect(bar).toHaveTextContent("2 selected");
    await user.click(within(bar).getByRole("button", { name: "Tags…" }));
    const dialog = await screen.findByRole("dialog", { name: "Tags of 2 connections" });
    const box = (name: string) => within(dialog).getByRole("checkbox", { name });
    expect(box("eu")).toBeChecked();
    expect(box("old")).toBePartiallyChecked();
    await user.click(box("eu"));
    await user.type(within(dialog).getByLabelText("New tag"), "cold");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    expect(actions.labelConnections).toHaveBeenCalledExactlyOnceWith({
      ids: ["shop", "till"],
      addTags: ["cold"],
      removeTags: ["eu"],
    });
    expect(screen.queryByRole("region", { name: "Selection" })).toBeNull();
  });

  test("with one of somebody else's can only be tested, and says why", async () => {
    const user = show([row("Shop"), row("Till", { manages: false })]);
    await user.click(screen.getByRole("checkbox", { name: "Select all on this page" }));
    const bar = await screen.findByRole("region", { name: "Selection" });
    expect(
      within(bar)
        .getAllByRole("button")
        .map(({ textContent }) => textContent),
    ).toEqual(["Test", ""]);
    expect(bar).toHaveTextContent("you do not manage one of them");
  });
});

describe("a test of all", () => {
  test("asks the server for what the address holds, and tells each row's end with the way on", async () => {
    actions.listedByAddress.mockResolvedValue({
      ok: true,
      value: [
        { id: "shop", name: "Shop" },
        { id: "till", name: "Till" },
        { id: "far", name: "Far" },
      ],
    });
    const answers: Record<string, object> = {
      shop: { came: "passed", ms: 34.4 },
      till: { came: "failed", code: "net-refused", title: "Connection refused" },
      far: { came: "failed", code: "tls-expired", title: "Expired" },
    };
    vi.stubGlobal("fetch", async (path: string) => Response.json(answers[path.split("/")[3] ?? ""] ?? {}));
    const user = show([row("Shop"), row("Till")], { matching: 3 });
    await user.click(screen.getByRole("button", { name: "Test all" }));
    expect(await screen.findByText("1 passed, 2 failed")).toBeVisible();
    expect(
      await within(screen.getByRole("row", { name: /Shop/ })).findByText("Test passed in 34 ms"),
    ).toBeVisible();
    const till = screen.getByRole("row", { name: /Till/ });
    expect(till).toHaveTextContent("Test failed: Connection refused.");
    expect(within(till).getByRole("link", { name: "How to fix it" })).toHaveAttribute(
      "href",
      "/help/problems/net-refused",
    );
    // What stands on another page is told here.
    await user.click(screen.getByText("Failed tests"));
    expect(screen.getByRole("link", { name: "Far" })).toBeVisible();
    expect(router.refresh).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });
});
