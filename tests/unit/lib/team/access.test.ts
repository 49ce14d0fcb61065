import { expect, test } from "vitest";
import { acts, can, type Role } from "#lib/team/access.ts";

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
