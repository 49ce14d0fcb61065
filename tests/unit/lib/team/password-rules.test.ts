import { describe, expect, test } from "vitest";
import { passwordFlaw } from "#lib/team/password-rules.ts";

describe("passwordFlaw", () => {
  test.each([
    ["too-short", "elevenchars"],
    ["too-long", "ab1".repeat(90)],
    ["too-common", "password1234"],
    ["too-common", "Password2024!"],
    ["too-common", "P@ssw0rdP@ssw0rd"],
    ["too-common", "123456789012"],
    ["too-common", "qwertyuiop123"],
    ["too-common", "1qaz2wsx3edc"],
    ["too-common", "1q2w3e4r5t6y"],
    ["too-common", "aaaaaaaaaaaaaaaa"],
    ["too-common", "abcabcabcabc"],
    ["too-common", "administrator"],
    ["too-common", "christopher1"],
    ["too-common", "manchesterunited"],
    ["too-common", "correcthorsebatterystaple"],
    ["too-common", "cloak-db-2026"],
    ["too-common", "postgrespostgres"],
    ["too-common", "trustno1trustno1"],
    ["too-common", "thisisapassword"],
    ["too-common", "zyxwvutsrqpo"],
    ["too-common", "            "],
    ["holds-user-name", "marguerite123"],
    ["holds-user-name", "M4rguer1te!!!2025"],
  ])("%s: %s", (flaw, password) => {
    expect(passwordFlaw(password, "Marguerite")).toBe(flaw);
  });

  test.each([
    "plum-tractor-oboe-9",
    "vK2#tq8!wLz0",
    "les sanglots longs des violons",
    "marguerite eats verdant kelp",
    "一二三四五六七八九十百千",
    "tangled up in bluish fog",
    `${"x".repeat(3)}9fj2kd03mfla`,
  ])("accepts %s", (password) => {
    expect(passwordFlaw(password, "Marguerite")).toBeUndefined();
  });

  test("counts characters, not code units", () => {
    expect(passwordFlaw("🦊🐢🦉🐝🦋🐙", "ann")).toBe("too-short");
  });
});
