import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Answer } from "#app/_server/answer.ts";
import { leave } from "#app/(console)/leaving.ts";
import { AccessForm } from "#app/(console)/settings/access-form.tsx";
import { ToastProvider } from "#app/(console)/toasts.tsx";
import { english } from "#messages/load-messages.ts";

vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: vi.fn(), push: vi.fn() }) }));
const { setAccess } = vi.hoisted(() => ({ setAccess: vi.fn<(asked: unknown) => Promise<Answer<null>>>() }));
vi.mock("#app/(console)/settings/access-actions.ts", () => ({ setAccess }));

HTMLDialogElement.prototype.showModal = function show() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

vi.setConfig({ testTimeout: 30_000 });
// Loaded with the first change.
beforeAll(() => import("#app/(console)/settings/save-bar-shown.tsx"));

beforeEach(() => {
  setAccess.mockReset().mockResolvedValue({ ok: true, value: null });
  render(
    <NextIntlClientProvider locale="en" messages={english} timeZone="UTC">
      <ToastProvider labels={{ region: "Notifications", dismiss: "Dismiss" }}>
        <AccessForm
          id="one"
          standard="read"
          rest={null}
          people={[
            { id: "mo", name: "Mo", level: "read" },
            { id: "li", name: "Li", level: null },
          ]}
        />
      </ToastProvider>
    </NextIntlClientProvider>,
  );
});

const save = () => screen.queryByRole("button", { name: "Save access" });

test("the bar comes with the first change, counts them, and goes with the last one taken back", async () => {
  const user = userEvent.setup();
  expect(save()).not.toBeInTheDocument();
  await user.selectOptions(screen.getByRole("combobox", { name: "Mo" }), "write");
  await user.selectOptions(screen.getByRole("combobox", { name: "Li" }), "manage");
  expect(screen.getByRole("status")).toHaveTextContent("2 unsaved changes");
  await user.selectOptions(screen.getByRole("combobox", { name: "Mo" }), "read");
  expect(screen.getByRole("status")).toHaveTextContent("1 unsaved change");
  await user.click(await screen.findByRole("button", { name: "Discard" }));
  expect(screen.getByRole("combobox", { name: "Li" })).toHaveValue("");
  expect(save()).not.toBeInTheDocument();
  // The button that had the focus is gone: it is not lost.
  await waitFor(() => expect(screen.getByRole("combobox", { name: english.rights.one.rest })).toHaveFocus());
});

test("what is saved is what stands there; a toast says so and the bar goes", async () => {
  const user = userEvent.setup();
  await user.selectOptions(screen.getByRole("combobox", { name: english.rights.one.rest }), "none");
  await user.click(await screen.findByRole("button", { name: "Save access" }));
  expect(setAccess).toHaveBeenCalledWith({ id: "one", rest: "none", people: [["mo", "read"]] });
  expect(await screen.findByText(english.rights.one.saved)).toBeVisible();
  expect(save()).not.toBeInTheDocument();
});

test("whoever leaves with changes is asked first", async () => {
  const user = userEvent.setup();
  await user.selectOptions(screen.getByRole("combobox", { name: "Mo" }), "write");
  await screen.findByRole("button", { name: "Save access" });
  const goOn = vi.fn();
  act(() => leave(goOn));
  const asked = await screen.findByRole("dialog", { name: english.unsaved.leave.title });
  expect(goOn).not.toHaveBeenCalled();
  await user.click(within(asked).getByRole("button", { name: "Leave" }));
  expect(goOn).toHaveBeenCalledOnce();
});
