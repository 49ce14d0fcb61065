import { createEvent, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { SoftLink } from "#app/(console)/soft-link.tsx";

const push = vi.fn();
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
beforeEach(() => push.mockClear());

function press(init: MouseEventInit, onClick = vi.fn()) {
  render(
    <SoftLink href="/help/problems#net-refused" onClick={onClick}>
      Help
    </SoftLink>,
  );
  const link = screen.getByRole("link", { name: "Help" });
  expect(link).toHaveAttribute("href", "/help/problems#net-refused");
  const click = createEvent.click(link, init);
  fireEvent(link, click);
  return click;
}

test("a press goes on without a full load", () => {
  const asked = vi.fn();
  expect(press({}, asked).defaultPrevented).toBe(true);
  expect(asked).toHaveBeenCalledOnce();
  expect(push).toHaveBeenCalledExactlyOnceWith("/help/problems#net-refused");
});

test.each([{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { altKey: true }, { button: 1 }])(
  "with %j it is the browser's",
  (init) => {
    expect(press(init).defaultPrevented).toBe(false);
    expect(push).not.toHaveBeenCalled();
  },
);

test("what was prevented goes nowhere", () => {
  press(
    {},
    vi.fn((event: { preventDefault(): void }) => event.preventDefault()),
  );
  expect(push).not.toHaveBeenCalled();
});
