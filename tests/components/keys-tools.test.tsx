import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import { beforeEach, expect, test, vi } from "vitest";
import { KeysTools } from "#app/(console)/settings/keys-tools.tsx";
import { ToastProvider } from "#app/(console)/toasts.tsx";
import { problem } from "#lib/problems/problem.ts";
import keys from "#messages/en/keys.json" with { type: "json" };

const acts = vi.hoisted(() => ({ addPassphrase: vi.fn(), removeKey: vi.fn(), rotateDataKey: vi.fn() }));
vi.mock("#app/(console)/settings/keys-actions.ts", () => acts);
vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: vi.fn() }) }));

// jsdom has no modal dialogs.
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false;
};

beforeEach(() => {
  for (const one of Object.values(acts)) one.mockReset().mockResolvedValue({ ok: true, value: null });
});

/** The card of a vault that a raw key opens, in use, and a passphrase. */
function show() {
  render(
    <NextIntlClientProvider locale="en" messages={{ keys: { kind: keys.kind, card: keys.card } }}>
      <ToastProvider labels={{ region: "Notifications", dismiss: "Dismiss" }}>
        <KeysTools
          slots={[
            { id: "0a0a0a0a", kind: "raw", present: true },
            { id: "0b0b0b0b", kind: "passphrase", present: false },
          ]}
        />
      </ToastProvider>
    </NextIntlClientProvider>,
  );
  return userEvent.setup();
}

async function asked(name: RegExp, user: ReturnType<typeof show>) {
  await user.click(screen.getByRole("button", { name }));
  await act(() => vi.dynamicImportSettled());
  return within(await screen.findByRole("dialog"));
}

test("a passphrase is typed twice, and goes with one's own password", async () => {
  const user = show();
  const dialog = await asked(/^Add passphrase/, user);
  await user.type(dialog.getByLabelText("Passphrase"), "twelve blue herons at noon");
  await user.type(dialog.getByLabelText("Repeat the passphrase"), "twelve blue herons");
  await user.type(dialog.getByLabelText("Your console password"), "own");
  await user.click(dialog.getByRole("button", { name: "Add passphrase" }));
  expect(dialog.getByText("The passphrases do not match.")).toBeInTheDocument();
  expect(dialog.getByLabelText("Repeat the passphrase")).toHaveFocus();
  expect(acts.addPassphrase).not.toHaveBeenCalled();
  await user.type(dialog.getByLabelText("Repeat the passphrase"), " at noon");
  await user.click(dialog.getByRole("button", { name: "Add passphrase" }));
  const given = { password: "own", passphrase: "twelve blue herons at noon" };
  expect(acts.addPassphrase).toHaveBeenCalledExactlyOnceWith(given);
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("the key in use has no way to be removed here; another one is named, and a refusal is said", async () => {
  const explained = { problem: problem("not-allowed"), title: "You do not have permission", fix: "Again." };
  acts.removeKey.mockResolvedValueOnce({ ok: false, explained });
  const user = show();
  expect(screen.getAllByRole("button", { name: /^Remove/ })).toHaveLength(1);
  const dialog = await asked(/^Remove… Passphrase 0b0b0b0b/, user);
  expect(dialog.getByText(/Passphrase 0b0b0b0b will no longer open the vault/)).toBeInTheDocument();
  await user.type(dialog.getByLabelText("Your console password"), "wrong{Enter}");
  expect(await dialog.findByRole("alert")).toHaveTextContent("You do not have permission");
  const wrong = { ...explained, problem: problem("not-allowed", { reason: "password" }) };
  acts.removeKey.mockResolvedValueOnce({ ok: false, explained: wrong });
  await user.type(dialog.getByLabelText("Your console password"), "{Enter}");
  expect(await dialog.findByText("Wrong password.")).toBeInTheDocument();
  expect(dialog.getByLabelText("Your console password")).toHaveAccessibleDescription("Wrong password.");
  expect(dialog.queryByText("You do not have permission")).toBeNull();
  await user.type(dialog.getByLabelText("Your console password"), "{Enter}");
  expect(acts.removeKey).toHaveBeenLastCalledWith({ password: "wrong", id: "0b0b0b0b" });
});

test("a new data key is asked for, with what has to follow a leak", async () => {
  const user = show();
  const dialog = await asked(/^Renew data key/, user);
  expect(dialog.getByText(/cloak-db key rekey/)).toBeInTheDocument();
  await user.type(dialog.getByLabelText("Your console password"), "own{Enter}");
  expect(acts.rotateDataKey).toHaveBeenCalledExactlyOnceWith({ password: "own" });
});
