import { describe, expect, test } from "vitest";
import {
  acts,
  type ConnectionAct,
  type ConnectionGrants,
  can,
  type Level,
  levelOf,
  levels,
  type Role,
} from "#lib/team/access.ts";

test("owners may do everything, members everything but manage team, trust and vault, and read the log", () => {
  expect(acts.filter((act) => !can({ role: "owner" }, act))).toEqual([]);
  const forOwners = [
    "read-only:longer",
    "host-credentials:use",
    "team:manage",
    "trust:manage",
    "vault:manage",
    "audit:read",
  ];
  expect(acts.filter((act) => !can({ role: "member" }, act))).toEqual(forOwners);
});

test("an unknown role may do nothing", () => {
  expect(acts.filter((act) => can({ role: "guest" as Role }, act))).toEqual([]);
});

describe("of one connection", () => {
  const grants = (more: Partial<ConnectionGrants> = {}): ConnectionGrants => ({
    maker: "maker",
    people: new Map(),
    rest: "read",
    ...more,
  });
  const member = (id: string) => ({ id, role: "member" }) as const;

  test.each<[string, ConnectionGrants, Level]>([
    ["maker", grants({ rest: "none" }), "manage"],
    ["somebody", grants(), "read"],
    ["somebody", grants({ rest: "none" }), "none"],
    ["somebody", grants({ people: new Map([["somebody", "write"]]) }), "write"],
    ["somebody", grants({ rest: "manage", people: new Map([["somebody", "none"]]) }), "none"],
    ["maker", grants({ people: new Map([["maker", "read"]]) }), "read"],
    ["", grants({ maker: null, rest: "none" }), "none"],
  ])("%j of %j has %s", (id, of, level) => {
    expect(levelOf(member(id), of)).toBe(level);
    expect(levelOf({ id, role: "owner" }, of)).toBe("manage");
  });

  test("each level holds those before it, and no act is open to who has none", () => {
    const may = (level: Level) =>
      (["data:read", "data:write", "connection:manage"] satisfies ConnectionAct[]).filter((act) =>
        can(member("x"), act, { grants: grants({ rest: level }) }),
      );
    expect(levels.map((level) => may(level).length)).toEqual([0, 1, 2, 3]);
  });

  test("who it is counts, and what they are", () => {
    const closed = { grants: grants({ rest: "none" }) };
    expect(can(member("maker"), "connection:manage", closed)).toBe(true);
    expect(can(member("somebody"), "data:read", closed)).toBe(false);
    expect(can({ id: "somebody", role: "owner" }, "connection:manage", closed)).toBe(true);
  });

  test("what names nobody, or no connection, is not allowed", () => {
    const ask = can as (actor: object, act: string, connection?: object) => boolean;
    expect(ask({ role: "member" }, "data:read", { grants: grants() })).toBe(false);
    expect(ask(member("maker"), "data:read")).toBe(false);
    expect(ask(member("maker"), "toString", { grants: grants() })).toBe(false);
  });
});
