import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { redacted } from "#app/_server/redaction.ts";
import { Secret } from "#lib/secret.ts";

const canary = "c4nary-7f3e";

describe("redacted", () => {
  test.each([
    ["a secret", new Secret(canary)],
    ["a secret deep inside", { profile: { list: [{ value: new Secret(canary) }] } }],
    [
      "a telling name",
      { password: canary, sslKey: { pem: canary }, Authorization: canary, set_cookie: canary },
    ],
    ["a URI", `postgres://app:${canary}@db.example.test/shop`],
    ["a libpq string", `host=db password='${canary} with blanks' sslpassword=${canary}`],
    ["a PEM", `x -----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY----- y`],
    ["a PEM cut off", `-----BEGIN EC PRIVATE KEY-----\n${canary}`],
    ["an error's message", new Error(`cannot parse postgres://app:${canary}@db`)],
    [
      "what an error drags along",
      Object.assign(new Error("x"), { input: canary, detail: canary, where: canary }),
    ],
    ["an error's cause", new Error("x", { cause: new Error(canary) })],
    ["bytes", Buffer.from(canary)],
    ["a deep hiding place", { a: { b: { c: { d: { e: { f: { g: canary } } } } } } }],
  ])("does not show %s", (_, value) => {
    const text = JSON.stringify(redacted(value)) + inspect(redacted(value), { depth: 20 });
    expect(text).not.toContain(canary);
    expect(text).not.toContain(Buffer.from(canary).toString("base64"));
  });

  test("new URL hangs its whole input on its error; that is not shown", () => {
    let caught: unknown;
    try {
      new URL(`postgres://app:${canary}@[bad`);
    } catch (error) {
      caught = error;
    }
    expect((caught as { input?: string }).input).toContain(canary);
    expect(JSON.stringify(redacted(caught))).not.toContain(canary);
  });

  test("keeps what helps", () => {
    const error = Object.assign(new TypeError("connect refused"), {
      code: "ECONNREFUSED",
      syscall: "connect",
    });
    expect(redacted({ actor: "u1", ms: 12, err: error })).toEqual({
      actor: "u1",
      ms: 12,
      err: {
        type: "TypeError",
        message: "connect refused",
        code: "ECONNREFUSED",
        syscall: "connect",
        at: expect.arrayContaining([expect.stringContaining("redaction.test.ts")]),
      },
    });
  });
});
