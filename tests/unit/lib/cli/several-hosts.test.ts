import { describe, expect, test } from "vitest";
import { eachHost } from "#lib/cli/several-hosts.ts";

const each = (parameters: Readonly<Record<string, string>>) => {
  const found = eachHost(new Map(Object.entries(parameters)));
  return found.ok ? found.value.map((one) => Object.fromEntries(one)) : found.problem.facts;
};

describe("several hosts", () => {
  test("one host stays one, and none is one", () => {
    expect(each({ host: "a", user: "u" })).toEqual([{ host: "a", user: "u" }]);
    expect(each({ user: "u" })).toEqual([{ user: "u" }]);
  });

  test("each has its own address and port", () => {
    expect(each({ host: "a,b", hostaddr: "192.0.2.1,192.0.2.2", port: "1,2" })).toEqual([
      { host: "a", hostaddr: "192.0.2.1", port: "1" },
      { host: "b", hostaddr: "192.0.2.2", port: "2" },
    ]);
  });

  test("one port serves all, and an empty place is the usual value", () => {
    expect(each({ host: "a,b", port: "1" })).toEqual([
      { host: "a", port: "1" },
      { host: "b", port: "1" },
    ]);
    expect(each({ host: "a,", port: ",2", hostaddr: ",192.0.2.2" })).toEqual([
      { host: "a" },
      { hostaddr: "192.0.2.2", port: "2" },
    ]);
  });

  test("addresses alone count as hosts", () => {
    expect(each({ hostaddr: "192.0.2.1,::1" })).toEqual([{ hostaddr: "192.0.2.1" }, { hostaddr: "::1" }]);
  });

  test.each([
    [{ host: "a", port: "1,2" }, "port"],
    [{ host: "a,b,c", port: "1,2" }, "port"],
    [{ host: "a,b", hostaddr: "192.0.2.1" }, "host"],
  ])("%j does not go together", (parameters, parameter) => {
    expect(each(parameters)).toEqual({ parameter, reason: "count" });
  });
});
