import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { deviceToken, readDeviceToken } from "#lib/team/device-token.ts";

const key = randomBytes(32);

test("a browser is known to the account that signed in with it, in any letters, and keeps its id", () => {
  const token = deviceToken("Ann", key);
  const id = readDeviceToken(token, "ann", key);
  expect(id).toMatch(/^[\w-]{22}$/);
  expect(readDeviceToken(deviceToken("ann", key, id), "ANN", key)).toBe(id);
});

test("to no other account, with no other key, and in no other form", () => {
  const token = deviceToken("ann", key);
  expect(readDeviceToken(token, "bob", key)).toBeUndefined();
  expect(readDeviceToken(token, "ann", randomBytes(32))).toBeUndefined();
  const [id = "", mac = ""] = token.split(".");
  const other = deviceToken("ann", key).split(".")[0];
  for (const wrong of [
    undefined,
    "",
    id,
    `${id}.`,
    `${other}.${mac}`,
    `${token}x`,
    `${id}.${"A".repeat(43)}`,
    `${token} `,
  ])
    expect(readDeviceToken(wrong, "ann", key)).toBeUndefined();
});
