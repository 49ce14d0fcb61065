import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { renderForm, savedView } from "./render-form.tsx";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn(), refresh: vi.fn() }) }));

/** Parts of the form are loaded when they are wanted. */
const patience = { timeout: 10_000 };
vi.setConfig({ testTimeout: 30_000 });

const dsql = `${"abcdefghijklm".repeat(2)}.dsql.us-east-1.on.aws`;

describe("an Aurora DSQL host (D)", () => {
  test("direct TLS is offered, not set", async () => {
    const { user, save } = renderForm({ view: savedView({ host: dsql }) });
    const offer = await screen.findByRole("button", { name: "Apply: Negotiation: Direct TLS" }, patience);
    await user.click(offer);
    expect(offer).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(save).toHaveBeenCalled());
    expect(save.mock.calls[0]?.[0]).toMatchObject({ negotiation: "direct" });
  });

  test("SNI off and options are refused with what to do, and fixed by one click each", async () => {
    const { user, save } = renderForm({
      view: savedView({ host: dsql, sni: false, options: "-c geqo=off" }),
    });
    await user.click(screen.getByRole("button", { name: "Save" }));
    const options = await screen.findByRole("textbox", { name: "Options" }, patience);
    await waitFor(() =>
      expect(options).toHaveAccessibleDescription(/rejects sessions that start with options. Clear this/),
    );
    const sni = await screen.findByRole("checkbox", { name: /SNI/ }, patience);
    expect(sni).toBeInvalid();
    expect(sni).toHaveAccessibleDescription(/Turn SNI on/);
    expect(save).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: /^Apply: Options/ }));
    await user.click(screen.getByRole("button", { name: /^Apply: .*SNI/ }));
    expect(sni).toBeChecked();
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(save).toHaveBeenCalled());
    expect(save.mock.calls[0]?.[0]).toMatchObject({ sni: true, options: "" });
  });

  test("another host is offered nothing", () => {
    renderForm({ view: savedView({ sni: false, options: "-c geqo=off" }) });
    expect(screen.queryByRole("button", { name: /^Apply/ })).not.toBeInTheDocument();
  });
});
