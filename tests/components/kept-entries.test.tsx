import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadStringReader } from "#app/(console)/connections/form/connection-string-box.tsx";
import { forgetEntries } from "#app/(console)/connections/form/entries-place.ts";
import { keepEntries, readEntries } from "#app/(console)/connections/form/kept-entries.ts";
import { leave } from "#app/(console)/leaving.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { renderForm, savedView } from "./render-form.tsx";

const push = vi.fn();
vi.setConfig({ testTimeout: 30_000 });
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
vi.stubGlobal("fetch", async () => Response.json({ certificates: [], crls: [], problems: [] }));

// jsdom knows the element, not its methods.
HTMLDialogElement.prototype.showModal = function show() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

beforeAll(() =>
  Promise.all([
    loadStringReader(),
    import("#app/(console)/connections/form/provider-notes.tsx"),
    import("#app/(console)/leave-dialog.tsx"),
  ]),
);
beforeEach(() => {
  push.mockClear();
  sessionStorage.clear();
});

const field = (name: string) => screen.getByRole("textbox", { name });
const kept = () => JSON.stringify({ ...sessionStorage });
/** As a reload does: the page goes, and a new one comes. */
const comeBack = (given: Parameters<typeof renderForm>[0]) => {
  cleanup();
  return renderForm(given);
};
const mine = { keptFor: "u1" };

describe("entries that are not saved", () => {
  test("come back without their secrets, and say so", async () => {
    const { user } = renderForm(mine);
    await user.click(screen.getByRole("textbox", { name: "Connection string" }));
    await user.paste("postgres://app:s3cretpw@db.example.test:5433/shop?sslmode=verify-ca");
    await user.click(screen.getByRole("radio", { name: /^This certificate/ }));
    comeBack(mine);
    expect(field("Host")).toHaveValue("db.example.test");
    expect(field("Port")).toHaveValue("5433");
    expect(screen.getByRole("radio", { name: /^Verify CA/ })).toBeChecked();
    expect(screen.getByLabelText("Password")).toHaveValue("");
    expect(await screen.findByText("Your unsaved changes were restored")).toBeVisible();
    expect(kept()).not.toContain("s3cretpw");
  });

  test("are thrown away with a click", async () => {
    const { user } = renderForm(mine);
    await user.type(field("Host"), "db.example.test");
    const again = comeBack(mine);
    await again.user.click(await screen.findByRole("button", { name: "Discard" }));
    expect(field("Host")).toHaveValue("");
    comeBack(mine);
    expect(field("Host")).toHaveValue("");
    expect(screen.queryByText("Your unsaved changes were restored")).toBeNull();
    void user;
  });

  test("are each person's own, and each connection's", async () => {
    const { user } = renderForm(mine);
    await user.type(field("Host"), "db.example.test");
    comeBack({ keptFor: "u2" });
    expect(field("Host")).toHaveValue("");
    comeBack({ ...mine, view: savedView() });
    expect(field("Host")).toHaveValue("db.example.test");
    expect(screen.queryByText("Your unsaved changes were restored")).toBeNull();
  });

  test("are gone once they are saved", async () => {
    const { user } = renderForm({ ...mine, view: savedView() });
    await user.type(field("Name"), " two");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Saved.")).toBeVisible();
    expect(kept()).not.toContain("entries");
  });

  test("keep what was set for a host and taken back", async () => {
    const { user } = renderForm(mine);
    await user.click(field("Host"));
    await user.paste("shop.abc123.eu-west-1.rds.amazonaws.com");
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    expect(screen.getByRole("radio", { name: /^System/ })).toBeChecked();
    comeBack(mine);
    expect(await screen.findByRole("heading", { name: "About Amazon RDS and Aurora" })).toBeVisible();
    expect(screen.getByRole("radio", { name: /^System/ })).toBeChecked();
  });
});

describe("nothing that may hold a secret is kept", () => {
  const key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
  const certificate = "-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n";
  const place = "cloak-db.entries:u1:new";
  const keep = (values: Partial<FormValues>, doubtful: readonly string[] = []) => {
    forgetEntries(place);
    keepEntries(place, { ...newFormValues, ...values }, newFormValues, (name) => doubtful.includes(name));
    return readEntries(place);
  };

  test.each<[string, Partial<FormValues>]>([
    ["a password", { password: "s3cretpw" }],
    ["a key", { clientKey: key }],
    ["a key's passphrase", { keyPassphrase: "s3cretpw" }],
    ["a cloud's secret", { tokenSecret: "s3cretpw" }],
    ["a key in the box of the client certificate", { clientCertificate: key }],
    ["a key beside a certificate", { ca: certificate + key }],
    ["a PKCS#12 in the box of the CA", { ca: "MIIKAgIBAzCCCcgGCSqGSIb3DQEHAaCC" }],
    ["a key in the revocation list's box", { crl: key }],
    ["a whole string in the host's field", { host: "postgres://app:s3cretpw@db.example.test/shop" }],
    ["user and password in the host's field", { host: "app:s3cretpw@db.example.test" }],
    ["keywords in the database's field", { database: "shop password=s3cretpw" }],
    ["a setting with a password", { options: "-c my.password=s3cretpw" }],
    ["a text of several lines in a field of one", { name: `shop\n${key}` }],
  ])("%s", (_what, values) => {
    expect(keep(values)).toBeUndefined();
    expect(kept()).not.toMatch(/s3cretpw|PRIVATE KEY|MIIKAg/);
  });

  test("a piece of a string that is still being typed", async () => {
    const { user } = renderForm(mine);
    await user.type(field("Name"), "Shop");
    await user.type(screen.getByRole("textbox", { name: "Connection string" }), "postgres://app:84751");
    window.dispatchEvent(new Event("pagehide"));
    expect(kept()).toContain("Shop");
    expect(kept()).not.toContain("84751");
  });

  test("certificates and lists are public, and kept", () => {
    expect(keep({ ca: certificate + certificate, trust: "own" })).toEqual({
      ca: certificate + certificate,
      trust: "own",
    });
  });

  test("what another version kept is taken as far as it fits", () => {
    sessionStorage.setItem(
      place,
      JSON.stringify({ host: "db.example.test", mode: "sideways", ssl: "yes", password: "x", unknown: 1 }),
    );
    expect(readEntries(place)).toEqual({ host: "db.example.test" });
    sessionStorage.setItem(place, "{");
    expect(readEntries(place)).toBeUndefined();
  });
});

describe("leaving", () => {
  const leaveByLink = async (user: ReturnType<typeof renderForm>["user"]) => {
    // The way back stands in the console's head, over the form.
    render(<a href="/connections">Connections</a>);
    await user.click(screen.getAllByRole("link", { name: "Connections" })[0] as HTMLElement);
    return within(await screen.findByRole("dialog", { name: "Leave without saving?" }));
  };

  test("by a link asks first, and stays or goes", async () => {
    const { user } = renderForm();
    await user.type(field("Host"), "db.example.test");
    const dialog = await leaveByLink(user);
    expect(push).not.toHaveBeenCalled();
    await user.click(dialog.getByRole("button", { name: "Stay" }));
    expect(push).not.toHaveBeenCalled();
    const again = await leaveByLink(user);
    await user.click(again.getByRole("button", { name: "Leave" }));
    expect(push).toHaveBeenCalledWith("/connections");
  });

  test("asks nobody where nothing was typed, or all was taken back", async () => {
    const { user } = renderForm();
    const gone = vi.fn();
    leave(gone);
    expect(gone).toHaveBeenCalledTimes(1);
    await user.type(field("Host"), "d");
    leave(gone);
    expect(gone).toHaveBeenCalledTimes(1);
    await user.clear(field("Host"));
    await waitFor(() => expect(screen.queryByText("Not saved yet")).toBeNull());
    leave(gone);
    expect(gone).toHaveBeenCalledTimes(2);
  });

  test("by a reload asks in the browser's own words", async () => {
    const { user } = renderForm();
    const unload = () => {
      const event = new Event("beforeunload", { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(unload()).toBe(false);
    await user.type(field("Host"), "d");
    expect(unload()).toBe(true);
  });
});

describe("beside Save", () => {
  const bar = () => within(screen.getByRole("group", { name: "Actions" }));

  test("stands that something is not saved, then that it is", async () => {
    const { user } = renderForm({ view: savedView() });
    expect(bar().getByRole("status")).toBeEmptyDOMElement();
    await user.type(field("Name"), " two");
    expect(bar().getByRole("status")).toHaveTextContent("Not saved yet");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(bar().getByRole("status")).toHaveTextContent("Saved."));
    await user.type(field("Name"), " three");
    expect(bar().getByRole("status")).toHaveTextContent("Not saved yet");
  });

  test("stands that it could not be saved", async () => {
    const { user } = renderForm();
    await user.type(field("Name"), "Shop");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(bar().getByRole("status")).toHaveTextContent("Not saved."));
  });
});

describe("focus", () => {
  test("goes on from a button that its own press takes away", async () => {
    const { user } = renderForm({ view: savedView({}, { stored: { ...nothing, password: true } }) });
    await user.click(screen.getByRole("button", { name: "Replace" }));
    expect(screen.getByLabelText("Password")).toHaveFocus();
  });

  test("goes from a fix of the string to the string", async () => {
    const { user } = renderForm();
    const box = screen.getByRole("textbox", { name: "Connection string" });
    await user.click(box);
    await user.paste("postgres://app@db.example.test/shop?sslmode=verify-ful");
    await user.click(await screen.findByRole("button", { name: "Apply: sslmode=verify-full" }));
    expect(box).toHaveFocus();
  });
});

const nothing = { password: false, clientKey: false, keyPassphrase: false, tokenSecret: false };
