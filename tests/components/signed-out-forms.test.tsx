import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { LoginForm } from "#app/(signed-out)/login/login-form.tsx";
import { SetupForm } from "#app/(signed-out)/setup/setup-form.tsx";
import type { Facts } from "#lib/problems/problem.ts";
import access from "#messages/en/access.json" with { type: "json" };
import waiting from "#messages/en/waiting.json" with { type: "json" };

const ask = vi.fn<(path: string, init: RequestInit) => Promise<Response>>();
vi.stubGlobal("fetch", ask);

const refuse = (status: number, code: string, facts: Facts = {}) =>
  ask.mockResolvedValue(Response.json({ problem: { code, facts } }, { status }));
const sent = () => ask.mock.calls.map(([path, init]) => [path, JSON.parse(String(init.body))]);
const show = (form: ReactNode) =>
  render(
    <NextIntlClientProvider locale="en" messages={{ access, waiting }}>
      {form}
    </NextIntlClientProvider>,
  );
const name = () => screen.getByRole("textbox", { name: "User name" });
const password = () => screen.getByLabelText("Password");

beforeEach(() => {
  ask.mockReset();
  window.history.replaceState(null, "", "/");
});

describe("the login form", () => {
  test("sends what was typed as JSON, keeps it when refused, and says why", async () => {
    refuse(401, "not-signed-in");
    const user = userEvent.setup();
    show(<LoginForm returnTo="/connections" />);
    await user.type(name(), "Marguerite");
    await user.type(password(), " two words {Enter}");
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveAttribute("data-problem", "not-signed-in");
    expect(alert).toHaveTextContent(access.problem["not-signed-in"]);
    expect(sent()).toEqual([["/api/login", { name: "Marguerite", password: " two words " }]]);
    expect(name()).toHaveValue("Marguerite");
    expect(password()).toHaveValue(" two words ");
    expect(password()).toHaveFocus();
  });

  test.each([
    [429, "too-many-attempts", { retryAfter: 1 }, "Too many attempts. Try again in 1 second."],
    [429, "too-many-attempts", { retryAfter: 32 }, "Too many attempts. Try again in 32 seconds."],
    [503, "vault-wrong-key", {}, access.problem.locked],
    [403, "not-allowed", { reason: "origin" }, access.problem["not-allowed"]],
    [500, "vault-write-failed", {}, access.problem["vault-write-failed"]],
  ])("%i %s", async (status, code, facts, words) => {
    refuse(status, code, facts);
    show(<LoginForm returnTo="/connections" />);
    await userEvent.setup().click(screen.getByRole("button", { name: "Sign in" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveAttribute("data-problem", code);
    expect(alert).toHaveTextContent(words);
  });

  test("says when no answer comes, or one it cannot read", async () => {
    const user = userEvent.setup();
    show(<LoginForm returnTo="/connections" />);
    ask.mockRejectedValueOnce(new TypeError("fetch failed"));
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(access.problem.unreachable);
    ask.mockResolvedValueOnce(new Response("Bad gateway", { status: 502 }));
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(access.problem.unexpected));
  });

  test("takes a link's token out of the address, once, and says when the link is over", async () => {
    refuse(401, "not-signed-in");
    window.history.replaceState(null, "", "/login?returnTo=%2Fsettings#token=one-time");
    show(<LoginForm returnTo="/settings" />);
    expect(await screen.findByRole("alert")).toHaveTextContent(access.login.linkOver);
    expect(sent()).toEqual([["/api/login", { token: "one-time" }]]);
    expect(window.location.href).toMatch(/\/login\?returnTo=%2Fsettings$/);
  });

  test("sends nothing twice while it waits", async () => {
    ask.mockReturnValue(new Promise(() => undefined));
    const user = userEvent.setup();
    show(<LoginForm returnTo="/connections" />);
    const button = screen.getByRole("button", { name: "Sign in" });
    await user.click(button);
    await user.click(button);
    await user.type(password(), "{Enter}");
    expect(button).toHaveAttribute("aria-busy", "true");
    expect(ask).toHaveBeenCalledOnce();
  });
});

describe("the set-up form", () => {
  test("takes the token out of the address and goes on with the name", () => {
    window.history.replaceState(null, "", "/setup#token=abcdefgh");
    show(<SetupForm />);
    expect(screen.getByRole("textbox", { name: "Setup token" })).toHaveValue("abcdefgh");
    expect(window.location.href).toMatch(/\/setup$/);
    expect(name()).toHaveFocus();
  });

  test.each([
    [
      "Password",
      400,
      "setting-invalid",
      { field: "password", reason: "too-common" },
      access.password["too-common"],
    ],
    ["User name", 400, "setting-invalid", { field: "name", reason: "unreadable" }, access.name.unreadable],
    ["Setup token", 403, "not-allowed", { field: "token", reason: "wrong" }, access.token.wrong],
    ["Setup token", 403, "not-allowed", { field: "token", reason: "expired" }, access.token.expired],
  ])("a mistake in %s stands at its field: %i %s %o", async (label, status, code, facts, words) => {
    refuse(status, code, facts);
    const user = userEvent.setup();
    show(<SetupForm />);
    await user.type(name(), "Marguerite");
    await user.type(password(), "password1234");
    await user.click(screen.getByRole("button", { name: "Create owner" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent(words);
    expect(alert).toHaveAttribute("data-problem", code);
    const field = screen.getByLabelText(label);
    expect(field).toHaveAccessibleDescription(expect.stringContaining(words));
    expect(field).toHaveFocus();
    expect(field).toBeInvalid();
    expect(name()).toHaveValue("Marguerite");
    expect(password()).toHaveValue("password1234");
  });

  test("states the rules for a password before one is typed", () => {
    show(<SetupForm />);
    expect(password()).toHaveAccessibleDescription(access.setup.passwordHint);
    expect(password()).toHaveAttribute("autocomplete", "new-password");
  });

  test("says when somebody was quicker", async () => {
    refuse(404, "not-found");
    show(<SetupForm />);
    await userEvent.setup().click(screen.getByRole("button", { name: "Create owner" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(access.problem["not-found"]);
  });
});
