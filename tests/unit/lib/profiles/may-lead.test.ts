import { describe, expect, test } from "vitest";
import { leadWindow, mayLeadHost, mayLeadSecret } from "#lib/profiles/may-lead.ts";

const now = Date.parse("2026-11-26T12:00:00Z");
const ada = (confirmedAt: number | undefined, mayUseHost = false) => ({
  userId: "ada",
  mayUseHost,
  confirmedAt,
});

const moments = [
  ["just now", now, "lead"],
  ["almost 15 minutes ago", now - leadWindow + 1, "lead"],
  ["15 minutes ago", now - leadWindow, "confirm"],
  ["long ago", 0, "confirm"],
  ["in the future, by a clock put back since", now + 1, "confirm"],
  ["nobody knows when", undefined, "confirm"],
] as const;

describe("who may lead a stored secret on", () => {
  test.each(moments)("its giver, confirmed %s: %s gives %s", (_, confirmedAt, answer) => {
    expect(mayLeadSecret("ada", ada(confirmedAt), now)).toBe(answer);
  });

  test.each([
    ["a colleague's", "bob"],
    ["nobody's", undefined],
    ["one of an empty name", ""],
  ])("nobody else, owner or not: %s secret", (_, giver) => {
    for (const mayUseHost of [true, false]) {
      expect(mayLeadSecret(giver, ada(now, mayUseHost), now)).toBe("give");
    }
  });

  test.each(moments)(
    "the host's credentials: an owner, confirmed %s: %s gives %s",
    (_, confirmedAt, answer) => {
      expect(mayLeadHost(ada(confirmedAt, true), now)).toBe(answer);
      expect(mayLeadHost(ada(confirmedAt, false), now)).toBe("give");
    },
  );
});
