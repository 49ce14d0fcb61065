import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import { expect, test, vi } from "vitest";
import { LabelList } from "#app/(console)/settings/label-list.tsx";
import { ToastProvider } from "#app/(console)/toasts.tsx";
import { english } from "#messages/load-messages.ts";

vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: vi.fn() }) }));
vi.mock("#app/(console)/settings/label-actions.ts", () => ({ renameLabel: vi.fn() }));
vi.mock("#app/(console)/connections/list/list-actions.ts", () => ({ labelConnections: vi.fn() }));

test.each(["{Escape}", "{Enter}", "{Tab}{Tab}{Enter}"])(
  "a name that is left as it was by %s gives the focus back to its button",
  async (keys) => {
    const { labels } = english.settings.connections;
    render(
      <NextIntlClientProvider locale="en" messages={{ settings: { connections: { labels } } } as never}>
        <ToastProvider labels={{ region: "Notifications", dismiss: "Dismiss" }}>
          <LabelList labels={[{ kind: "tag", name: "cold", count: 2 }]} />
        </ToastProvider>
      </NextIntlClientProvider>,
    );
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Rename cold" }));
    expect(screen.getByRole("textbox", { name: "New name for cold" })).toHaveFocus();
    await user.keyboard(keys);
    expect(screen.getByRole("button", { name: "Rename cold" })).toHaveFocus();
  },
);
