import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { AttemptMessage, TestAnswer } from "#app/(console)/connections/attempt/attempt-message.ts";
import type { Fix } from "#lib/problems/problem.ts";
import type { AttemptReport, StepReport } from "#lib/wire/report.ts";
import { renderForm, savedView, streamOf } from "./render-form.tsx";

// Finding by role is slow in jsdom, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 });
const push = vi.fn();
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
const fetched = vi.fn();
vi.stubGlobal("fetch", async (path: string) => {
  fetched(path);
  return Response.json({ certificates: [], crls: [], problems: [] });
});
beforeEach(() => {
  fetched.mockClear();
  push.mockClear();
});

const view = () => savedView();
const result = () => within(screen.getByRole("status", { name: "Connection result" }));
const steps = () => within(screen.getByRole("list", { name: "Connection steps" }));

describe("Test connection", () => {
  test("shows each step as it happens, with its milliseconds", async () => {
    let send: (message: AttemptMessage) => void = () => {};
    const { user } = renderForm({ view: view(), test: async () => heldOpen((stream) => (send = stream)) });
    expect(
      steps()
        .getAllByRole("listitem")
        .map((step) => step.textContent?.split("not run")[0]),
    ).toEqual([
      "DNS lookup",
      "TCP connect",
      "TLS request",
      "TLS handshake",
      "Certificate chain",
      "Certificate host name",
      "Authentication",
      "Session",
    ]);
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    await waitFor(() => expect(result().getByText("Testing")).toBeVisible());

    send({ type: "step-started", name: "name" });
    await waitFor(() => expect(steps().getAllByRole("listitem")[0]).toHaveTextContent("running"));
    send({ type: "step", step: step("name", "passed", { addresses: ["192.0.2.7"] }) });
    await waitFor(() =>
      expect(steps().getAllByRole("listitem")[0]).toHaveTextContent("passed1.5 ms192.0.2.7"),
    );
  });

  test("begins by itself for whoever comes to fix a connection, and only once", async () => {
    const { test: tested } = renderForm({
      view: view(),
      testAtOnce: true,
      test: async () => streamOf([done({ ok: true, server })]),
    });
    expect(await result().findByText(/Connected/)).toBeVisible();
    expect(tested).toHaveBeenCalledTimes(1);
  });

  test("a step that the mode does not check is not shown as passed", async () => {
    const reports = [step("chain", "passed", { checked: false })];
    const { user } = renderForm({
      view: view(),
      test: async () => streamOf([done({ ok: true, steps: reports })]),
    });
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    await waitFor(() =>
      expect(steps().getAllByRole("listitem")[4]).toHaveTextContent("not checked in this mode"),
    );
    expect(steps().getAllByRole("listitem")[4]).not.toHaveTextContent("passed");
  });

  test("can be cancelled at once, by a way of its own", async () => {
    const { user, test: tested } = renderForm({ view: view(), test: async () => heldOpen(() => {}) });
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    await user.click(await screen.findByRole("button", { name: "Cancel test" }));
    expect(await result().findByText("Cancelled. Nothing was changed.")).toBeVisible();
    expect(fetched).toHaveBeenCalledWith(`/api/attempts/${tested.mock.calls[0]?.[1]}/cancel`);
    expect(screen.queryByRole("button", { name: "Cancel test" })).toBeNull();
  });

  test("ends in the connected facts", async () => {
    const { user } = renderForm({
      view: view(),
      test: async () => streamOf([done({ ok: true, server })]),
    });
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    expect(await result().findByText("Connected in 35 ms")).toBeVisible();
    expect(result().getByText("PostgreSQL 18.4, as app on shop")).toBeVisible();
    expect(result().getByText("Not encrypted")).toBeVisible();
    expect(result().queryByRole("alert")).toBeNull();
  });

  test("a failure is an alert with its code, its cause and what to do", async () => {
    const { user } = renderForm({ view: view(), test: async () => streamOf([failure()]) });
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    const alert = await result().findByRole("alert");
    expect(alert).toHaveAttribute("data-problem", "tls-hostname-mismatch");
    for (const words of ["the title", "the cause", "the cure", "It has expired, too"]) {
      expect(alert).toHaveTextContent(words);
    }
  });

  test("a failure opens its whole report", async () => {
    HTMLDialogElement.prototype.showModal = function open() {
      this.open = true;
    };
    const { user } = renderForm({ view: view(), test: async () => streamOf([failure()]) });
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    await user.click(await result().findByRole("button", { name: "View full report" }));
    const report = within(await screen.findByRole("dialog", { name: "TLS report" }));
    expect(report.getByText("tls-hostname-mismatch")).toBeVisible();
    expect(report.getByRole("button", { name: "Copy as Markdown" })).toBeVisible();
  });

  test("a fix says what it changes, patches the form, and tries again; it saves nothing", async () => {
    const {
      user,
      test: tested,
      save,
    } = renderForm({
      view: view(),
      test: async (values) =>
        streamOf([values.mode === "verify-ca" ? done({ ok: true, server }) : failure(verifyCa)]),
    });
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    const fix = await result().findByRole("button", { name: "Apply: Use Verify CA" });
    const card = within(fix.closest("li") ?? document.body);
    expect(card.getByText("SSL mode").nextSibling).toHaveTextContent("Verify Full → Verify CA");
    expect(card.getByText("Weaker than now: the host name is not checked")).toBeVisible();
    await user.click(fix);
    expect(await result().findByText("Connected in 35 ms")).toBeVisible();
    expect(screen.getByRole("radio", { name: /^Verify CA/ })).toBeChecked();
    expect(tested).toHaveBeenCalledTimes(2);
    expect(save).not.toHaveBeenCalled();
  });

  test("a fix is undone from its toast: what it changed is as it was, what was typed since stays", async () => {
    const { user } = renderForm({
      view: view(),
      test: async (values) =>
        streamOf([values.mode === "verify-ca" ? done({ ok: true, server }) : failure(verifyCa)]),
    });
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    await user.click(await result().findByRole("button", { name: "Apply: Use Verify CA" }));
    const toasts = within(await screen.findByRole("region", { name: "Notifications" }));
    expect(await toasts.findByText("Fix applied.")).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Database" }), "2");
    await user.click(toasts.getByRole("button", { name: "Undo" }));
    expect(screen.getByRole("radio", { name: /^Verify Full/ })).toBeChecked();
    expect(screen.getByRole("textbox", { name: "Database" })).toHaveValue("shop2");
    expect(toasts.getByText("Fix undone.")).toBeVisible();
  });

  test("a console that does not answer loses nothing that was typed", async () => {
    const { user } = renderForm({
      view: view(),
      test: async () => {
        throw new TypeError("Failed to fetch");
      },
    });
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    expect(await result().findByRole("alert")).toHaveTextContent("The console did not answer.");
    expect(screen.getByRole("textbox", { name: "Host" })).toHaveValue("db.example.test");
  });
});

describe("somebody else saved meanwhile", () => {
  beforeEach(() => {
    // jsdom has no modal dialogs.
    HTMLDialogElement.prototype.showModal = function () {
      this.open = true;
    };
  });

  test("both versions stand side by side, and each field is chosen", async () => {
    const theirs = { ...savedView({ name: "Theirs", environment: "production" }), rev: 4 };
    const { user, save } = renderForm({
      view: view(),
      save: async (_values, target) =>
        target?.rev === 3 ? { type: "conflict", theirs } : { type: "saved", view: { ...theirs, rev: 5 } },
    });
    await user.clear(screen.getByRole("textbox", { name: "Name" }));
    await user.type(screen.getByRole("textbox", { name: "Name" }), "Mine");
    await user.click(screen.getByRole("button", { name: "Save" }));

    const dialog = within(await screen.findByRole("dialog"));
    // What I changed is mine, what only they changed is theirs, until somebody says otherwise.
    expect(dialog.getByRole("radio", { name: "Name: Yours" })).toBeChecked();
    expect(dialog.getByRole("radio", { name: "Environment: Theirs" })).toBeChecked();
    await user.click(dialog.getByRole("button", { name: "Save this choice" }));
    await waitFor(() => expect(save).toHaveBeenCalledTimes(2));
    expect(save.mock.calls[1]?.[0]).toMatchObject({ name: "Mine", environment: "production" });
    expect(save.mock.calls[1]?.[1]).toEqual({ id: "c1", rev: 4 });
  });
});

describe("Connect", () => {
  const filled = async (user: UserEvent) => {
    await user.type(screen.getByRole("textbox", { name: "Host" }), "db.example.test");
    await user.type(screen.getByRole("textbox", { name: "User" }), "app");
    await user.type(screen.getByLabelText("Password"), "s3cret");
  };
  const pressed = (user: UserEvent) => user.click(screen.getByRole("button", { name: "Connect" }));

  test("opens a new connection without saving it", async () => {
    const connects = async () => streamOf([{ ...done({ ok: true, server }), opened: "u1" }]);
    const { user, save, connect } = renderForm({ connect: connects });
    await filled(user);
    await pressed(user);
    await waitFor(() => expect(push).toHaveBeenCalledWith("/connections/u1"));
    expect(connect).toHaveBeenCalledWith(
      expect.objectContaining({ password: "s3cret" }),
      expect.any(String),
      undefined,
    );
    expect(save).not.toHaveBeenCalled();
  });

  test("that fails leaves the form as it is, with the failure and its fixes", async () => {
    const { user, save } = renderForm({ connect: async () => streamOf([failure(verifyCa)]) });
    await filled(user);
    await pressed(user);
    expect(await result().findByRole("alert")).toHaveAttribute("data-problem", "tls-hostname-mismatch");
    expect(result().getByRole("button", { name: "Apply: Use Verify CA" })).toBeVisible();
    expect(screen.getByLabelText("Password")).toHaveValue("s3cret");
    expect(screen.getByText("Not saved yet")).toBeVisible();
    expect(save).not.toHaveBeenCalled();
    expect(push).not.toHaveBeenCalled();
  });

  test("opens a saved one as it is; a changed one with its changes, unsaved", async () => {
    const connects = async () => streamOf([{ ...done({ ok: true, server }), opened: "u2" }]);
    const { user, save, connect } = renderForm({ view: view(), connect: connects });
    await pressed(user);
    expect(push).toHaveBeenLastCalledWith("/connections/c1");
    expect(connect).not.toHaveBeenCalled();
    await user.type(screen.getByRole("textbox", { name: "Name" }), " of mine");
    await pressed(user);
    await waitFor(() => expect(push).toHaveBeenLastCalledWith("/connections/u2"));
    expect(connect.mock.calls[0]?.[2]).toBe("c1");
    expect(save).not.toHaveBeenCalled();
  });

  test("turns its own button while it runs, and can be cancelled", async () => {
    const { user } = renderForm({ view: view(), connect: async () => heldOpen(() => undefined) });
    await user.type(screen.getByRole("textbox", { name: "Name" }), "!");
    await pressed(user);
    const busy = (name: string) => screen.getByRole("button", { name }).getAttribute("aria-busy");
    await waitFor(() => expect(busy("Connect")).toBe("true"));
    expect(busy("Test connection")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Cancel test" }));
    expect(fetched).toHaveBeenCalledWith(expect.stringMatching(/^\/api\/attempts\/.+\/cancel$/));
    expect(busy("Connect")).toBeNull();
  });
});

function step(name: StepReport["name"], state: StepReport["state"], facts: StepReport["facts"]): StepReport {
  return { name, state, ms: 1.5, facts };
}

const server = {
  version: "18.4",
  user: "app",
  database: "shop",
  startedAt: null,
  superuser: false,
  readOnly: false,
  backendPid: 1,
  sees: null,
};

const empty: AttemptReport = {
  ok: false,
  problem: null,
  steps: [],
  tls: null,
  server: null,
  fallback: null,
  ms: 35,
};

function done(report: Partial<AttemptReport>): AttemptMessage & { readonly type: "done" } {
  return { type: "done", report: { ...empty, ...report }, explained: null, also: [] };
}

const verifyCa: Fix = { id: "use-verify-ca", change: { mode: "verify-ca", trust: "own", ca: pem() } };

function failure(...fixes: readonly Fix[]): AttemptMessage {
  const problem = {
    code: "tls-hostname-mismatch",
    step: "host-name",
    facts: { expected: "db.example.test", names: ["other.example.test"] },
    fixes,
    also: ["tls-expired"],
  } as const;
  return {
    type: "done",
    report: { ...empty, problem },
    explained: {
      problem,
      title: "the title",
      cause: "the cause",
      fix: "the cure",
      fixes: fixes.map(({ id }) => ({ id, title: "Use Verify CA" })),
    },
    also: [{ code: "tls-expired", title: "It has expired, too" }],
  };
}

function pem(): string {
  return "-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n";
}

/** A test that goes on until it is ended. */
function heldOpen(give: (send: (message: AttemptMessage) => void) => void): TestAnswer {
  return {
    type: "stream",
    messages: new ReadableStream({
      start(stream) {
        give((message) => stream.enqueue(message));
      },
    }),
  };
}
