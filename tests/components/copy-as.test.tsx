import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CopyAsButton } from "#app/(console)/copy-as/copy-as-button.tsx";
import type { CopySource } from "#app/(console)/copy-as/copy-source.ts";
// Read beforehand: the first to open it would wait for the whole of it.
import "#app/(console)/copy-as/copy-as-dialog.tsx";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { copyForms } from "#lib/strings/write/copy-form.ts";
import { writeAs } from "#lib/strings/write/write-as.ts";
import { english } from "#messages/load-messages.ts";

const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const shop: FormValues = {
  ...newFormValues,
  name: "Shop",
  host: "db.example.test",
  database: "shop",
  user: "app",
};
const words = { locale: "en", copyAs: english.copyAs };

/** What the handler is asked, by `want`; the answers are its own shapes. */
const asked = vi.fn<(question: Record<string, unknown>) => object>();
beforeEach(() => {
  // jsdom knows the element, not its methods.
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  vi.stubGlobal("fetch", async (_address: string, { body }: { body: string }) =>
    Response.json(asked(JSON.parse(body) as Record<string, unknown>)),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  asked.mockReset();
});

async function open(source: CopySource) {
  const user = userEvent.setup();
  render(
    <NextIntlClientProvider locale="en" messages={english} timeZone="UTC">
      <CopyAsButton source={source} />
    </NextIntlClientProvider>,
  );
  await user.click(screen.getByRole("button", { name: "Copy as…" }));
  const dialog = await screen.findByRole("dialog", { name: "Copy as" });
  await within(dialog).findByRole("radiogroup", { name: "Program" });
  return { user, dialog: within(dialog) };
}

describe("Copy as", () => {
  test("every form is offered, and shows what the writer writes", async () => {
    asked.mockReturnValue({ values: shop, pinned: false, words });
    await open({ id: "c1" });
    expect(asked).toHaveBeenCalledWith({ want: "saved", id: "c1" });
    // By selector: a look for roles takes jsdom seconds where so much stands on the page.
    const radios = [...document.querySelectorAll("dialog input[type=radio]")];
    expect(radios.map((radio) => radio.getAttribute("value")).sort()).toEqual([...copyForms].sort());
    const shown = document.querySelector("dialog [data-form]");
    for (const radio of radios) {
      fireEvent.click(radio);
      const form = copyForms.find((known) => known === radio.getAttribute("value"));
      expect(shown?.textContent).toBe(writeAs(form ?? "uri", shop).text);
      expect(radio.closest("label")).toHaveTextContent(english.copyAs.forms[form ?? "uri"]);
    }
  });

  test("D9: Windows psql gets the roots as a file, fetched when they are needed", async () => {
    asked.mockImplementation(({ want }) =>
      want === "roots" ? { roots: ca } : { values: shop, pinned: false, words },
    );
    const { user, dialog } = await open({ id: "c1" });
    expect(asked).toHaveBeenCalledTimes(1);
    await user.click(dialog.getByRole("radio", { name: "Windows command prompt" }));
    const button = await dialog.findByRole("button", { name: "Download ca.pem" });
    expect(asked).toHaveBeenLastCalledWith({ want: "roots", trust: "system", host: shop.host });
    expect(dialog.getByText(/unregistered scheme/)).toBeInTheDocument();
    const saved: Blob[] = [];
    Object.assign(URL, {
      createObjectURL: (blob: Blob) => `blob:${saved.push(blob)}`,
      revokeObjectURL: vi.fn(),
    });
    await user.click(button);
    expect(saved[0]?.size).toBe(ca.length);
  });

  test("what no store can give is said", async () => {
    asked.mockImplementation(({ want }) =>
      want === "roots"
        ? { title: "No certificates to trust" }
        : { values: { ...shop, trust: "provider" }, pinned: false, words },
    );
    const { dialog } = await open({ id: "c1" });
    expect(await dialog.findByText(/No certificates to trust/)).toBeInTheDocument();
  });

  test("what was typed goes into the text only after a question", async () => {
    asked.mockReturnValue({ pinned: false, words });
    const { user, dialog } = await open({ form: () => ({ ...shop, password: "geheim 1" }) });
    expect(asked).toHaveBeenCalledWith({ want: "form", ca: "" });
    const text = () => dialog.getByRole("region", { name: "Text to copy" }).textContent;
    expect(text()).not.toContain("geheim");
    await user.click(dialog.getByRole("button", { name: "Include typed secrets" }));
    expect(text()).not.toContain("geheim");
    await user.click(dialog.getByRole("button", { name: "Include secrets" }));
    expect(text()).toContain("PGPASSWORD='geheim 1' psql");
    await user.click(dialog.getByRole("button", { name: "Remove them again" }));
    expect(text()).not.toContain("geheim");
  });

  test("of a saved connection no secret is there to include", async () => {
    asked.mockReturnValue({ values: shop, pinned: false, words });
    const { dialog } = await open({ id: "c1" });
    expect(dialog.queryByRole("button", { name: "Include typed secrets" })).toBeNull();
  });

  test("the arrow keys walk through the forms", async () => {
    asked.mockReturnValue({ values: shop, pinned: false, words });
    const { user, dialog } = await open({ id: "c1" });
    dialog.getByRole("radio", { name: "Linux, macOS" }).focus();
    await user.keyboard("{ArrowDown}");
    await waitFor(() => expect(dialog.getByRole("radio", { name: "Windows command prompt" })).toBeChecked());
  });

  test("a console that does not answer is said, and asked again", async () => {
    asked.mockImplementationOnce(() => {
      throw new Error("gone");
    });
    const user = userEvent.setup();
    render(
      <NextIntlClientProvider locale="en" messages={english} timeZone="UTC">
        <CopyAsButton source={{ id: "c1" }} />
      </NextIntlClientProvider>,
    );
    await user.click(screen.getByRole("button", { name: "Copy as…" }));
    asked.mockReturnValue({ values: shop, pinned: false, words });
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("radiogroup", { name: "Program" })).toBeInTheDocument();
  });
});
