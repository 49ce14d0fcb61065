import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadStringReader } from "#app/(console)/connections/form/connection-string-box.tsx";
import type { ImportAction } from "#app/(console)/connections/form/import-answer.ts";
import { fieldProblem } from "#lib/problems/field-problem.ts";
import { renderForm, savedView } from "./render-form.tsx";

const push = vi.fn();
vi.setConfig({ testTimeout: 30_000 });
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
vi.stubGlobal("fetch", async () => Response.json({ certificates: [], crls: [], problems: [] }));

// jsdom draws no dialogs.
HTMLDialogElement.prototype.showModal = function show(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement) {
  this.open = false;
};

beforeAll(async () => {
  await loadStringReader();
  // What is lazy in the page is there at once for the tests.
  await import("#app/(console)/connections/form/import-list.tsx");
});
beforeEach(() => push.mockClear());

const box = () => screen.getByRole("textbox", { name: "Connection string" });
const field = (name: string) => screen.getByRole("textbox", { name });
const mode = (name: RegExp) =>
  within(screen.getByRole("radiogroup", { name: "SSL mode" })).getByRole("radio", { name });

async function paste(user: UserEvent, text: string) {
  await user.clear(box());
  await user.click(box());
  await user.paste(text);
}

describe("a sign in a password that nobody sees", () => {
  const password = () => screen.getByLabelText("Password");

  test("is asked about and taken out with a click, when it came with a string", async () => {
    const { user } = renderForm();
    await paste(user, "postgres://app:s3\u200bcret@db.example.com/shop");
    expect(password()).toHaveValue("s3\u200bcret");
    expect(await screen.findByText(/This contains an invisible character \(U\+200B\)/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Remove it" }));
    expect(password()).toHaveValue("s3cret");
    expect(password()).toHaveFocus();
    expect(screen.queryByRole("button", { name: "Remove it" })).toBeNull();
  });

  test("and when it was typed or pasted into its field", async () => {
    const { user } = renderForm();
    await user.click(password());
    await user.paste("\ufeffs3cret\u2060");
    expect(await screen.findByText(/\(U\+FEFF, U\+2060\)/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Remove it" }));
    expect(password()).toHaveValue("s3cret");
  });
});

describe("H2: any written form can be pasted", () => {
  test("a form of another client fills the fields, says what it was, and becomes a libpq URI", async () => {
    const { user } = renderForm();
    await paste(
      user,
      "Server=db.example.test;Database=shop;Port=5433;User Id=app;Password=s3cret;Ssl Mode=Require;Trust Server Certificate=true",
    );
    expect(field("Host")).toHaveValue("db.example.test");
    expect(field("Database")).toHaveValue("shop");
    expect(screen.getByLabelText("Password")).toHaveValue("s3cret");
    expect(mode(/^Require/)).toBeChecked();
    expect(screen.getByRole("checkbox", { name: "Allow self-signed certificates" })).toBeChecked();
    expect(box()).toHaveValue("postgres://app@db.example.test:5433/shop?sslmode=require");
    expect(await screen.findByText("Read as ADO.NET string.")).toBeVisible();
    expect(screen.getByText(/In Npgsql, .* means encrypted, nothing checked/)).toBeVisible();
  });

  test("the meaning that was taken is named, and psql's where it differs", async () => {
    const { user } = renderForm();
    await paste(user, "jdbc:postgresql://db.example.test/shop?user=app&ssl=true");
    expect(mode(/^Verify Full/)).toBeChecked();
    expect(
      await screen.findByText("In pgJDBC, “ssl=true” means Verify Full. psql would read it as Require."),
    ).toBeVisible();
  });

  test("a command that makes the password becomes a way to sign in (D7)", async () => {
    const { user } = renderForm();
    await paste(
      user,
      "export PGPASSWORD=$(aws dsql generate-db-connect-admin-auth-token --hostname abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws --region us-east-1)\npsql -h abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws -U admin -d postgres",
    );
    expect(field("Host")).toHaveValue("abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws");
    expect(field("User")).toHaveValue("admin");
    expect(await screen.findByText(/Sign in with was set to an Aurora DSQL token/)).toBeVisible();
  });

  test("a string for another server does not inherit that nothing is checked", async () => {
    const { user } = renderForm();
    await paste(user, "postgres://app@one.example.test/shop?sslmode=no-verify");
    expect(screen.getByRole("checkbox", { name: "Allow self-signed certificates" })).toBeChecked();
    await paste(user, "postgres://app@two.example.test/shop?sslmode=require");
    expect(screen.getByRole("checkbox", { name: "Allow self-signed certificates" })).not.toBeChecked();
  });
});

const twoServers =
  '{"Servers":{"1":{"Name":"One","Host":"one.example.test","Username":"a","MaintenanceDB":"d","SSLMode":"require"},"2":{"Name":"Two","Host":"two.example.test","MaintenanceDB":"d","SSLMode":"verify-ca","SSLRootCert":"/etc/ssl/two.pem"}}}';

describe("several connections in one paste", () => {
  test("are offered as a list; the form stays as it is, and the text leaves the box", async () => {
    const { user } = renderForm({ importAll: async () => ({ type: "saved", count: 2 }) });
    await paste(user, "A_URL=postgres://a:s3cret@one.example.test/d\nB_URL=postgres://b@two.example.test/d");
    expect(await screen.findByText("The text contains 2 connections.")).toBeVisible();
    expect(field("Host")).toHaveValue("");
    expect(box()).toHaveValue("");
    const list = await openList(user);
    expect(list).toHaveAccessibleName("2 connections found");
    expect(within(list).getByRole("checkbox", { name: "A_URL" })).toBeChecked();
    expect(within(list).getByText(/a@one\.example\.test:5432\/d/)).toBeVisible();
    expect(list).not.toHaveTextContent("s3cret");
  });

  test("the ticked ones are saved together, with the user and the file that were missing", async () => {
    const importAll = vi.fn<ImportAction>(async () => ({ type: "saved", count: 2 }));
    const { user } = renderForm({ importAll });
    await openList(user, twoServers);
    await user.type(screen.getByRole("textbox", { name: "User of Two" }), "b");
    const chooser = screen.getByRole("button", { name: "Choose two.pem" }).nextElementSibling;
    fireEvent.change(chooser as Element, {
      target: {
        files: [new File(["-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n"], "two.pem")],
      },
    });
    expect(await screen.findByText("two.pem added")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Save 2 connections" }));
    await waitFor(() => expect(push).toHaveBeenCalledWith("/connections"));
    expect(importAll.mock.calls[0]?.[0]).toMatchObject([
      { name: "One", host: "one.example.test", user: "a", ssl: true, mode: "require", password: "" },
      {
        name: "Two",
        host: "two.example.test",
        user: "b",
        mode: "verify-ca",
        trust: "own",
        ca: expect.stringContaining("BEGIN CERTIFICATE"),
      },
    ]);
  });

  test("what is not ticked is not sent, and all can be ticked at once", async () => {
    const importAll = vi.fn<ImportAction>(async () => ({ type: "saved", count: 1 }));
    const { user } = renderForm({ importAll });
    await openList(user, twoServers);
    await user.click(screen.getByRole("checkbox", { name: "All" }));
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Select at least one.")).toBeVisible();
    await user.click(screen.getByRole("checkbox", { name: "One" }));
    await user.click(screen.getByRole("button", { name: "Save 1 connection" }));
    await waitFor(() => expect(importAll).toHaveBeenCalledOnce());
    expect(importAll.mock.calls[0]?.[0].map(({ name }) => name)).toEqual(["One"]);
  });

  test("what the server finds stands at its row, and nothing was saved", async () => {
    const importAll: ImportAction = async () => ({
      type: "rows",
      problems: [null, { fields: { user: fieldProblem("user-required") } }],
    });
    const { user } = renderForm({ importAll });
    await openList(user, twoServers);
    await user.click(screen.getByRole("button", { name: "Save 2 connections" }));
    expect(await screen.findByText(/Nothing was saved/)).toBeVisible();
    const row = screen.getByRole("checkbox", { name: "Two" }).closest("li");
    expect(within(row as HTMLElement).getByRole("alert")).toHaveAttribute("data-problem", "setting-invalid");
    expect(push).not.toHaveBeenCalled();
  });

  test("one that cannot be read is named with its problem and cannot be ticked", async () => {
    const { user } = renderForm({ importAll: async () => ({ type: "saved", count: 1 }) });
    await openList(user, "A_URL=postgres://a:p@ss@one.example.test/d\nB_URL=postgres://b@two.example.test/d");
    const row = screen.getByRole("checkbox", { name: "A_URL" });
    expect(row).toBeDisabled();
    expect(screen.getByRole("alert")).toHaveAttribute("data-problem", "string-malformed");
    expect(screen.getByRole("button", { name: "Save 1 connection" })).toBeEnabled();
  });

  test("while a saved connection is edited the first is taken, and said to be the first", async () => {
    const { user } = renderForm({ view: savedView(), importAll: async () => ({ type: "saved", count: 2 }) });
    await paste(user, twoServers);
    expect(field("Host")).toHaveValue("one.example.test");
    expect(await screen.findByText(/The text contains 2 connections\. This is the first/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Choose which to save" })).toBeNull();
  });
});

/** Pastes, where there is something to paste, and opens the list. */
async function openList(user: UserEvent, text?: string): Promise<HTMLElement> {
  if (text !== undefined) await paste(user, text);
  await user.click(await screen.findByRole("button", { name: "Choose which to save" }, { timeout: 10_000 }));
  return screen.findByRole("dialog", {}, { timeout: 10_000 });
}
