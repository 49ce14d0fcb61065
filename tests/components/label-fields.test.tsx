import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { GivenLabels } from "#app/(console)/connections/form/use-labels.ts";
import type { LabelAsk } from "#app/(console)/connections/list/list-actions.ts";
import { renderForm, savedView } from "./render-form.tsx";

// Finding by role is slow in jsdom, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 });
vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => {} }) }));
vi.stubGlobal("fetch", async () => Response.json({ certificates: [], crls: [], problems: [] }));

function show(view: ReturnType<typeof savedView> | undefined, had: Partial<GivenLabels> = {}) {
  const label = vi.fn<GivenLabels["label"]>(async () => ({ ok: true, value: null }));
  const known = { groups: ["Tills", "Café"], tags: ["eu", "billing"] };
  const labels = { group: "", tags: [], known, label, ...had };
  return {
    label,
    ...renderForm({
      ...(view && { view }),
      labels,
      save: async () => ({ type: "saved", view: savedView() }),
    }),
  };
}

const open = async (user: UserEvent) => {
  await user.click(screen.getByText("Group and tags"));
  await screen.findByRole("combobox", { name: "Group" });
};
const group = () => screen.getByRole("combobox", { name: "Group" });
const tags = () => screen.getByRole("combobox", { name: "Tags" });
const press = (name: string) => screen.getByRole("button", { name });
const asked = (label: { readonly mock: { readonly calls: readonly (readonly [LabelAsk])[] } }) =>
  label.mock.calls[0]?.[0];

test("a new connection is put where it belongs once it is saved; a name that is there keeps its spelling", async () => {
  const { user, save, label } = show(undefined);
  await open(user);
  expect(
    [...within(document.body).getAllByRole("option", { hidden: true })].map((one) =>
      one.getAttribute("value"),
    ),
  ).toEqual(expect.arrayContaining(["Tills", "Café", "eu", "billing"]));
  await user.type(screen.getByRole("textbox", { name: "Host" }), "db.example.test");
  await user.type(screen.getByRole("textbox", { name: "User" }), "app");
  await user.type(group(), "tills ");
  await user.type(tags(), "EU, new{Enter}");
  await user.click(press("Save"));
  await waitFor(() => expect(label).toHaveBeenCalledOnce());
  expect(save).toHaveBeenCalledOnce();
  expect(asked(label)).toEqual({ ids: ["c1"], group: "Tills", addTags: ["eu", "new"] });
});

test("where they alone have changed, the connection itself is not written", async () => {
  const { user, save, label } = show(savedView(), { group: "Tills", tags: ["eu", "billing"] });
  expect(screen.getByText("Tills · eu · billing")).toBeVisible();
  await open(user);
  expect(group()).toHaveValue("Tills");
  await user.clear(group());
  await user.click(press("Remove tag eu"));
  expect(screen.getByText("Not saved yet")).toBeVisible();
  await user.click(press("Save"));
  await waitFor(() => expect(label).toHaveBeenCalledOnce());
  expect(asked(label)).toEqual({ ids: ["c1"], group: null, removeTags: ["eu"] });
  expect(save).not.toHaveBeenCalled();
  // What is written is written once.
  await user.click(press("Save"));
  await waitFor(() => expect(save).toHaveBeenCalledOnce());
  expect(label).toHaveBeenCalledOnce();
});

test("a refusal is told, and what was entered stays to be saved again", async () => {
  const refused = {
    ok: false,
    explained: { title: "Refused", fix: "Try again.", problem: { code: "unexpected" } },
  } as never;
  const label = vi.fn<GivenLabels["label"]>(async () => refused);
  const { user } = show(savedView(), { label });
  await open(user);
  await user.type(tags(), "eu{Enter}");
  await user.click(press("Save"));
  expect(await screen.findByText("Refused. Try again.")).toBeVisible();
  await user.click(press("Save"));
  await waitFor(() => expect(label).toHaveBeenCalledTimes(2));
});

test("tags go by Backspace and never exceed what one connection may have", async () => {
  const { user } = show(savedView(), { tags: ["eu"] });
  await open(user);
  await user.type(tags(), "{Backspace}");
  expect(screen.queryByRole("button", { name: "Remove tag eu" })).toBeNull();
  await user.click(tags());
  await user.paste(
    `${Array.from({ length: 60 }, (_, at) => `t${at}`)
      .join(",")
      .slice(0, 39)},`,
  );
  expect(screen.getAllByRole("button", { name: /^Remove tag/ })).toHaveLength(8);
});
