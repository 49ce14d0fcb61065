import fc from "fast-check";
import { createTranslator } from "use-intl/core";
import { describe, expect, test } from "vitest";
import { catalogue, problemCodes } from "#lib/problems/catalogue.ts";
import { fieldMessage, fieldMessages } from "#lib/problems/field-messages.ts";
import { fieldProblem } from "#lib/problems/field-problem.ts";
import { type Facts, problem } from "#lib/problems/problem.ts";
import { fieldWords, problemWords, spokenFacts, type Translate } from "#lib/problems/words.ts";
import { english } from "#messages/load-messages.ts";

/** As the command line translates; every mistake in a sentence or a missing fact is an error here. */
const translator = createTranslator({
  locale: "en",
  messages: english,
  onError: (error) => {
    throw error;
  },
});
const translate: Translate = (key, facts) => translator(key as never, facts as never);

/** What proves less than before. */
const weaker: readonly string[] = [
  "allow-self-signed",
  "turn-ssl-off",
  "use-verify-ca",
  "use-require",
  "allow-weak-password",
  "drop-crls",
  "channel-binding-off",
  "channel-binding-prefer",
];

const allFixIds = Object.keys(english.fixes);

describe("the words of the problems", () => {
  test("stand for every code, and for nothing else", () => {
    expect(Object.keys(english.problems).sort()).toEqual([...problemCodes].sort());
  });

  test.each(problemCodes)("%s has a title, a cause and a fix, with and without facts", (code) => {
    const words = problemWords(problem(code), translate);
    for (const text of [words.title, words.cause, words.fix, ...words.fixes.map((fix) => fix.title)]) {
      expect(text.trim()).not.toBe("");
      expect(text).not.toMatch(/[{}!]|\?|^problems\.|^fixes\./);
    }
    expect(words.title.length).toBeLessThanOrEqual(70);
  });

  test("every fix of the catalogue has a short title, and nothing else has one", () => {
    const listed = new Set(problemCodes.flatMap((code): readonly string[] => catalogue[code].fixes));
    expect(allFixIds.toSorted()).toEqual([...listed].toSorted());
    for (const code of problemCodes)
      for (const { title } of problemWords(problem(code), translate).fixes)
        expect(title.length).toBeLessThanOrEqual(50);
  });

  test("no first fix gives up protection", () => {
    const first = problemCodes.filter((code) => weaker.includes(catalogue[code].fixes[0] ?? ""));
    // There it is the one thing that can be done, and nobody is asked to do it on the first press.
    expect(first).toEqual(["auth-tls-not-allowed", "auth-channel-binding-unavailable"]);
  });

  test("what gives up protection stands behind all that does not", () => {
    const weakening = new Set(weaker);
    const mixed = problemCodes.filter((code) => {
      const ids: readonly string[] = catalogue[code].fixes;
      const first = ids.findIndex((id) => weakening.has(id));
      return first >= 0 && ids.slice(first).some((id) => !weakening.has(id));
    });
    expect(mixed).toEqual([]);
  });

  test("every placeholder is a fact that is always given a value", () => {
    const texts = [english.problems, english.fixes, english.material.fields].map((part) =>
      JSON.stringify(part),
    );
    const named = texts.flatMap((text) =>
      [...text.matchAll(/\{(\w+)(?:, select|\})/g)].map((match) => match[1]),
    );
    expect([...new Set(named)].sort()).toEqual([...spokenFacts].sort());
  });

  test("any facts whatever make sentences", () => {
    const fact = fc.oneof(
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string(), { maxLength: 3 }),
    );
    const facts = fc.dictionary(fc.constantFrom(...spokenFacts, "host", "port"), fact);
    fc.assert(
      fc.property(fc.constantFrom(...problemCodes), facts, (code, seen) => {
        const words = problemWords(
          problem(code, seen as Facts, { fixes: fixesWith(seen as Facts) }),
          translate,
        );
        expect(words.fixes).toHaveLength(allFixIds.length);
      }),
      { numRuns: 200 },
    );
  });

  test("a fact is shown, a missing one is a question mark", () => {
    const fixesFor = {
      fixes: [{ id: "use-certificate-name", facts: { name: "db.example.test" } }],
    };
    const words = problemWords(problem("tls-hostname-mismatch", {}, fixesFor), translate);
    expect(words.fixes).toEqual([
      { id: "use-certificate-name", title: "Use the certificate’s name db.example.test" },
    ]);
    const without = problem("auth-token-credentials-missing", { reason: "profile" });
    expect(problemWords(without, translate).cause).toMatch(/no usable AWS profile “\?”/);
  });

  test("a fix that names something speaks of it in general where nobody has seen it", () => {
    expect(problemWords(problem("tls-hostname-mismatch"), translate).fixes.slice(0, 2)).toEqual([
      { id: "use-certificate-name", title: "Use a name from the certificate" },
      { id: "verify-name-dial-address", title: "Verify that name, connect to the same address" },
    ]);
  });
});

describe("the advice of the documentation (C12)", () => {
  const say = (code: Parameters<typeof problem>[0]) => problemWords(problem(code), translate);

  test("SSL connection required: turn SSL on, Require or higher", () => {
    expect(say("auth-tls-required").fix).toMatch(/Turn SSL on.*Require or higher/);
  });

  test("self-signed certificate: trust it or give the CA, or allow it knowing what is given up", () => {
    expect(say("tls-self-signed").fix).toMatch(/trust exactly this certificate.*CA certificate/);
    expect(say("tls-self-signed").fix).toMatch(/Allow self-signed certificates.*nothing is checked/);
  });

  test("certificate verify failed: check that it is the right CA", () => {
    expect(say("tls-unknown-ca").cause).toMatch(/certificate verify failed/);
    expect(say("tls-unknown-ca").fix).toMatch(/Check that it is the right CA/);
  });

  test("hostname mismatch: check the host name, or Verify CA for a CA of one's own", () => {
    expect(say("tls-hostname-mismatch").fix).toMatch(
      /Check the host name.*Verify CA skips the host name check/,
    );
  });
});

test("H5: a timeout says whose rules to look at, and where", () => {
  const fix = (firewall?: string) =>
    problemWords(problem("net-timeout", firewall === undefined ? {} : { firewall }), translate).fix;
  expect(fix("azure-firewall-rules")).toMatch(/Azure portal.*Networking.*firewall rule/);
  expect(fix("aws-security-group")).toMatch(/security group.*inbound rule/);
  expect(fix("google-authorised-networks")).toMatch(/authorised networks/);
  expect(fix("allow-list")).toBe(fix());
  expect(fix()).toMatch(/firewall rules or allowlist/);
});

test("a timeout after the address answered does not blame the firewall", () => {
  const words = problemWords(problem("net-timeout", { reason: "answered" }), translate);
  expect(words.cause).toMatch(/accepted the connection/);
  expect(words.cause + words.fix).not.toMatch(/firewall/);
});

describe("the words beside a field", () => {
  test("stand for every message of the schema, and for nothing else", () => {
    expect(Object.keys(english.material.fields).sort()).toEqual([...fieldMessages].sort());
  });

  test.each(fieldMessages)("%s survives the way through a problem and has a line", (message) => {
    const found = fieldProblem(message);
    expect(fieldMessage(found)).toBe(message);
    expect(fieldWords(fieldMessage(found), translate, found.facts).length).toBeGreaterThan(10);
  });

  test("say which box a paste belongs in", () => {
    const facts = { found: "private-key", belongs: "clientKey" };
    expect(fieldWords("pem-wrong-box", translate, facts)).toBe(
      "This is a private key. It belongs in “Client key”.",
    );
    expect(fieldWords("pem-wrong-box", translate)).toBe("This is something else. It is not needed here.");
  });
});

function fixesWith(facts: Facts) {
  return allFixIds.map((id) => ({ id, facts }));
}
