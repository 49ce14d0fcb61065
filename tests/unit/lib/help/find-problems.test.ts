import { describe, expect, test } from "vitest";
import { translatorOf } from "#lib/cli/words.ts";
import { findProblems, longestSearch } from "#lib/help/find-problems.ts";
import { phrases } from "#lib/help/phrases.ts";
import { problemIndex } from "#lib/help/problem-index.ts";
import { catalogue, type ProblemCode, problemCodes } from "#lib/problems/catalogue.ts";
import { errorLines, looseSearches } from "./error-lines.ts";

const index = problemIndex([await translatorOf("en")]);
const found = (text: string, of = index) => findProblems(of, text).map(({ code }) => code);
const first = (text: string) => found(text)[0] ?? null;

test("a whole line of another program leads to its problem", () => {
  expect(errorLines.length).toBeGreaterThanOrEqual(80);
  expect(errorLines.map(([line]) => [line, first(line)])).toEqual(errorLines);
});

test("a few words find it too: misspelt, unfinished, in any case", () => {
  expect(looseSearches.map(([text]) => [text, first(text)])).toEqual(looseSearches);
});

test("each problem is found by a phrase of the last program that has one", () => {
  const lost = problemCodes.flatMap((code) =>
    Object.values(phrases[code] ?? {})
      .slice(-1)
      .flatMap(([text = ""]) => text)
      .filter((text) => !found(text).includes(code))
      .map((text) => `${code}: ${text}`),
  );
  expect(lost).toEqual([]);
});

test("every code finds itself", () => {
  expect(problemCodes.filter((code) => first(code) !== code)).toEqual([]);
});

describe("the reader's language", () => {
  test.each([
    ["fr", "certificat expiré", "tls-expired"],
    ["fr", "le serveur n’offre pas TLS", "tls-not-offered"],
    ["zh-TW", "憑證過期", "tls-expired"],
    ["zh-TW", "certificate has expired", "tls-expired"],
  ] as const)("%s: %s", async (locale, text, code) => {
    const theirs = problemIndex([await translatorOf(locale), await translatorOf("en")]);
    expect(found(text, theirs).slice(0, 3)).toContain(code);
  });
});

test("what nobody says finds nothing, and what is endless ends", () => {
  expect(found("")).toEqual([]);
  expect(found("  \n ")).toEqual([]);
  expect(found("qqqq 12345 zzzzzz")).toEqual([]);
  expect(found(`${"xyzzyx ".repeat(longestSearch)}certificate has expired`)).toEqual([]);
  expect(found("certificate has expired ".repeat(longestSearch))[0]).toBe("tls-expired");
});

test("problems of the network, of TLS and of signing in have the words of three programs at least", () => {
  const few = problemCodes.filter(
    (code) =>
      !["input", "session", "console"].includes(catalogue[code].step) &&
      Object.keys(phrases[code] ?? {}).length < 3,
  );
  expect(few).toEqual(knownByFew);
});

/** Only this console, one program, one cloud or one provider reports these, or all programs show the server's words. */
const knownByFew: readonly ProblemCode[] = [
  "net-address-denied",
  "psql-unregistered-scheme",
  "tls-pin-changed",
  "auth-tls-not-allowed",
  "auth-client-certificate-unused",
  "auth-channel-binding-failed",
  "auth-token-credentials-expired",
  "auth-token-credentials-refused",
  "auth-token-service-unreachable",
  "auth-token-library-missing",
  "auth-token-region-wrong",
  "auth-token-clock-off",
  "auth-token-needs-verification",
  "auth-sni-required",
  "auth-endpoint-unknown",
  "auth-endpoint-conflict",
  "auth-pooler-tenant-unknown",
];
