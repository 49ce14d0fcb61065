import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StoreBar } from "#app/(console)/store-bar.tsx";

const router = { refresh: vi.fn() };
let path = "/connections";
vi.mock("next/navigation", () => ({ useRouter: () => router, usePathname: () => path }));

/** What the console answers; undefined where it answers 503. */
let words: string | null | undefined;
const asked = vi.fn(async () =>
  words === undefined ? new Response(null, { status: 503 }) : Response.json({ words }),
);

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  vi.stubGlobal("fetch", asked);
  path = "/connections";
});
afterEach(() => {
  vi.useRealTimers();
});

const rest = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

test("says nothing and asks nothing while nobody moves, and asks with each page", async () => {
  const { rerender } = render(<StoreBar words={null} />);
  await rest(60_000);
  expect(asked).not.toHaveBeenCalled();
  expect(screen.getByRole("status")).toBeEmptyDOMElement();
  words = "The database does not answer.";
  path = "/help";
  rerender(<StoreBar words={null} />);
  await rest(0);
  expect(asked).toHaveBeenCalledTimes(1);
  expect(screen.getByRole("status")).toHaveTextContent("The database does not answer.");
});

test("stays while the console answers nothing, and goes by itself with the page read anew", async () => {
  words = undefined;
  render(<StoreBar words="The database does not answer." />);
  await rest(9_100);
  expect(asked).toHaveBeenCalledTimes(3);
  expect(screen.getByRole("status")).toHaveTextContent("The database does not answer.");
  expect(router.refresh).not.toHaveBeenCalled();
  words = null;
  await rest(3_000);
  expect(screen.getByRole("status")).toBeEmptyDOMElement();
  expect(router.refresh).toHaveBeenCalledTimes(1);
  await rest(60_000);
  expect(asked).toHaveBeenCalledTimes(4);
});
