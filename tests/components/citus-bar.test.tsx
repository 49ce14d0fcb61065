import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { CitusBar } from "#app/(console)/connections/[id]/citus/citus-bar.tsx";
import type { CitusPlace } from "#app/(console)/connections/[id]/citus/citus-place.ts";
import type { CitusReport } from "#lib/citus/citus-report.ts";
import { renderSession } from "./render-session.tsx";

vi.setConfig({ testTimeout: 30_000 });
/** The panel is loaded when it is opened. */
const patience = { timeout: 10_000 };

let asked: URL[];
let answer: (url: URL) => Response;
beforeEach(() => {
  asked = [];
  answer = () => Response.json(report());
  vi.stubGlobal("fetch", async (path: string) => {
    const url = new URL(path, "http://console.test");
    asked.push(url);
    return answer(url);
  });
});

describe("a Citus cluster (H)", () => {
  test("is one line until it is opened, and nothing is asked before", async () => {
    const { user } = show();
    expect(opener()).toHaveAccessibleName(/Citus 13.0-1/);
    expect(asked).toEqual([]);
    await user.click(opener());
    const nodes = await screen.findByRole("table", { name: "2 nodes" }, patience);
    expect(
      within(nodes).getByRole("row", { name: /coordinator.internal:5432 here Coordinator/ }),
    ).toBeVisible();
    expect(
      within(nodes).getByRole("row", { name: /worker-1.internal:5432 .*inactive.*256 MB/ }),
    ).toBeVisible();
    const tables = screen.getByRole("table", { name: "40 tables in the cluster" });
    expect(
      within(tables).getByRole("row", { name: /public.orders Distributed customer_id 32 256 MB/ }),
    ).toBeVisible();
    expect(screen.getByText("This is the coordinator.")).toBeVisible();
  });

  test("searches, filters and turns pages", async () => {
    const { user } = show();
    await user.click(opener());
    await user.type(await screen.findByRole("searchbox", { name: "Search tables" }, patience), "ord");
    await waitFor(() => expect(asked.at(-1)?.searchParams.get("search")).toBe("ord"));
    await user.selectOptions(screen.getByRole("combobox", { name: "Kind" }), "reference");
    await waitFor(() => expect(asked.at(-1)?.searchParams.get("kind")).toBe("reference"));
    await user.click(screen.getByRole("button", { name: "Next" }));
    await waitFor(() => expect(asked.at(-1)?.searchParams.get("page")).toBe("1"));
    expect(screen.getByText("11–20 of 40")).toBeVisible();
    expect(asked.some((url) => url.searchParams.has("fresh"))).toBe(false);
    await user.click(screen.getByRole("button", { name: "Refresh" }));
    await waitFor(() => expect(asked.at(-1)?.searchParams.get("fresh")).toBe("1"));
  });

  test("a worker names its coordinator; ports are explained where the service has both", async () => {
    answer = () => Response.json(report({ place: "worker" }));
    const coordinator = "c-shop.abc.postgres.cosmos.azure.com";
    const { user } = show({ service: "azure", port: 6432, coordinator });
    await user.click(opener());
    expect(await screen.findByText("This is a worker node", {}, patience)).toBeVisible();
    expect(screen.getByText(new RegExp(coordinator))).toBeVisible();
    expect(screen.getByRole("heading", { name: "Ports 5432 and 6432" })).toBeVisible();
    expect(screen.getByText("This connection uses it.").parentElement).toHaveTextContent(/PgBouncer/);
  });

  test("parts that cannot be read say why, the others stay", async () => {
    const denied = { why: "denied", message: "permission denied for view citus_shards" } as const;
    answer = () => Response.json(report({ sizes: denied, nodes: { ok: false, trouble: denied } }));
    const { user } = show();
    await user.click(opener());
    expect(await screen.findByText("The nodes could not be read", {}, patience)).toBeVisible();
    expect(screen.getByText("Sizes are unknown")).toBeVisible();
    expect(screen.getAllByText("permission denied for view citus_shards")).toHaveLength(2);
    expect(screen.getByRole("table", { name: "40 tables in the cluster" })).toBeVisible();
  });

  test("an empty cluster says how it is filled", async () => {
    const none = { ok: true, value: { rows: [], matching: 0, kinds: {} } } as const;
    answer = () => Response.json(report({ nodes: { ok: true, value: [] }, tables: none }));
    const { user } = show();
    await user.click(opener());
    expect(await screen.findByText(/has no workers yet/, {}, patience)).toBeVisible();
    expect(screen.getByText(/No table is distributed yet/)).toBeVisible();
  });

  test("a console that does not answer, and one that refuses", async () => {
    answer = () => {
      throw new TypeError("fetch failed");
    };
    const { user } = show();
    await user.click(opener());
    expect(await screen.findByText("The console did not answer", {}, patience)).toBeVisible();
    const problem = { code: "net-closed", step: "tls-request", facts: {}, fixes: [], also: [] };
    const explained = { problem, title: "Closed", cause: "The server closed.", fix: "Again.", fixes: [] };
    answer = () => Response.json({ problem, explained }, { status: 400 });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("The server closed.")).toBeVisible();
    answer = () => Response.json(report());
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("table", { name: "2 nodes" })).toBeVisible();
  });
});

function opener() {
  return screen.getByRole("button", { name: /^Citus/ });
}

function show(given: Partial<CitusPlace> = {}) {
  const citus: CitusPlace = { version: "13.0-1", service: "other", port: 5432, coordinator: null, ...given };
  return renderSession(<CitusBar connectionId="c 1" citus={citus} />);
}

function report(given: Partial<CitusReport> = {}): CitusReport {
  const node = {
    port: "5432",
    role: "primary",
    hasShards: true,
    metadataSynced: true,
    shards: 33,
    here: false,
  };
  return {
    place: "coordinator",
    sizes: null,
    nodes: {
      ok: true,
      value: [
        { ...node, name: "coordinator.internal", group: 0, active: true, size: null, here: true },
        { ...node, name: "worker-1.internal", group: 1, active: false, size: "268435456" },
      ],
    },
    tables: {
      ok: true,
      value: {
        matching: 40,
        kinds: { distributed: 38, reference: 2 },
        rows: [
          {
            schema: "public",
            name: "orders",
            kind: "distributed",
            distributionColumn: "customer_id",
            colocation: 1,
            shards: 32,
            size: "268435456",
            isPartition: false,
          },
        ],
      },
    },
    ...given,
  };
}
