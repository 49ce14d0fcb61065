import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FixLink } from "#app/(console)/connections/[id]/fix-link.tsx";
import { askForTest } from "#app/(console)/connections/attempt/test-at-once.ts";
import { SavedForm } from "#app/(console)/settings/connections/[id]/saved-form.tsx";
import { english } from "#messages/load-messages.ts";
import { savedView, streamOf, type Test } from "./render-form.tsx";

vi.mock("next/navigation", () => ({
  useRouter: () => ({ push: () => undefined, refresh: () => undefined }),
}));

const saved = savedView();
const form = `/settings/connections/${saved.id}`;

beforeEach(() => sessionStorage.clear());
afterEach(() => window.history.replaceState(null, "", "/"));

function open(address = form) {
  window.history.replaceState(null, "", address);
  const tested = vi.fn<Test>(async () => streamOf([]));
  const save = async () => ({ type: "saved", view: saved }) as const;
  const rendered = render(
    <NextIntlClientProvider locale="en" messages={english} timeZone="UTC">
      <SavedForm view={saved} test={tested} save={save} connect={tested} />
    </NextIntlClientProvider>,
  );
  return { tested, ...rendered };
}

test("a press begins one test in the form it leads to", async () => {
  // A navigation has no place in jsdom.
  const stay = (event: Event) => event.preventDefault();
  window.addEventListener("click", stay, true);
  render(<FixLink connectionId={saved.id} label="Fix in settings" />);
  const link = screen.getByRole("link", { name: "Fix in settings" });
  expect(link).toHaveAttribute("href", form);
  await userEvent.click(link);
  window.removeEventListener("click", stay, true);

  const first = open();
  await waitFor(() => expect(first.tested).toHaveBeenCalledTimes(1));
  first.unmount();
  await expectNone(open());
});

test.each([form, `${form}?test=now`, `${form}?test=now&x=1#test`])(
  "no address begins one: %s",
  async (address) => {
    await expectNone(open(address));
  },
);

test("nor does a press for another connection, or one of long ago", async () => {
  askForTest("another");
  await expectNone(open());
  vi.spyOn(Date, "now").mockReturnValueOnce(Date.now() - 31_000);
  askForTest(saved.id);
  await expectNone(open());
});

/** A test that begins by itself begins before somebody has typed: then this one would not be the only one. */
async function expectNone({ tested, unmount }: ReturnType<typeof open>): Promise<void> {
  await userEvent.type(screen.getByLabelText("Name"), " again");
  await userEvent.click(screen.getByRole("button", { name: "Test connection" }));
  await waitFor(() => expect(tested.mock.calls.at(-1)?.[0].name).toBe(`${saved.values.name} again`));
  expect(tested).toHaveBeenCalledTimes(1);
  unmount();
}
