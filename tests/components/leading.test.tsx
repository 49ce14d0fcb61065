import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import type { AttemptMessage, TestAnswer } from "#app/(console)/connections/attempt/attempt-message.ts";
import type { ConfirmAction } from "#app/(console)/connections/form/confirm-person.tsx";
import { fieldProblem } from "#lib/problems/field-problem.ts";
import type { Fix } from "#lib/problems/problem.ts";
import { eachSecret } from "#lib/settings/fields.ts";
import type { FormChange, FormValues, SecretField } from "#lib/settings/form-values.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { renderForm, savedView, streamOf } from "./render-form.tsx";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => undefined }), usePathname: () => "/" }));

const result = () => within(screen.getByRole("status", { name: "Connection result" }));
const only = (...fields: readonly SecretField[]) => eachSecret((field) => fields.includes(field));
const view = (yours: readonly SecretField[]) =>
  savedView({}, { stored: only("password"), yours: only(...yours) });
const pressTest = { name: "Test connection" };

describe("a fix that leads a stored secret on", () => {
  const change: FormChange = { host: "real.example.test", networkAddress: "192.0.2.7" };
  const applied = (values: FormValues) => values.host === "real.example.test";
  const failing = async (values: FormValues) => streamOf([applied(values) ? connected() : failure(change)]);

  test("asks whoever did not give it, in its card, before anything is sent", async () => {
    const { user, test: tested } = renderForm({ view: view([]), test: failing });
    await user.click(screen.getByRole("button", pressTest));
    const button = await result().findByRole("button", { name: "Apply: Verify that name" });
    const box = result().getByLabelText("Password");
    await user.click(button);
    expect(box).toHaveFocus();
    expect(box).toHaveAttribute("type", "password");
    // Nothing given, nothing sent, nothing changed.
    await user.keyboard("{Enter}");
    expect(box).toHaveFocus();
    expect(tested).toHaveBeenCalledTimes(1);
    expect(screen.getByRole("textbox", { name: "Host" })).toHaveValue("db.example.test");
    await user.keyboard("s3cret{Enter}");
    expect(await result().findByText("Connected in 35 ms")).toBeVisible();
    expect(tested).toHaveBeenCalledTimes(2);
    expect(tested.mock.calls[1]?.[0]).toMatchObject({
      ...change,
      password: "s3cret",
      secretActs: { password: "replace" },
    });
  });

  test("is one press for its giver", async () => {
    const { user, test: tested } = renderForm({ view: view(["password"]), test: failing });
    await user.click(screen.getByRole("button", pressTest));
    await user.click(await result().findByRole("button", { name: "Apply: Verify that name" }));
    expect(await result().findByText("Connected in 35 ms")).toBeVisible();
    expect(tested.mock.calls[1]?.[0]).toMatchObject({ ...change, secretActs: { password: "keep" } });
  });

  test("is one press for everybody where it leads nothing on", async () => {
    const harmless: FormChange = { negotiation: "direct" };
    const { user, test: tested } = renderForm({
      view: view([]),
      test: async (values) => streamOf([values.negotiation === "direct" ? connected() : failure(harmless)]),
    });
    await user.click(screen.getByRole("button", pressTest));
    await user.click(await result().findByRole("button", { name: "Apply: Verify that name" }));
    expect(await result().findByText("Connected in 35 ms")).toBeVisible();
    expect(tested).toHaveBeenCalledTimes(2);
  });
});

describe("a giver who signed in long ago", () => {
  const toConfirm: TestAnswer = {
    type: "fields",
    problems: { fields: { password: fieldProblem("secret-confirm") } },
  };
  const confirmation = () => {
    let confirmed = false;
    const confirm = vi.fn<ConfirmAction>(async (password) => {
      confirmed = password === "mine";
      return confirmed ? { ok: true, value: null } : refused;
    });
    return { confirm, isConfirmed: () => confirmed };
  };

  test("confirms in the card, and the test goes on by itself", async () => {
    const { confirm, isConfirmed } = confirmation();
    const { user, test: tested } = renderForm({
      view: view(["password"]),
      confirm,
      test: async () => (isConfirmed() ? streamOf([connected()]) : toConfirm),
    });
    await user.type(screen.getByRole("textbox", { name: "Host" }), ".other");
    await user.click(screen.getByRole("button", pressTest));
    const box = await result().findByLabelText("Your console password");
    expect(box).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(confirm).not.toHaveBeenCalled();
    await user.keyboard("wrong{Enter}");
    expect(await result().findByText("Wrong console password.")).toBeVisible();
    expect(box).toHaveFocus();
    expect(box).toHaveValue("");
    await user.keyboard("mine{Enter}");
    expect(await result().findByText("Connected in 35 ms")).toBeVisible();
    expect(tested).toHaveBeenCalledTimes(2);
    expect(tested.mock.calls[1]?.[0]).toEqual(tested.mock.calls[0]?.[0]);
  });

  test("so does saving", async () => {
    const { confirm, isConfirmed } = confirmation();
    const { user, save } = renderForm({
      view: view(["password"]),
      confirm,
      save: async () =>
        isConfirmed()
          ? { type: "saved", view: view(["password"]) }
          : { type: "fields", problems: { fields: { password: fieldProblem("secret-confirm") } } },
    });
    await user.type(screen.getByRole("textbox", { name: "Host" }), ".other");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await user.type(await result().findByLabelText("Your console password"), "mine");
    await user.click(result().getByRole("button", { name: "Confirm and continue" }));
    await waitFor(() => expect(save).toHaveBeenCalledTimes(2));
    expect(await screen.findByText(/^Saved/)).toBeVisible();
  });

  test("is asked for the other mistakes first", async () => {
    const { user } = renderForm({
      view: view(["password"]),
      confirm: confirmation().confirm,
      test: async () => ({
        type: "fields",
        problems: {
          fields: { password: fieldProblem("secret-confirm"), ca: fieldProblem("trust-no-ca") },
        },
      }),
    });
    await user.click(screen.getByRole("button", pressTest));
    expect(await result().findByRole("button", { name: "CA certificate" })).toBeVisible();
    expect(result().queryByLabelText("Your console password")).toBeNull();
  });
});

test("whoever did not give it finds the secret's box open and focused", async () => {
  const { user } = renderForm({
    view: view([]),
    test: async () => ({
      type: "fields",
      problems: { fields: { password: fieldProblem("secret-again") } },
    }),
  });
  await user.type(screen.getByRole("textbox", { name: "Host" }), ".other");
  await user.click(screen.getByRole("button", pressTest));
  await waitFor(() => expect(screen.getByLabelText("Password")).toHaveFocus());
});

const refused = {
  ok: false,
  explained: {
    problem: { code: "not-allowed", step: "console", facts: { reason: "password" }, fixes: [], also: [] },
    title: "",
    cause: "",
    fix: "",
    fixes: [],
  },
} as const;

const empty: AttemptReport = {
  ok: false,
  problem: null,
  steps: [],
  tls: null,
  server: null,
  fallback: null,
  ms: 35,
};

function connected(): AttemptMessage {
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
  return { type: "done", report: { ...empty, ok: true, server }, explained: null, also: [] };
}

function failure(change: FormChange): AttemptMessage {
  const fixes: readonly Fix[] = [{ id: "verify-name-dial-address", change }];
  const problem = { code: "tls-hostname-mismatch", step: "host-name", facts: {}, fixes, also: [] } as const;
  return {
    type: "done",
    report: { ...empty, problem },
    explained: {
      problem,
      title: "the title",
      cause: "the cause",
      fix: "the cure",
      fixes: [{ id: "verify-name-dial-address", title: "Verify that name" }],
    },
    also: [],
  };
}
