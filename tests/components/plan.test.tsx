import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { SqlTab } from "#app/(console)/connections/[id]/sql/sql-tab.tsx";
import { holdsNothing } from "#lib/session/held.ts";
import { type BrowseConsole, stubConsole } from "./browse-console.tsx";
import { renderSession } from "./render-session.tsx";

let console_: BrowseConsole;
let connections = 0;
const session = {
  id: "s".repeat(22),
  held: { ...holdsNothing, locks: 1 },
  transaction: "none",
  openMs: null,
  endsInMs: 9e5,
  shared: false,
};

beforeEach(() => {
  connections += 1;
  HTMLElement.prototype.scrollIntoView = () => undefined;
  console_ = stubConsole(answer(() => ({ plan: planOf(), ms: 3, session: null })));
});

/** Answers for the plan; the tab is there, and what is typed is nobody's matter here. */
const answer =
  (plan: (body: Record<string, unknown>) => unknown): BrowseConsole["answer"] =>
  (what, body) =>
    what === "plan"
      ? plan(body)
      : what === "tab"
        ? { here: true, session: null, lost: null }
        : what === "cancel"
          ? new Response(null, { status: 204 })
          : { drafts: [] };

const scan = (more: object = {}) => ({
  "Node Type": "Seq Scan",
  "Parent Relationship": "Outer",
  "Relation Name": "item",
  Schema: "public",
  Alias: "item",
  "Total Cost": 20,
  "Plan Rows": 1,
  ...more,
});
const planOf = (more: object = {}, whole: object = {}, child: object = {}) =>
  JSON.stringify([
    {
      Plan: { "Node Type": "Sort", "Total Cost": 30, "Plan Rows": 1, Plans: [scan(child)], ...more },
      ...whole,
    },
  ]);
const ran = (ms: number, rows: number) => ({
  "Actual Startup Time": 0,
  "Actual Total Time": ms,
  "Actual Rows": rows,
  "Actual Loops": 1,
});
const measuredPlan = () =>
  planOf(
    ran(60, 5000),
    { "Planning Time": 0.5, "Execution Time": 61 },
    { ...ran(40, 5000), "Rows Removed by Filter": 95_000, Filter: "(note = '<img src=x onerror=\"x\">')" },
  );

function open(given: Partial<Parameters<typeof SqlTab>[0]> = {}) {
  return renderSession(
    <SqlTab
      connectionId={`p ${connections}`}
      rev={3}
      readOnlyFirst={false}
      mayWrite
      unlock={null}
      unbound={[]}
      onOpened={() => undefined}
      {...given}
    />,
  );
}

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "SQL" });
const plans = () => console_.asked.filter(({ what }) => what === "plan").map(({ body }) => body);
const steps = () => screen.getAllByRole("treeitem");

describe("a plan", () => {
  test("is asked for by the button or a key, in the tab's session, once", async () => {
    const { user } = open();
    await user.type(box(), "select 1;");
    await user.click(screen.getByRole("button", { name: "Plan" }));
    expect(await screen.findByText("Planned, not run")).toBeVisible();
    expect(screen.getByText("cost 30")).toBeVisible();
    expect(plans()).toMatchObject([
      { sql: "select 1", values: [], how: "plan", rev: 3, inTransaction: false },
    ]);
    expect(plans()[0]?.tab).toMatchObject({ id: expect.any(String), lease: expect.any(String) });
    await user.click(screen.getByRole("button", { name: "Text" }));
    expect(screen.getByText(/^Sort \(cost=0\.00\.\.30\.00/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "JSON" }));
    await user.click(screen.getByRole("button", { name: "Tree" }));
    expect(plans()).toHaveLength(1);
    box().focus();
    await user.keyboard("{Control>}{Alt>}[KeyE]{/Alt}{/Control}");
    await waitFor(() => expect(plans()).toHaveLength(2));
    expect(plans()[1]).toMatchObject({ how: "measure" });
  });

  test("of parameters that nobody has filled in holds for any value; of others for theirs", async () => {
    const { user } = open();
    await user.type(box(), "select $1, $2");
    box().focus();
    await user.keyboard("{Control>}[KeyE]{/Control}");
    expect(await screen.findByText(/for any parameter values/)).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Value of $2" }), "7");
    box().focus();
    await user.keyboard("{Control>}[KeyE]{/Control}");
    await waitFor(() => expect(plans()).toHaveLength(2));
    expect(plans().map(({ values }) => values)).toEqual([null, ["", "7"]]);
  });

  test("says what to look at, in words, and leads to the step; names are text", async () => {
    console_.answer = answer(() => ({ plan: measuredPlan(), ms: 70, session }));
    const { user } = open();
    await user.type(box(), "select 1");
    box().focus();
    await user.keyboard("{Control>}{Alt>}[KeyE]{/Alt}{/Control}");
    expect(await screen.findByText("Measured")).toBeVisible();
    const found = screen.getByRole("heading", { name: "Findings" }).parentElement as HTMLElement;
    expect(within(found).getByText("100,000 rows were read, but only 5,000 were kept.")).toBeVisible();
    expect(within(found).getByText(/5,000 rows instead of the expected 1/)).toBeVisible();
    await user.click(within(found).getAllByRole("button", { name: /Seq Scan/ })[0] as HTMLElement);
    expect(screen.getByRole("heading", { name: /^Step 2: Seq Scan/ })).toBeVisible();
    expect(screen.getByText(/<img src=x onerror="x">/)).toBeVisible();
    expect(document.querySelector("img")).toBeNull();
    expect(steps()[1]).toHaveTextContent(/slowest step/);
    expect(steps()[1]).toHaveAttribute("aria-selected", "true");
    // What the session holds by now is told in the tab's own line.
    expect(screen.getByText(/1 advisory lock/)).toBeVisible();
  });

  test("is walked by the keys of a tree", async () => {
    const { user } = open();
    await user.type(box(), "select 1");
    await user.click(screen.getByRole("button", { name: "Plan" }));
    await screen.findByText("Planned, not run");
    steps()[0]?.focus();
    await user.keyboard("{ArrowDown}{Enter}");
    expect(steps()[1]).toHaveFocus();
    expect(screen.getByRole("heading", { name: /^Step 2/ })).toBeVisible();
    await user.keyboard("{ArrowLeft}");
    expect(steps()[0]).toHaveFocus();
    await user.keyboard("{ArrowLeft}");
    expect(steps()).toHaveLength(1);
    expect(steps()[0]).toHaveAttribute("aria-expanded", "false");
    await user.keyboard("{ArrowRight}{ArrowRight}");
    expect(steps()[1]).toHaveFocus();
  });

  test("that does not read is shown as it came", async () => {
    console_.answer = answer(() => ({ plan: "no plan <b>", ms: 1, session: null }));
    const { user } = open();
    await user.type(box(), "select 1");
    await user.click(screen.getByRole("button", { name: "Plan" }));
    expect(await screen.findByText(/console cannot read this plan/)).toBeVisible();
    expect(screen.getByText("no plan <b>")).toBeVisible();
  });

  test("gives its place to the next result", async () => {
    const { user } = open();
    await user.type(box(), "select 1");
    await user.click(screen.getByRole("button", { name: "Plan" }));
    await screen.findByText("Planned, not run");
    await user.click(screen.getByRole("button", { name: "Close plan" }));
    expect(screen.queryByRole("tree", { name: "Plan steps" })).toBeNull();
  });
});

describe("two plans side by side", () => {
  const choice = () => screen.getByRole<HTMLSelectElement>("combobox", { name: "Compare with…" });
  const offered = () => [...choice().options].map(({ text }) => text);
  const compared = () => screen.getByRole("list", { name: "Plans side by side" });
  const rows = () => within(compared()).getAllByRole("listitem");
  const indexed = () =>
    JSON.stringify([
      {
        Plan: {
          ...scan(ran(6, 5000)),
          "Node Type": "Index Scan",
          "Index Name": "item_note",
          "Plan Rows": 5000,
          "Total Cost": 8,
        },
        "Planning Time": 0.5,
        "Execution Time": 6.1,
      },
    ]);
  const give = (plan: string) => {
    console_.answer = answer(() => ({ plan, ms: 3, session: null }));
  };
  const measure = async (user: ReturnType<typeof open>["user"], times: number) => {
    box().focus();
    await user.keyboard("{Control>}{Alt>}[KeyE]{/Alt}{/Control}");
    await waitFor(() => expect(plans()).toHaveLength(times));
    await screen.findByText("Measured");
  };

  test("the tab keeps its plans, and a later one is laid beside one of them", async () => {
    const { user } = open();
    await user.type(box(), "select 1");
    give(measuredPlan());
    await measure(user, 1);
    expect(offered()).toEqual(["Compare with…", "This tab has no earlier plan yet"]);
    await user.click(screen.getByRole("button", { name: "Close plan" }));
    give(indexed());
    await measure(user, 2);
    expect(offered()).toEqual(["Compare with…", expect.stringMatching(/^\d.* · Measured · 61 ms$/)]);
    await user.selectOptions(choice(), choice().options[1] as HTMLOptionElement);
    expect(await screen.findByText(/^Execution 61 ms → 6\.1 ms, −90%; /)).toHaveTextContent(
      "Seq Scan on public.item → Index Scan using item_note; 1 step removed",
    );
    expect(screen.queryByRole("tree")).toBeNull();
    expect(rows().map((row) => row.getAttribute("data-pair"))).toEqual(["removed", "changed"]);
    expect(rows()[0]).toHaveTextContent(/^Before1Sort, level 1 .*AfterNo such step−Removed$/);
    const told = [...(rows()[1]?.querySelectorAll("[data-differs]") ?? [])].map((one) => one.textContent);
    // Rows are as many; cost and time are less, and more were expected.
    expect(told).toEqual(["Own time −85%", "Expected rows +499,900%", "Own cost −60%"]);
    await user.click(screen.getByRole("button", { name: "Tree" }));
    expect(screen.getByRole("tree", { name: "Plan steps" })).toBeVisible();
    expect(choice()).toHaveValue("");
  });

  test("the same plan differs in nothing; one that was not run has no times to compare", async () => {
    const { user } = open();
    await user.type(box(), "select 1");
    give(measuredPlan());
    await measure(user, 1);
    await measure(user, 2);
    await user.selectOptions(choice(), choice().options[1] as HTMLOptionElement);
    expect(await screen.findByText(/the steps are the same$/)).toBeVisible();
    expect(rows().map((row) => row.textContent?.endsWith("No difference"))).toEqual([true, true]);
    give(planOf());
    box().focus();
    await user.keyboard("{Control>}[KeyE]{/Control}");
    await screen.findByText("Planned, not run");
    await user.selectOptions(choice(), choice().options[1] as HTMLOptionElement);
    expect(await screen.findByText(/^Only one of the two was measured/)).toBeVisible();
    expect(compared().querySelector("[data-differs=time]")).toBeNull();
  });

  test("of another statement stands under its own name, which is text", async () => {
    const { user } = open();
    give(planOf());
    await user.type(box(), "select '<b>'");
    await user.click(screen.getByRole("button", { name: "Plan" }));
    await screen.findByText("Planned, not run");
    await user.click(screen.getByRole("button", { name: "Close plan" }));
    await user.clear(box());
    await user.type(box(), "select 2");
    box().focus();
    await user.keyboard("{Control>}[KeyE]{/Control}");
    await waitFor(() => expect(plans()).toHaveLength(2));
    await waitFor(() => expect(offered()[1]).toMatch(/ · select '<b>'$/));
    await user.selectOptions(choice(), choice().options[1] as HTMLOptionElement);
    expect(await screen.findByRole("region", { name: "Statement before" })).toHaveTextContent("select '<b>'");
    expect(screen.getByRole("region", { name: "Statement after" })).toHaveTextContent("select 2");
  });

  test("in another order says so", async () => {
    const joined = (...names: readonly string[]) =>
      planOf({
        "Node Type": "Nested Loop",
        Plans: names.map((name) => scan({ "Relation Name": name, Alias: name })),
      });
    const { user } = open();
    await user.type(box(), "select 1");
    give(joined("a", "b"));
    await user.click(screen.getByRole("button", { name: "Plan" }));
    await screen.findByText("Planned, not run");
    give(joined("b", "a"));
    box().focus();
    await user.keyboard("{Control>}[KeyE]{/Control}");
    await waitFor(() => expect(plans()).toHaveLength(2));
    await waitFor(() => expect(offered()[1]).toMatch(/ · cost 30$/));
    await user.selectOptions(choice(), choice().options[1] as HTMLOptionElement);
    expect(await screen.findByText("Cost 30 → 30, 0%; 1 step moved")).toBeVisible();
    expect(within(compared()).getByText("Moved")).toBeVisible();
  });

  test("is for the tab's last eight, and for no other tab", async () => {
    const { user, unmount } = open();
    await user.type(box(), "select 1");
    give(planOf());
    for (let times = 1; times <= 10; times += 1) {
      box().focus();
      await user.keyboard("{Control>}[KeyE]{/Control}");
      await waitFor(() => expect(plans()).toHaveLength(times));
      await waitFor(() => expect(offered()).toHaveLength(Math.max(2, Math.min(times, 9))));
    }
    unmount();
    open();
    await user.type(box(), "select 1");
    await user.click(screen.getByRole("button", { name: "Plan" }));
    await screen.findByText("Planned, not run");
    expect(offered()).toEqual(["Compare with…", "This tab has no earlier plan yet"]);
  });
});

describe("what keeps a plan away", () => {
  test.each([
    ["select 1; select 2", "select", /^Only one statement can be planned/],
    ["explain select 1", "", /^This is already an EXPLAIN/],
    ["drop table item", "", /^The server plans SELECT/],
    ["\\d", "", /^psql commands have no plan/],
  ])("%s: it is told without asking", async (text, selected, words) => {
    const { user } = open();
    await user.type(box(), text);
    if (selected !== "") box().setSelectionRange(0, text.length);
    await user.click(screen.getByRole("button", { name: "Plan" }));
    expect(await screen.findByText(words)).toBeVisible();
    expect(plans()).toEqual([]);
  });

  test("the server's words lead to their place", async () => {
    const error = { severity: "ERROR", sqlstate: "42703", message: "no <column>", position: 8 };
    console_.answer = answer(() => Response.json({ why: "refused", error }, { status: 422 }));
    const { user } = open();
    await user.type(box(), "select nowhere");
    await user.click(screen.getByRole("button", { name: "Plan" }));
    expect(await screen.findByText("ERROR: no <column>")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Go to position" }));
    expect(box()).toHaveFocus();
    expect(box().selectionStart).toBe(7);
  });

  test.each(["transaction-failed", "too-long", "too-large", "cancelled", "transaction-lost"] as const)(
    "%s",
    async (why) => {
      console_.answer = answer(() => Response.json({ why }, { status: 422 }));
      const { user } = open();
      await user.type(box(), "select 1");
      await user.click(screen.getByRole("button", { name: "Plan" }));
      expect(await screen.findByRole("alert")).toBeVisible();
    },
  );

  test("a console that does not answer", async () => {
    console_.answer = answer(() => new Response("", { status: 502 }));
    const { user } = open();
    await user.type(box(), "select 1");
    await user.click(screen.getByRole("button", { name: "Plan" }));
    expect(await screen.findByText("The console did not answer.")).toBeVisible();
  });
});

describe("measuring what writes", () => {
  const writes = { why: "refused", error: { severity: "ERROR", sqlstate: "25006", message: "read-only" } };

  test("is told beforehand, done when it is pressed, and said to be undone", async () => {
    console_.answer = answer(({ how }) =>
      how === "measure-write"
        ? { plan: measuredPlan(), ms: 70, session: null }
        : Response.json(writes, { status: 422 }),
    );
    const { user } = open();
    await user.type(box(), "delete from item");
    box().focus();
    await user.keyboard("{Control>}{Alt>}[KeyE]{/Alt}{/Control}");
    expect(await screen.findByText("Measuring this statement runs its writes")).toBeVisible();
    expect(plans().map(({ how }) => how)).toEqual(["measure"]);
    await user.click(screen.getByRole("button", { name: "Measure and roll back" }));
    expect(await screen.findByText("Rolled back")).toBeVisible();
    expect(screen.getByText(/does not undo sequence numbers/)).toBeVisible();
    expect(plans().map(({ how }) => how)).toEqual(["measure", "measure-write"]);
  });

  test("is offered once the Read-only switch is off", async () => {
    console_.answer = answer(() => Response.json(writes, { status: 422 }));
    const { user } = open({ readOnlyFirst: true });
    await user.type(box(), "delete from item");
    box().focus();
    await user.keyboard("{Control>}{Alt>}[KeyE]{/Alt}{/Control}");
    expect(await screen.findByText(/^The Read-only switch is on/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Measure and roll back" })).toBeNull();
    await user.click(screen.getByRole("switch", { name: "Read-only" }));
    expect(screen.getByRole("button", { name: "Measure and roll back" })).toBeVisible();
  });

  test("is offered to nobody who may only read", async () => {
    console_.answer = answer(() => Response.json(writes, { status: 422 }));
    const { user } = open({ mayWrite: false });
    await user.type(box(), "delete from item");
    box().focus();
    await user.keyboard("{Control>}{Alt>}[KeyE]{/Alt}{/Control}");
    expect(await screen.findByText(/^You have only Read access now/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Measure and roll back" })).toBeNull();
  });

  test("is cancelled like a run, and leaves the page with it", async () => {
    console_.answer = answer(() => new Promise(() => undefined));
    const { user, unmount } = open();
    await user.type(box(), "select pg_sleep(60)");
    box().focus();
    await user.keyboard("{Control>}{Alt>}[KeyE]{/Alt}{/Control}");
    expect(await screen.findByText(/^Measuring/)).toBeVisible();
    await waitFor(() => expect(plans()).toHaveLength(1));
    await user.keyboard("{Escape}");
    await waitFor(() =>
      expect(console_.asked.at(-1)).toMatchObject({ what: "cancel", body: { runId: plans()[0]?.runId } }),
    );
    vi.useRealTimers();
    unmount();
  });
});
