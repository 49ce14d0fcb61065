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

describe("at the edges", () => {
  const unusual = (length: number) =>
    Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + index * 7)).join("");

  test.each<[string | undefined, string, string]>([
    // How long.
    ["too-short", unusual(11), "ann"],
    [undefined, unusual(12), "ann"],
    [undefined, unusual(256), "ann"],
    ["too-long", unusual(257), "ann"],
    // What is left beside a word: five characters that somebody would have to guess.
    ["too-common", "passwordwkvq", "ann"],
    [undefined, "passwordwkvqx", "ann"],
    ["holds-user-name", "margueritewkvq", "Marguerite"],
    [undefined, "margueritewkvqx", "Marguerite"],
    ["too-common", "password- - - -", "ann"],
    ["too-common", "passwordwktyu", "ann"],
    // A name counts from three letters on.
    ["holds-user-name", "bobbobbobbob", "Bob"],
    ["too-common", "alalalalalal", "Al"],
    ["too-common", "xxxwwwkkkqqq", "xx"],
    ["holds-user-name", "abcdefghijkl", "Abc"],
    // Three different words are a phrase; walks are not words.
    [undefined, "dragonbananawizard", "ann"],
    ["too-common", "catdogcatdog", "ann"],
    ["too-common", "qwertyuiopasdfghjklzxcvbnm", "ann"],
    ["too-common", "qwertyasdfghzxcvbn", "ann"],
    // Walks and repeats end where they end.
    ["too-common", "456tyuvbn321", "ann"],
    [undefined, "wkvq789xqzjhb", "ann"],
    ["too-common", "xkwqxkwqxkwq", "ann"],
    ["too-common", "xxxwwwkkkqqq", "ann"],
    // A year is four figures, and what follows counts.
    [undefined, "2019wkvqxzjhb", "ann"],
    [undefined, "2119wkvqx zj", "ann"],
    // Nobody's name.
    ["too-common", "password1234", ""],
  ])("%s: %s, of %s", (flaw, password, userName) => {
    expect(passwordFlaw(password, userName)).toBe(flaw);
  });

  test.each([
    ["@", "dr@gondr@gon"],
    ["4", "dr4gondr4gon"],
    ["3", "w3lcomew3lcome"],
    ["0", "m0nkeym0nkey"],
    ["1", "dolph1ndolph1n"],
    ["$", "mu$tangmu$tang"],
    ["5", "mu5tangmu5tang"],
    ["7", "but7erbut7er"],
  ])("%s stands for a letter", (_, password) => {
    expect(passwordFlaw(password, "ann")).toBe("too-common");
  });

  test.each([
    ["counting", "9876554321098"],
    ["the alphabet", "ponmlxwvutsrq"],
    ["the upper row", "][poytrew][po"],
    ["the middle row", "asdl;'asdl;'"],
    ["the lower row", ".,mnb/.,mnbv"],
    ["the German upper row", "uztrewüpoiuzt"],
    ["the French upper row", "azerrezaazerreza"],
    ["the French middle row", "mlkjhgmlkjhmlkjhg"],
    ["columns", "/;p0.lo9nhy6bg"],
    ["a zigzag", "p0o9i8u7p0o9"],
    ["a zigzag from the letters", "0p9oo8i7u6y0p9o"],
    ["columns of letters", "plokimjvfrcdexs"],
    ["the number pad upwards", "63852796385963852"],
    ["the number pad sideways", "32165321653216549"],
    ["letters and counting in turn", "e4d3c4d3c23c2b1"],
    ["counting and letters in turn", "e5d4c37f6e5h8g7"],
  ])("%s is a walk", (_, password) => {
    expect(passwordFlaw(password, "ann")).toBe("too-common");
  });
});
