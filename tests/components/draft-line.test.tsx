import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { DraftLine } from "#app/(console)/connections/[id]/sql/draft-line.tsx";
import type { DraftHandle } from "#app/(console)/connections/[id]/sql/use-draft.ts";
import { renderSession } from "./render-session.tsx";

const draft = { state: "saved", beside: false, id: "own" } as DraftHandle;
const other = { id: "d2", begins: "select 'elsewhere'", savedAt: "2026-11-27T10:00:00.000Z" };

/** What the console has; undefined while it does not answer. */
let drafts: readonly { readonly id: string }[] | undefined;

HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false;
};

beforeEach(() => {
  drafts = [{ ...other, id: "own" }, other];
  vi.stubGlobal("fetch", async (path: string, { method }: RequestInit) => {
    if (drafts === undefined) throw new TypeError("fetch failed");
    if (method !== "DELETE") return Response.json({ drafts });
    const gone = new URL(path, "http://console.test").searchParams.get("draft");
    drafts = drafts.filter(({ id }) => id !== gone);
    return new Response(null, { status: 204 });
  });
});

describe("what was typed in other tabs", () => {
  test("is listed at a press, without one's own; closed, it gives the focus back", async () => {
    const { user } = renderSession(<DraftLine connectionId="c1" draft={draft} />);
    const button = screen.getByRole("button", { name: "Drafts" });
    await user.click(button);
    const dialog = within(await screen.findByRole("dialog", { name: "Drafts" }));
    expect(dialog.getAllByRole("listitem")).toHaveLength(1);
    expect(dialog.getByText("select 'elsewhere'")).toBeVisible();
    await user.click(dialog.getByRole("button", { name: "Close" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(button).toHaveFocus();
  });

  test("goes when it is thrown away, and the rest is read anew", async () => {
    const { user } = renderSession(<DraftLine connectionId="c1" draft={draft} />);
    await user.click(screen.getByRole("button", { name: "Drafts" }));
    await user.click(await screen.findByRole("button", { name: "Delete draft select 'elsewhere'" }));
    expect(await screen.findByText("No other drafts for this connection.")).toBeVisible();
    expect(drafts).toEqual([expect.objectContaining({ id: "own" })]);
  });

  test("a console that does not answer is told in the dialog, and can be asked again", async () => {
    drafts = undefined;
    const { user } = renderSession(<DraftLine connectionId="c1" draft={draft} />);
    const button = screen.getByRole("button", { name: "Drafts" });
    await user.click(button);
    expect(await screen.findByText("The drafts could not be read.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Close" }));
    drafts = [other];
    await user.click(button);
    expect(await screen.findByText("select 'elsewhere'")).toBeVisible();
  });

  test("where the dialog itself does not come, it is told on the page, which stays", async () => {
    vi.doMock("#app/(console)/connections/[id]/sql/drafts-dialog.tsx", () => {
      throw new Error("the console is unreachable");
    });
    vi.resetModules();
    const { user } = renderSession(<DraftLine connectionId="c1" draft={draft} />);
    await user.click(screen.getByRole("button", { name: "Drafts" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The drafts could not be read.");
    expect(screen.getByText("Saved")).toBeVisible();
    vi.doUnmock("#app/(console)/connections/[id]/sql/drafts-dialog.tsx");
  });
});
