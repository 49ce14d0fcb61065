import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { BackupTools } from "#app/(console)/settings/security/backup-tools.tsx";
import type { ShownBackup } from "#app/(console)/settings/security/shown-backup.ts";
import { english } from "#messages/load-messages.ts";

const router = { refresh: vi.fn() };
vi.mock("next/navigation", () => ({ useRouter: () => router }));
const actions = vi.hoisted(() => ({ verifyBackups: vi.fn(), restoreBackup: vi.fn(), purgeBackups: vi.fn() }));
vi.mock("#app/(console)/settings/security/backup-actions.ts", () => actions);

// jsdom has no top layer; a dialog that is open is one.
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false;
};

const backup: ShownBackup = {
  place: "/backups/config.7.json",
  rev: 7,
  saved: "Nov 27",
  age: "2 hours ago",
  size: "2 kB",
  wrong: null,
  since: ["Connections added: Shop"],
  restores: ["Connections that will be removed: Shop"],
};
const damaged: ShownBackup = {
  ...backup,
  place: "/backups/config.6.json",
  rev: 6,
  wrong: "Damaged",
  since: [],
};

function show(oldSecretsOf: readonly string[] = []) {
  const user = userEvent.setup();
  render(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ backups: english.backups }}>
      <div id="backups" tabIndex={-1} data-testid="card">
        <BackupTools base={8} backups={[backup, damaged]} oldSecretsOf={oldSecretsOf} />
      </div>
    </NextIntlClientProvider>,
  );
  return user;
}

const refusal = (code: string, facts: object) => ({
  ok: false,
  explained: {
    problem: { code, facts, fixes: [] },
    title: "Not now",
    cause: "",
    fix: "Try again",
    fixes: [],
  },
});

beforeEach(() => vi.clearAllMocks());

describe("backups in Settings", () => {
  test("a restore names what will differ, asks for the password, and says which was wrong", async () => {
    const user = show();
    expect(screen.getByText("Connections added: Shop")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Restore revision 6" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Restore revision 7" }));
    expect(await screen.findByText("Connections that will be removed: Shop")).toBeVisible();
    actions.restoreBackup.mockResolvedValueOnce(refusal("not-allowed", { reason: "password" }));
    await user.type(screen.getByLabelText("Your console password"), "wrong{Enter}");
    expect(await screen.findByText("Wrong password.")).toBeVisible();
    expect(actions.restoreBackup).toHaveBeenCalledWith({ place: backup.place, base: 8, password: "wrong" });
    actions.restoreBackup.mockResolvedValueOnce(refusal("vault-changed-meanwhile", {}));
    await user.click(screen.getByRole("button", { name: "Restore" }));
    expect(await screen.findByText(/changed in the meantime/)).toBeVisible();
    actions.restoreBackup.mockRejectedValueOnce(new Error("away"));
    await user.click(screen.getByRole("button", { name: "Restore" }));
    expect(await screen.findByText(/did not answer/)).toBeVisible();
  });

  test("old secrets are named, and taken out", async () => {
    const user = show(["Shop", "Live"]);
    expect(screen.getByText("Backups still hold old secrets of Shop, Live.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Remove old secrets…" }));
    actions.purgeBackups.mockResolvedValueOnce({ ok: true, value: { changed: 2 } });
    await user.type(await screen.findByLabelText("Your console password"), "right{Enter}");
    await waitFor(() => expect(router.refresh).toHaveBeenCalled());
    expect(actions.purgeBackups).toHaveBeenCalledWith({ what: "secrets", password: "right" });
    expect(screen.queryByRole("dialog")).toBeNull();
    // The button is gone with the next look at the page.
    expect(screen.getByTestId("card")).toHaveFocus();
  });

  test("verifying says how many do not open", async () => {
    const user = show();
    actions.verifyBackups.mockResolvedValueOnce({ ok: true, value: { whole: 1, broken: 1 } });
    await user.click(screen.getByRole("button", { name: "Verify all" }));
    expect(await screen.findByText("1 backup does not open.")).toBeVisible();
  });
});
