import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Exportable, ShownEntry } from "#app/(console)/settings/carry/carry-answers.ts";
import { CarryTools } from "#app/(console)/settings/carry/carry-tools.tsx";
import { ToastProvider } from "#app/(console)/toasts.tsx";
import { english } from "#messages/load-messages.ts";

const router = { push: vi.fn(), replace: vi.fn(), refresh: vi.fn() };
vi.mock("next/navigation", () => ({ useRouter: () => router, usePathname: () => "/settings" }));
const actions = vi.hoisted(() => ({ removeConnection: vi.fn(), confirmOwnPassword: vi.fn() }));
vi.mock("#app/(console)/settings/actions.ts", () => actions);
vi.mock("#app/(console)/connections/confirm-actions.ts", () => actions);

// jsdom has no top layer; a dialog that is open is one.
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false;
};

/** What was sent to each door, and what it answers. */
const asked: { door: string; body: Record<string, unknown> | undefined }[] = [];
let answers: (door: string, body: Record<string, unknown> | undefined) => Response;
const saved: string[] = [];

beforeAll(async () => {
  const carry = "#app/(console)/settings/carry";
  await Promise.all(["export-dialog", "import-dialog"].map((name) => import(`${carry}/${name}.tsx`)));
});
beforeEach(() => {
  vi.clearAllMocks();
  asked.length = 0;
  saved.length = 0;
  for (const action of Object.values(actions)) action.mockResolvedValue({ ok: true, value: null });
  vi.stubGlobal("fetch", async (address: string, { body }: { body?: string }) => {
    const door = address.replace("/api/carry/", "");
    const sent = body === undefined ? undefined : JSON.parse(body);
    asked.push({ door, body: sent });
    return answers(door, sent);
  });
  vi.stubGlobal(
    "URL",
    Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => undefined }),
  );
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click(this: HTMLAnchorElement) {
    saved.push(this.download);
  });
});

const refusal = (code: string, facts: object, status = 400) =>
  Response.json(
    {
      explained: {
        problem: { code, facts },
        title: `title of ${code}`,
        cause: "cause",
        fix: "fix",
        fixes: [],
      },
    },
    { status },
  );
const all: readonly Exportable[] = [
  { id: "a", name: "Shop", manages: true, mine: 1, others: 0 },
  { id: "b", name: "Theirs", manages: false, mine: 0, others: 1 },
  { id: "c", name: "Shared", manages: true, mine: 0, others: 2 },
];

async function open(button: "Export…" | "Import…") {
  const { carry, form } = english;
  render(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ carry, form } as never}>
      <ToastProvider labels={{ region: "Messages", dismiss: "Dismiss" }}>
        <CarryTools canExport />
      </ToastProvider>
    </NextIntlClientProvider>,
  );
  await userEvent.click(screen.getByRole("button", { name: button }));
  return within(await screen.findByRole("dialog"));
}

describe("the export", () => {
  test("takes all without secrets unless asked otherwise", async () => {
    answers = (_, body) => (body === undefined ? Response.json({ connections: all }) : new Response("{}"));
    const dialog = await open("Export…");
    await userEvent.click(await dialog.findByRole("checkbox", { name: "Theirs" }));
    await userEvent.click(dialog.getByRole("button", { name: "Export 2 connections" }));
    await waitFor(() => expect(saved).toEqual(["connections.json"]));
    expect(asked.at(-1)).toEqual({ door: "export", body: { ids: ["a", "c"], seal: null } });
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("with secrets offers what they manage, says what stays, and asks who they are", async () => {
    let confirmed = false;
    answers = (_, body) => {
      if (body === undefined) return Response.json({ connections: all });
      return confirmed ? new Response("sealed") : refusal("not-allowed", { reason: "confirm" }, 403);
    };
    actions.confirmOwnPassword.mockImplementation(async () => {
      confirmed = true;
      return { ok: true, value: null };
    });
    const dialog = await open("Export…");
    await userEvent.click(await dialog.findByRole("radio", { name: /With a passphrase/ }));
    expect(dialog.queryByRole("checkbox", { name: "Theirs" })).toBeNull();
    expect(dialog.getByText(/2 secrets were entered by others/)).toBeVisible();
    await userEvent.type(dialog.getByLabelText("Passphrase"), "a lamp, a fig and 3 owls");
    await userEvent.type(dialog.getByLabelText("Repeat the passphrase"), "a lamp, a fig and 3 owl");
    await userEvent.click(dialog.getByRole("button", { name: "Export 2 connections" }));
    expect(dialog.getByText("The passphrases do not match.")).toBeVisible();
    expect(asked).toHaveLength(1);
    await userEvent.type(dialog.getByLabelText("Repeat the passphrase"), "s");
    await userEvent.click(dialog.getByRole("button", { name: "Export 2 connections" }));
    await userEvent.type(
      await dialog.findByLabelText(/password/i, { selector: "[autocomplete=current-password]" }),
      "mine{Enter}",
    );
    await waitFor(() => expect(saved).toEqual(["connections.age"]));
    expect(asked.at(-1)?.body).toEqual({ ids: ["a", "c"], seal: { passphrase: "a lamp, a fig and 3 owls" } });
  });

  test("says beside the field why a passphrase or key is not taken", async () => {
    answers = (_, body) => {
      if (body === undefined) return Response.json({ connections: all });
      return "passphrase" in Object(body.seal)
        ? refusal("setting-invalid", { field: "passphrase", reason: "too-common" })
        : refusal("setting-invalid", { field: "recipient" });
    };
    const dialog = await open("Export…");
    await userEvent.click(await dialog.findByRole("radio", { name: /With a passphrase/ }));
    await userEvent.type(dialog.getByLabelText("Passphrase"), "password1234");
    await userEvent.type(dialog.getByLabelText("Repeat the passphrase"), "password1234");
    await userEvent.click(dialog.getByRole("button", { name: /^Export/ }));
    expect(await dialog.findByText(/This is a common password/)).toBeVisible();
    await userEvent.click(dialog.getByRole("radio", { name: /For another console/ }));
    await userEvent.type(dialog.getByLabelText("Key of the other console"), "age1x");
    await userEvent.click(dialog.getByRole("button", { name: /^Export/ }));
    expect(await dialog.findByText(/not an age key/)).toBeVisible();
  });

  test("with nothing to take says so", async () => {
    answers = () => Response.json({ connections: [] });
    expect(await (await open("Export…")).findByText(/no connection that you can export/)).toBeVisible();
  });
});

const entry = (name: string, more: Partial<ShownEntry> = {}): ShownEntry => ({
  name,
  place: "app@db.example.test:5432/shop",
  outcome: "new",
  act: "create",
  choices: [],
  state: "New",
  lines: [],
  ...more,
});
const conflict = entry("Taken", {
  outcome: "conflict",
  act: "skip",
  choices: ["skip", "rename", "replace"],
  state: "Name taken, skipped",
  lines: ["port: 6432 → 5432"],
});
const planned = (
  entries: readonly ShownEntry[],
  created: readonly string[] | null = null,
  wantsConfirmation = false,
) => Response.json({ source: "strings", sealed: false, entries, created, wantsConfirmation });
const file = new File(["postgres://app@db.example.test/shop"], "some.txt");

async function choose(dialog: Awaited<ReturnType<typeof open>>, chosen = file) {
  const box = dialog.getByText("Choose a file").closest("div")?.querySelector("input[type=file]");
  await userEvent.upload(box as HTMLInputElement, chosen);
}

describe("the import", () => {
  test("shows what would happen, takes a choice for each that is taken, and can be undone", async () => {
    answers = (_, body) => {
      if (body === undefined) return Response.json({ recipient: "age1own" });
      return planned(
        [
          entry("Shop"),
          conflict,
          entry("Lost", { outcome: "refused", act: "skip", state: "Cannot be imported" }),
        ],
        body.write ? ["x", "y"] : null,
      );
    };
    const dialog = await open("Import…");
    expect(await dialog.findByText("age1own")).toBeVisible();
    await choose(dialog);
    expect(await dialog.findByText("3 connections · Connection strings")).toBeVisible();
    expect(dialog.getByText("port: 6432 → 5432")).toBeVisible();
    expect(asked.at(-1)?.body).toMatchObject({
      write: false,
      file: Buffer.from(await file.text()).toString("base64"),
    });
    await userEvent.selectOptions(dialog.getByLabelText("What to do with Taken"), "Add under another name");
    expect(dialog.getByText("New, under another name")).toBeVisible();
    expect(dialog.queryByText("Name taken, skipped")).toBeNull();
    await userEvent.click(dialog.getByRole("button", { name: "Import 2 connections" }));
    expect(await screen.findByText("2 connections imported")).toBeVisible();
    expect(asked.at(-1)?.body).toMatchObject({ write: true, choices: [[1, "rename"]] });
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(actions.removeConnection.mock.calls).toEqual([["x"], ["y"]]));
  });

  test("asks for the passphrase where the file wants one, and says when it is another", async () => {
    answers = (_, body) => {
      if (body === undefined) return Response.json({ recipient: "age1own" });
      if (body.passphrase === "right") return planned([entry("Shop")]);
      return refusal("import-locked", {
        reason: body.passphrase === "" ? "passphrase-missing" : "passphrase-wrong",
      });
    };
    const dialog = await open("Import…");
    await choose(dialog);
    await userEvent.type(await dialog.findByLabelText("Passphrase of the file"), "wrong{Enter}");
    expect(await dialog.findByText("This is not the passphrase of the file.")).toBeVisible();
    await userEvent.clear(dialog.getByLabelText("Passphrase of the file"));
    await userEvent.type(dialog.getByLabelText("Passphrase of the file"), "right{Enter}");
    expect(await dialog.findByText("Shop")).toBeVisible();
    // The box is gone: whoever types goes on at what was found.
    expect(dialog.getByText(/^1 connection ·/)).toHaveFocus();
  });

  test("writes nothing where a choice cannot be met, and says so", async () => {
    answers = (_, body) =>
      body === undefined ? Response.json({ recipient: "age1own" }) : planned([conflict]);
    const dialog = await open("Import…");
    await choose(dialog);
    await userEvent.selectOptions(
      await dialog.findByLabelText("What to do with Taken"),
      "Replace the existing one",
    );
    await userEvent.click(dialog.getByRole("button", { name: "Import 1 connection" }));
    expect(await dialog.findByText(/^Nothing was imported/)).toBeVisible();
  });

  test("asks who they are where something waits for that, and reads again", async () => {
    let confirmed = false;
    actions.confirmOwnPassword.mockImplementation(async () => {
      confirmed = true;
      return { ok: true, value: null };
    });
    const lost = entry("Cloud", { outcome: "refused", act: "skip", state: "Cannot be imported" });
    answers = (_, body) => {
      if (body === undefined) return Response.json({ recipient: "age1own" });
      return confirmed ? planned([entry("Cloud")]) : planned([lost], null, true);
    };
    const dialog = await open("Import…");
    await choose(dialog);
    await userEvent.type(
      await dialog.findByLabelText(/password/i, { selector: "[autocomplete=current-password]" }),
      "mine{Enter}",
    );
    expect(await dialog.findByRole("button", { name: "Import 1 connection" })).toBeEnabled();
  });

  test("a file that is none, and one that is too large, are told", async () => {
    answers = (_, body) =>
      body === undefined ? Response.json({ recipient: "age1own" }) : refusal("import-unreadable", {});
    const dialog = await open("Import…");
    await choose(dialog);
    expect(await dialog.findByText("title of import-unreadable")).toBeVisible();
    const large = new File([new Uint8Array(1_000_001)], "large.json");
    await userEvent.upload(document.querySelector("input[type=file]") as HTMLInputElement, large);
    expect(await dialog.findByText(/larger than 1 MB/)).toBeVisible();
  });
});
