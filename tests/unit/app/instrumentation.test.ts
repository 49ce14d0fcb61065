import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { CutFile } from "#lib/transfer/cut-file.ts";
import { onRequestError } from "../../../instrumentation.ts";

const error = vi.fn();
vi.mock("#app/_server/log.ts", () => ({ log: () => ({ error }) }));

beforeAll(() => vi.stubEnv("NEXT_RUNTIME", "nodejs"));
afterAll(() => vi.unstubAllEnvs());
beforeEach(() => error.mockClear());

const told = (given: unknown) =>
  onRequestError(
    given,
    { path: "/api/x?password=secret", method: "GET", headers: {} },
    {
      routePath: "/api/x",
      routeType: "route",
      routerKind: "App Router",
      renderSource: "react-server-components",
      revalidateReason: undefined,
    },
  );

test.each([
  ["a browser that left, by the framework's name", Object.assign(new Error(), { name: "ResponseAborted" })],
  ["a browser that left, by Node's", Object.assign(new Error(), { code: "ECONNRESET" })],
  ["a file that was cut on purpose", new CutFile("the export broke off")],
])("%s is no surprise", async (_, given) => {
  await told(given);
  expect(error).not.toHaveBeenCalled();
});

test("a surprise is logged, without what stood in its query", async () => {
  const given = new Error("unforeseen");
  await told(given);
  expect(error.mock.calls).toEqual([
    [{ err: given, method: "GET", path: "/api/x", route: "/api/x" }, "unexpected"],
  ]);
});
