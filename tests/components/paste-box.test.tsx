import { render, screen, waitFor } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { isConnection } from "#app/(console)/connections/door/is-connection.ts";
import { PasteBox } from "#app/(console)/connections/door/paste-box.tsx";
import { textGiven } from "#app/(console)/connections/form/given-text.ts";

const push = vi.fn();
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
// What is lazy in the page is there at once for the tests.
beforeAll(async () => void (await isConnection("")), 30_000);
beforeEach(() => push.mockClear());

const words = { label: "Paste any connection", hint: "A string.", placeholder: "postgres://", open: "Open" };

/** The page as the server sent it, with a text that came into its box before its code did. */
async function hydrateWith(text: string): Promise<void> {
  const container = document.createElement("div");
  document.body.append(container);
  container.innerHTML = renderToString(<PasteBox words={words} />);
  const box = container.querySelector("textarea");
  if (box !== null) box.value = text;
  render(<PasteBox words={words} />, { container, hydrate: true });
}

test("what was pasted while the page still loaded opens the form", async () => {
  await hydrateWith("postgres://app:s3cret@db.example.test/shop");
  await waitFor(() => expect(push).toHaveBeenCalledWith("/connections/new"));
  expect(textGiven()).toBe("postgres://app:s3cret@db.example.test/shop");
});

test("what is no connection yet stays in the box", async () => {
  await hydrateWith("the one from the wiki");
  // The box asked before, so it knows by now.
  expect(await isConnection("the one from the wiki")).toBe(false);
  expect(screen.getByRole("textbox")).toHaveValue("the one from the wiki");
  expect(push).not.toHaveBeenCalled();
});
