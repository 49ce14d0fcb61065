import { screen, waitFor } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { SqlTab } from "#app/(console)/connections/[id]/sql/sql-tab.tsx";
import { stubConsole } from "./browse-console.tsx";
import { renderSession } from "./render-session.tsx";

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});

test("on Production what people seldom mean is asked about once, each time, before it is sent", async () => {
  const console_ = stubConsole((what) =>
    what === "tab"
      ? { here: true, session: null, lost: null }
      : what === "run"
        ? new Response("")
        : { drafts: [] },
  );
  const runs = () => console_.asked.filter(({ what }) => what === "run").map(({ body }) => body.sql);
  const { user } = renderSession(
    <SqlTab
      connectionId="risky"
      rev={1}
      readOnlyFirst={false}
      mayWrite
      production
      unlock={null}
      unbound={[]}
      onOpened={() => undefined}
    />,
  );
  const box = screen.getByRole("textbox", { name: "SQL" });
  await user.type(box, "delete from item");
  for (const answer of ["Back to the editor", "Run anyway"] as const) {
    await user.click(screen.getByRole("button", { name: "Run" }));
    expect(await screen.findByText("DELETE without WHERE removes every row.")).toBeVisible();
    expect(runs()).toEqual([]);
    await user.click(screen.getByRole("button", { name: answer }));
    expect(screen.queryByRole("dialog")).toBeNull();
  }
  await waitFor(() => expect(runs()).toEqual(["delete from item"]));
});
