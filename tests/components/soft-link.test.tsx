import { act, createEvent, fireEvent, render, screen } from "@testing-library/react";
import { startTransition, use, useState } from "react";
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

let arrive: (page: string) => void = () => undefined;
const coming = new Promise<string>((resolve) => {
  arrive = resolve;
});

function Pages() {
  const [next, setNext] = useState<Promise<string>>();
  push.mockImplementationOnce(() => startTransition(() => setNext(coming)));
  return (
    <>
      <SoftLink href="/help">Help</SoftLink>
      <p>{next === undefined ? "Connections" : use(next)}</p>
    </>
  );
}

test("it is busy until the page has come", async () => {
  render(<Pages />);
  const link = screen.getByRole("link", { name: "Help" });
  await act(async () => fireEvent.click(link));
  expect(link).toHaveAttribute("aria-busy", "true");
  expect(screen.getByText("Connections")).toBeVisible();
  await act(async () => arrive("The help"));
  expect(screen.getByText("The help")).toBeVisible();
  expect(link).not.toHaveAttribute("aria-busy");
});
