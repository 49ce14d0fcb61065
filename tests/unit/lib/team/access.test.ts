import { expect, test } from "vitest";
import { acts, can, type Role } from "#lib/team/access.ts";

test("owners may do everything, members everything but manage team, trust and vault", () => {
  expect(acts.filter((act) => !can({ role: "owner" }, act))).toEqual([]);
  expect(acts.filter((act) => !can({ role: "member" }, act))).toEqual([
    "team:manage",
    "trust:manage",
    "vault:manage",
  ]);
});

test("an unknown role may do nothing", () => {
  expect(acts.filter((act) => can({ role: "guest" as Role }, act))).toEqual([]);
});
