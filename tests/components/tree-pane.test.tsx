import { screen, waitFor, within } from "@testing-library/react";
import { createRef } from "react";
import { describe, expect, test, vi } from "vitest";
import { TreePane } from "#app/(console)/connections/[id]/tree/tree-pane.tsx";
import type { OpenedSchema } from "#lib/browse/shapes.ts";
import { stubConsole, tree } from "./browse-console.tsx";
import { renderSession } from "./render-session.tsx";

const opened: OpenedSchema = {
  schema: "audit",
  relations: [{ kind: "table", name: "line", readable: true }],
  capped: false,
};

function open(given: Partial<Parameters<typeof TreePane>[0]> = {}) {
  const onOpen = vi.fn();
  const box = createRef<HTMLInputElement>();
  return {
    onOpen,
    ...renderSession(
      <TreePane connectionId="c" current={undefined} onOpen={onOpen} filterBox={box} {...given} />,
    ),
  };
}

const items = () => screen.getAllByRole("treeitem").map(({ textContent }) => textContent);
const active = () =>
  document.getElementById(screen.getByRole("tree").getAttribute("aria-activedescendant") ?? "")?.textContent;

describe("the tree", () => {
  test("shows the first schema of the search path open, the others folded, and what may not be read", async () => {
    stubConsole(() => tree());
    open();
    await screen.findByRole("tree", { name: "Tables" });
    expect(items()).toEqual([
      "public3",
      "item",
      "event, partitioned table12 partitions",
      "salary, view, No permission to read it",
      "audit1",
      "pg_catalog140",
    ]);
    const item = screen.getByRole("treeitem", { name: /^item/ });
    expect(item).toHaveAttribute("aria-level", "2");
    expect(item).toHaveAttribute("aria-setsize", "3");
    expect(screen.getByText(/^as of/).parentElement).toHaveTextContent("144 · as of 02:02 PM");
  });

  test("sizes come for what is in sight, once for each reading", async () => {
    const console = stubConsole((_, body) =>
      body.sizes === undefined
        ? body.schema === undefined
          ? tree()
          : opened
        : { sizes: [{ schema: "public", name: "item", bytes: 3 * 1024 * 1024 }] },
    );
    const { user } = open();
    const item = await screen.findByRole("treeitem", { name: "item" });
    await waitFor(() => expect(item).toHaveTextContent("item3 MB"));
    // Neither views nor schemas have one.
    const sizes = () => console.asked.flatMap(({ body }) => (body.sizes === undefined ? [] : [body.sizes]));
    expect(sizes()).toEqual([
      [
        ["public", "item"],
        ["public", "event"],
      ],
    ]);
    await user.click(screen.getByRole("treeitem", { name: /^public/ }));
    await user.click(screen.getByRole("treeitem", { name: /^public/ }));
    await user.click(screen.getByRole("treeitem", { name: /^audit/ }));
    expect(sizes()).toHaveLength(1);
  });

  test("by keyboard: a schema is opened and read once, letters find a name, Enter opens it", async () => {
    const console = stubConsole((_, body) => (body.schema === undefined ? tree() : opened));
    const { user, onOpen } = open();
    (await screen.findByRole("tree")).focus();
    await user.keyboard("au");
    expect(active()).toBe("audit1");
    await user.keyboard("{ArrowRight}");
    expect(await screen.findByRole("treeitem", { name: "line" })).toBeVisible();
    await user.keyboard("{ArrowRight}{Enter}");
    expect(onOpen).toHaveBeenLastCalledWith({ schema: "audit", table: "line" });
    await user.keyboard("{ArrowLeft}{ArrowLeft}");
    expect(screen.queryByRole("treeitem", { name: "line" })).toBeNull();
    await user.keyboard("{ArrowRight}");
    expect(screen.getByRole("treeitem", { name: "line" })).toBeVisible();
    expect(console.asked.filter(({ body }) => body.schema === "audit")).toHaveLength(1);
    await user.keyboard("{Home}");
    expect(active()).toBe("public3");
  });

  test("typing searches the server; Enter opens the best match, Escape brings the tree back", async () => {
    const found = {
      found: [{ schema: "audit", kind: "table", name: "line", readable: true }],
      capped: false,
    };
    const console = stubConsole((_, body) => (body.search === undefined ? tree() : found));
    const { user, onOpen } = open();
    await screen.findByRole("tree");
    await user.type(screen.getByRole("searchbox", { name: "Filter tables" }), "lin");
    await waitFor(() => expect(items()).toEqual(["audit.line"]));
    expect(console.asked.filter(({ body }) => body.sizes === undefined).at(-1)?.body).toEqual({
      search: "lin",
    });
    expect(screen.getByText("1 match")).toBeInTheDocument();
    await user.keyboard("{Enter}");
    expect(onOpen).toHaveBeenLastCalledWith({ schema: "audit", table: "line" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(items()).toHaveLength(6));
  });

  test("fifty thousand tables: few nodes, and the last is a key away", async () => {
    const relations = Array.from({ length: 50_000 }, (_, index) => ({
      kind: "table" as const,
      name: `t_${index}`,
      readable: true,
    }));
    stubConsole(() => tree({ opened: { schema: "public", relations, capped: false } }));
    const { user } = open();
    (await screen.findByRole("tree")).focus();
    expect(screen.getAllByRole("treeitem").length).toBeLessThan(100);
    expect(document.querySelectorAll("*").length).toBeLessThan(1_500);
    await user.keyboard("t_49999");
    expect(screen.getByRole("treeitem", { name: /^t_0/ })).toHaveAttribute("aria-setsize", "50000");
  });

  test("a refusal is told, and F5 in the pane reads again", async () => {
    const console = stubConsole(() =>
      Response.json({ filter: null, sqlstate: "42501", message: "permission denied" }, { status: 422 }),
    );
    const { user } = open();
    expect(await screen.findByRole("alert")).toHaveTextContent("permission denied");
    console.answer = () => tree();
    screen.getByRole("searchbox").focus();
    await user.keyboard("{F5}");
    expect(await screen.findByRole("tree")).toBeVisible();
    expect(within(document.body).queryByRole("alert")).toBeNull();
  });
});
