import { act, render, screen, waitFor } from "@testing-library/react";
import { Suspense, startTransition, use, useLayoutEffect, useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { type Pages, usePages } from "#app/(console)/connections/[id]/table/use-pages.ts";
import { page, stubConsole } from "./browse-console.tsx";

afterEach(() => vi.unstubAllGlobals());

/** What the parts of the page below hand out. */
const parts: { pages?: Pages; wait?: (on: boolean) => void; went: number } = { went: 0 };

/** As the grid does: it goes there before anything is painted, and is drawn anew. */
function Table() {
  const pages = usePages(
    "c",
    { schema: "public", table: "item" },
    { filters: [], where: "", sort: [], row: undefined },
  );
  parts.pages = pages;
  const turn = pages.goTo?.turn;
  const [, setActive] = useState({});
  useLayoutEffect(() => {
    if (turn === undefined) return;
    parts.went += 1;
    setActive({});
  }, [turn]);
  return <p>{pages.windows.length} pages</p>;
}

const never = new Promise<never>(() => undefined);

function Waits() {
  const [on, setOn] = useState(false);
  parts.wait = setOn;
  return on ? use(never) : null;
}

test("a page that comes while something less urgent waits is gone to once", async () => {
  stubConsole(() => page(1));
  render(
    <>
      <Table />
      <Suspense>
        <Waits />
      </Suspense>
    </>,
  );
  // A change of the pages' own state that waits with what cannot go on: React leaves it out, and does over what follows.
  await act(async () =>
    startTransition(() => {
      parts.wait?.(true);
      parts.pages?.cancel();
    }),
  );
  await act(async () => parts.pages?.load({ to: "first" }));
  await waitFor(() => expect(screen.getByText("1 pages")).toBeInTheDocument());
  expect(parts.went).toBe(1);
  await act(async () => parts.pages?.show(0));
  expect(parts.went).toBe(2);
});
