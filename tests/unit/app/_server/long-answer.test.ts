import { expect, test } from "vitest";
import { longAnswerHeaders } from "#app/_server/long-answer.ts";

test.each([
  ["192.0.2.7", 1, true],
  ["2001:db8::7", 1, true],
  ["127.0.0.1", 1, false],
  ["127.8.9.1", 1, false],
  ["::1", 1, false],
  // Where no proxy is trusted, what is said of one counts for nothing.
  ["192.0.2.7", 0, false],
] as const)("rows for %s, %i proxies trusted, may be compressed: %s", (source, trustedProxies, may) => {
  const headers = new Headers({ "x-forwarded-for": source });
  const made = longAnswerHeaders(headers, { publicUrl: undefined, insecureHttp: false, trustedProxies });
  expect(made["Cache-Control"]).toBe(may ? "no-store" : "no-store, no-transform");
});
