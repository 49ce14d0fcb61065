import { describe, expect, test } from "vitest";
import {
  mostTries,
  type Next,
  nextStep,
  type Permitted,
  type Tried,
} from "#lib/connect/strongest-settings.ts";
import { type Fix, type Problem, problem } from "#lib/problems/problem.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const asNew: Permitted = newFormValues;
const unchecked: Permitted = { ...newFormValues, mode: "require" };
const everything = {
  ssl: true,
  mode: "verify-full",
  allowSelfSigned: false,
  minVersion: "TLSv1.3",
  maxVersion: "TLSv1.3",
  channelBinding: "require",
} as const;

test("begins with everything on", () => {
  expect(nextStep(asNew, [])).toEqual({ type: "try", step: { change: everything, withPassword: true } });
});

test("what connects is the answer, with what was given up for it", () => {
  const { steps, end } = walk(asNew, [
    problem("tls-version-refused"),
    problem("auth-channel-binding-unavailable"),
    null,
  ]);
  expect(steps).toHaveLength(3);
  expect(end).toEqual({
    type: "found",
    change: { ...everything, minVersion: "TLSv1.2", channelBinding: "prefer" },
    reasons: ["tls-version-refused", "auth-channel-binding-unavailable"],
    open: null,
  });
});

describe("never below what the form permits", () => {
  test.each([
    ["TLS 1.2", { minVersion: "TLSv1.3" }, problem("tls-version-refused")],
    ["no binding", { channelBinding: "require" }, problem("auth-channel-binding-unavailable")],
    ["no name", {}, problem("tls-hostname-mismatch", {}, { fixes: [{ id: "use-verify-ca" }] })],
    ["no check", {}, problem("tls-self-signed", {}, { fixes: [pin("AA")] })],
    ["plain text", { ssl: false }, problem("tls-not-offered")],
  ] as const)("%s", (_what, more, met) => {
    expect(walk({ ...asNew, ...more }, [met]).end).toEqual({ type: "stuck", problem: met });
  });
});

test("a store that vouches is taken, and stays verified in full", () => {
  const mozilla: Fix = { id: "trust-mozilla", change: { trust: "mozilla" } };
  const { steps, end } = walk(asNew, [problem("tls-unknown-ca", {}, { fixes: [mozilla] }), null]);
  expect(steps[1]).toEqual({ change: { ...everything, trust: "mozilla" }, withPassword: true });
  expect(end).toMatchObject({ type: "found", reasons: ["tls-unknown-ca"] });
});

test("a certificate that was merely shown gets no password, and has to be compared", () => {
  const { steps, end } = walk(unchecked, [
    problem("tls-self-signed", {}, { fixes: [pin("AA")] }),
    problem("tls-hostname-mismatch", {}, { fixes: [{ id: "use-verify-ca" }] }),
    problem("auth-password-missing"),
  ]);
  expect(steps.map((one) => one.withPassword)).toEqual([true, false, false]);
  expect(end).toEqual({
    type: "found",
    change: { ...everything, trust: "own", ca: "AA", mode: "verify-ca" },
    reasons: ["tls-self-signed", "tls-hostname-mismatch"],
    open: null,
    compare: "AA",
  });
});

test("a wrong password ends it at once: the settings are found, the password is still open", () => {
  const wrong = problem("auth-password-wrong");
  expect(walk(asNew, [problem("tls-version-refused"), wrong]).end).toMatchObject({
    type: "found",
    open: wrong,
    reasons: ["tls-version-refused"],
  });
});

test("a server that cannot be reached is asked once", () => {
  const { steps, end } = walk(unchecked, [problem("net-refused")]);
  expect(steps).toHaveLength(1);
  expect(end).toEqual({ type: "stuck", problem: problem("net-refused") });
});

test("it ends, whatever the server says", () => {
  const stubborn = problem(
    "tls-unknown-ca",
    {},
    { fixes: [{ id: "trust-mozilla", change: { trust: "mozilla" } }] },
  );
  const { steps, end } = walk(unchecked, Array<Problem>(20).fill(stubborn));
  expect(steps).toHaveLength(mostTries);
  expect(end.type).toBe("stuck");
});

function pin(sha256: string): Fix {
  return { id: "pin-certificate", change: { trust: "own", ca: sha256 }, facts: { sha256 } };
}

/** Plays a server that answers the tries with these problems, in this order. */
function walk(permitted: Permitted, answers: readonly (Problem | null)[]) {
  const tried: Tried[] = [];
  for (const answer of answers) {
    const next = nextStep(permitted, tried);
    if (next.type !== "try") break;
    tried.push({ step: next.step, problem: answer });
  }
  const end: Next = nextStep(permitted, tried);
  return { steps: tried.map((one) => one.step), end };
}
