import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { terminalLocale } from "#lib/cli/terminal-locale.ts";
import { translatorOf } from "#lib/cli/words.ts";
import { problemCodes } from "#lib/problems/catalogue.ts";
import { problem } from "#lib/problems/problem.ts";
import { problemWords } from "#lib/problems/words.ts";
import { english, type Locale, loadMessages, locales } from "#messages/load-messages.ts";
import { cliProgram } from "#tests/support/run-cli.ts";

const environments: readonly [Record<string, string>, Locale][] = [
  [{}, "en"],
  [{ LANG: "fr_FR.UTF-8" }, "fr"],
  [{ LANG: "fr" }, "fr"],
  [{ LANG: "fr-CA" }, "fr"],
  [{ LANG: "fr_BE@euro" }, "fr"],
  [{ LANG: "zh_TW.UTF-8" }, "zh-TW"],
  [{ LANG: "zh_HK.Big5-HKSCS" }, "zh-TW"],
  [{ LANG: "zh_Hant_TW" }, "zh-TW"],
  [{ LANG: "zh_CN.UTF-8" }, "en"],
  [{ LANG: "zh" }, "en"],
  [{ LANG: "fry_NL" }, "en"],
  [{ LANG: "de_DE.UTF-8" }, "en"],
  [{ LANG: "C.UTF-8" }, "en"],
  [{ LANG: "POSIX" }, "en"],
  [{ LANG: "../fr" }, "en"],
  [{ LC_ALL: "fr_FR", LC_MESSAGES: "zh_TW", LANG: "en_US" }, "fr"],
  [{ LC_MESSAGES: "zh_TW", LANG: "fr_FR" }, "zh-TW"],
  [{ LC_ALL: "C", LANG: "fr_FR" }, "en"],
  [{ LC_ALL: "", LC_MESSAGES: "", LANG: "fr_FR" }, "fr"],
  [{ LC_CTYPE: "fr_FR", LANG: "en_GB" }, "en"],
];

test.each(environments)("%j speaks %s", (environment, locale) => {
  expect(terminalLocale(environment as unknown as NodeJS.ProcessEnv)).toBe(locale);
});

test("start, which loads none of this, finds the same", async () => {
  for (const [environment, locale] of environments.filter((_, n) => n % 3 === 1)) {
    const { stdout } = spawnSync(process.execPath, [cliProgram, "start", "--help"], {
      env: environment as unknown as NodeJS.ProcessEnv,
      encoding: "utf8",
    });
    expect(stdout).toBe(`${(await loadMessages(locale)).cli.help.start}\n`);
  }
});

test.each([
  ["fr", { LC_ALL: "fr_FR.UTF-8" }],
  ["zh-TW", { LANG: "zh_TW.UTF-8" }],
] as const)("the other commands speak %s", async (locale, environment) => {
  const { stdout } = spawnSync(process.execPath, [cliProgram, "--help"], {
    env: environment as unknown as NodeJS.ProcessEnv,
    encoding: "utf8",
  });
  expect(stdout).toBe(`${(await loadMessages(locale)).cli.help.main}\n`);
});

describe.each(locales)("in %s", (locale) => {
  test("what replaces the console's own words is there to be replaced", async () => {
    const { cli, fixes } = await loadMessages(locale);
    expect(Object.keys(fixes)).toEqual(expect.arrayContaining(Object.keys(cli.fixes)));
    expect(problemCodes).toEqual(expect.arrayContaining(Object.keys(cli.advice)));
  });

  test("a mode is named as libpq spells it, not as a button reads", async () => {
    const say = await translatorOf(locale);
    const { form } = await loadMessages(locale);
    const { require, "verify-ca": ca, "verify-full": full } = form.modes;
    const buttons = [require.title, ca.title, full.title];
    const spoken = problemCodes.flatMap((code) => problemWords(problem(code), say).fixes);
    const modes = spoken.filter(({ id }) => /^(use-require|use-verify)/.test(id));
    expect(modes.length).toBeGreaterThan(3);
    for (const { title } of modes) {
      expect(title).toMatch(/sslmode=(require|verify-ca|verify-full)/);
      for (const button of buttons) expect(title).not.toContain(button);
    }
  });

  test("a fact in a title is filled in", async () => {
    const say = await translatorOf(locale);
    const found = problem(
      "tls-hostname-mismatch",
      {},
      { fixes: [{ id: "use-certificate-name", facts: { name: "db.example.test", named: "yes" } }] },
    );
    expect(problemWords(found, say).fixes[0]?.title).toContain("host=db.example.test");
  });
});

test("the console's own words stay as they were", () => {
  expect(english.fixes["use-require"]).toBe("Use Require: encrypt without checks");
});
