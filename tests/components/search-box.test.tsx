import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { SearchBox } from "#app/(console)/connections/list/search-box.tsx";

const router = { replace: vi.fn() };
vi.mock("next/navigation", () => ({ useRouter: () => router, usePathname: () => "/connections" }));

test("what is searched stands in the address, a password that was pasted with it does not, and the box keeps what was typed", async () => {
  const user = userEvent.setup();
  const box = (initial: string) => <SearchBox label="Search" hint="Search" initial={initial} />;
  const { rerender } = render(box(""));
  const field = screen.getByRole("searchbox", { name: "Search" });
  await user.click(field);
  await user.paste("postgres://app:hunter2@db.example.com/shop");
  await waitFor(() => expect(router.replace).toHaveBeenCalledTimes(1), { timeout: 5000 });
  const [address = ""] = router.replace.mock.calls[0] ?? [];
  const search = new URL(address, "http://here").searchParams.get("search") ?? "";
  expect(search).toBe("postgres://app:…@db.example.com/shop");
  // As the page comes with it: nothing is asked again.
  rerender(box(search));
  expect(field).toHaveValue("postgres://app:hunter2@db.example.com/shop");
  await user.clear(field);
  await user.type(field, "shop");
  await waitFor(() =>
    expect(router.replace).toHaveBeenLastCalledWith("/connections?search=shop", { scroll: false }),
  );
});
