import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Answer } from "#app/_server/answer.ts";
import { UnsavedBar } from "#app/(console)/connections/[id]/unsaved-bar.tsx";
import { entriesPlace } from "#app/(console)/connections/form/entries-place.ts";
import { problem } from "#lib/problems/problem.ts";
import { renderSession } from "./render-session.tsx";

const router = { refresh: vi.fn(), replace: vi.fn() };
vi.mock("next/navigation", () => ({ useRouter: () => router }));

beforeEach(() => {
  sessionStorage.clear();
  vi.clearAllMocks();
});

const fresh = { name: "db.example.test", isNamed: false, of: undefined };
const save = vi.fn<(id: string, name: string) => Promise<Answer<{ readonly id: string }>>>();

function bar(unsaved: Parameters<typeof UnsavedBar>[0]["unsaved"]) {
  return <UnsavedBar connectionId="u1" unsaved={unsaved} userId="mo" save={save} />;
}

describe("what is connected and not saved", () => {
  test("says so, asks for a name where it has none, and says when it is saved", async () => {
    sessionStorage.setItem(entriesPlace("mo", undefined), '{"host":"db.example.test"}');
    save.mockResolvedValueOnce({ ok: true, value: { id: "u1" } });
    const { user, rerender } = renderSession(bar(fresh));
    expect(screen.getByText("This connection is not saved.")).toBeVisible();
    const name = screen.getByRole("textbox", { name: "Name" });
    expect(name).toHaveValue("db.example.test");
    await user.clear(name);
    await user.type(name, "Shop");
    await user.tab();
    await user.keyboard("{Enter}");
    expect(save).toHaveBeenCalledWith("u1", "Shop");
    const said = await screen.findByText("Shop saved.");
    expect(router.refresh).toHaveBeenCalled();
    // What the form kept of it need not be kept any more.
    expect(sessionStorage.length).toBe(0);
    await waitFor(() => expect(said.closest("[role=status]")).toHaveFocus());
    rerender(bar(undefined));
    expect(screen.getByText("Shop saved.")).toBeVisible();
  });

  test("with a name of its own is saved by one press; a refusal says why, and can be tried again", async () => {
    const explained = {
      problem: problem("vault-write-failed"),
      title: "No",
      cause: "Why",
      fix: "Do",
      fixes: [],
    };
    save.mockResolvedValueOnce({ ok: false, explained });
    const { user } = renderSession(bar({ ...fresh, name: "Shop", isNamed: true }));
    expect(screen.queryByRole("textbox")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Save connection" }));
    expect(await screen.findByRole("alert")).toHaveAttribute("data-problem", "vault-write-failed");
    expect(screen.getByRole("button", { name: "Save connection" })).toBeVisible();
    save.mockRejectedValueOnce(new TypeError("fetch failed"));
    await user.click(screen.getByRole("button", { name: "Save connection" }));
    expect(await screen.findByText(/The console did not answer/)).toBeVisible();
  });

  test("made of a saved one, it goes on to that, which says so", async () => {
    save.mockResolvedValueOnce({ ok: true, value: { id: "c1" } });
    const { user, unmount } = renderSession(bar({ name: "Shop", isNamed: true, of: "c1" }));
    expect(screen.getByText("Your changes to Shop are not saved.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Save changes" }));
    await waitFor(() => expect(router.replace).toHaveBeenCalledWith("/connections/c1"));
    unmount();
    renderSession(bar(undefined));
    expect(screen.getByText("Shop saved.")).toBeVisible();
  });

  test("of a saved connection there is nothing to say", () => {
    renderSession(bar(undefined));
    expect(screen.getByRole("status")).toBeEmptyDOMElement();
  });
});
