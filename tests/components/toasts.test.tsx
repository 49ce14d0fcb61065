import { act, fireEvent, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Toast } from "#app/(console)/toast.ts";
import { ToastProvider, useToast } from "#app/(console)/toasts.tsx";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A page that gives these toasts, one a press. */
async function page(...given: readonly Toast[]) {
  render(
    <ToastProvider labels={{ region: "Notifications", dismiss: "Dismiss" }}>
      <Giver waiting={[...given]} />
    </ToastProvider>,
  );
  const button = screen.getByRole("button", { name: "Do it" });
  button.focus();
  for (const _ of given) await act(async () => fireEvent.click(button));
  // The card is loaded with the first one.
  await act(() => vi.dynamicImportSettled());
  return button;
}

function Giver({ waiting }: { readonly waiting: Toast[] }) {
  const toast = useToast();
  const takeAway = useRef(() => {});
  return (
    <>
      <button
        type="button"
        onClick={() => {
          const next = waiting.shift();
          if (next !== undefined) takeAway.current = toast(next);
        }}
      >
        Do it
      </button>
      <button type="button" onClick={() => takeAway.current()}>
        Leave
      </button>
    </>
  );
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

describe("a toast", () => {
  test("stands in a live place that was there before it, and goes by itself", async () => {
    await page({ text: "Saved." });
    const said = screen.getByText("Saved.");
    expect(said.closest("[aria-live]")).toHaveAttribute("aria-live", "polite");
    await pass(6_000);
    expect(said).toBeInTheDocument();
    await pass(3_000);
    expect(said).not.toBeInTheDocument();
    expect(screen.queryByRole("region")).not.toBeInTheDocument();
  });

  test("with an act stays ten seconds and more, and runs it once", async () => {
    const run = vi.fn();
    await page({ text: "Shop was deleted.", action: { label: "Undo", run } });
    await pass(10_000);
    fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(run).toHaveBeenCalledOnce();
    expect(screen.queryByText("Shop was deleted.")).not.toBeInTheDocument();
  });

  test("is taken away by who gave it, where its offer has ended; others stay", async () => {
    await page({ text: "Saved." }, { text: "Fix applied.", action: { label: "Undo", run: () => {} } });
    fireEvent.click(screen.getByRole("button", { name: "Leave" }));
    expect(screen.queryByText("Fix applied.")).not.toBeInTheDocument();
    expect(screen.getByText("Saved.")).toBeInTheDocument();
  });

  test("of a failure interrupts, and stays until it is taken away", async () => {
    await page({ text: "Not deleted.", tone: "danger" });
    expect(screen.getByText("Not deleted.").closest("[aria-live]")).toHaveAttribute("aria-live", "assertive");
    await pass(60_000);
    fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByText("Not deleted.")).not.toBeInTheDocument();
  });

  test("is reached with F6, held while the focus is in it, and left with F6 or Escape", async () => {
    const button = await page({ text: "Saved." });
    fireEvent.keyDown(button, { key: "F6" });
    expect(screen.getByText("Saved.").closest("[data-toast]")).toHaveFocus();
    await pass(60_000);
    fireEvent.keyDown(document.activeElement ?? button, { key: "F6" });
    expect(button).toHaveFocus();
    // Its whole time once more: who came back from it may still want to read it.
    await pass(6_000);
    fireEvent.keyDown(button, { key: "F6" });
    fireEvent.keyDown(document.activeElement ?? button, { key: "Escape" });
    expect(screen.queryByText("Saved.")).not.toBeInTheDocument();
    expect(button).toHaveFocus();
  });

  test("is one of three at most: the oldest goes that offers nothing", async () => {
    const undo = { label: "Undo", run: () => undefined };
    await page(
      { text: "One", action: undo },
      { text: "Two" },
      { text: "Three" },
      { text: "Three" },
      { text: "Four" },
    );
    expect(screen.getByText("One")).toBeInTheDocument();
    expect(screen.queryByText("Two")).not.toBeInTheDocument();
    // What was said twice is there once.
    expect(screen.getByText("Three")).toBeInTheDocument();
    expect(screen.getByText("Four")).toBeInTheDocument();
  });
});
