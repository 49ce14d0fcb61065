import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import { beforeAll, expect, test, vi } from "vitest";
import { PreferencesForm } from "#app/(console)/settings/preferences-form.tsx";
import { ToastProvider } from "#app/(console)/toasts.tsx";
import { english } from "#messages/load-messages.ts";

const actions = vi.hoisted(() => ({ savePreferences: vi.fn() }));
vi.mock("#app/(console)/settings/actions.ts", () => actions);
vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => "/settings" }));

// Loaded with the first change.
beforeAll(() => import("#app/(console)/settings/save-bar-shown.tsx"));

HTMLDialogElement.prototype.showModal ??= function show(this: HTMLDialogElement) {
  this.open = true;
};

// A form's action ends with a reset of the form, which knows nothing of what React holds.
test("what was saved is what stands there", async () => {
  actions.savePreferences.mockResolvedValue({ ok: true, value: null });
  const user = userEvent.setup();
  render(
    <NextIntlClientProvider locale="en" messages={english as never} timeZone="UTC">
      <ToastProvider labels={{ region: "Messages", dismiss: "Dismiss" }}>
        <PreferencesForm
          chosen={{
            language: null,
            theme: "system",
            density: "comfortable",
            timeZone: null,
            pageSize: 50,
            keepHistory: true,
          }}
          languages={[{ value: "en", label: "English" }]}
          shownLanguage="en"
          timeZones={["UTC"]}
          historyDays={90}
        />
      </ToastProvider>
    </NextIntlClientProvider>,
  );
  await user.selectOptions(screen.getByLabelText("Theme"), "High contrast");
  await user.selectOptions(screen.getByLabelText("Density"), "Compact");
  await user.click(screen.getByLabelText("Keep a history of the statements I run"));
  await user.click(screen.getByRole("button", { name: "Save preferences" }));
  expect(await screen.findByText("Preferences saved.")).toBeVisible();
  expect(actions.savePreferences).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ theme: "contrast", density: "compact", keepHistory: false }),
  );
  expect(screen.getByLabelText("Theme")).toHaveDisplayValue("High contrast");
  expect(screen.getByLabelText("Density")).toHaveDisplayValue("Compact");
  expect(screen.getByLabelText("Keep a history of the statements I run")).not.toBeChecked();
});
