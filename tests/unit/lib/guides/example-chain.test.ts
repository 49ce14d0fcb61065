import { expect, test } from "vitest";
import { isClientFault } from "#lib/connect/chain/client-chain.ts";
import { exampleChain } from "#lib/guides/example-chain.ts";
import { problemCodes } from "#lib/problems/catalogue.ts";
import { chainCodes } from "#lib/problems/chain-codes.ts";
import { drawn } from "../connect/chain/drawn.ts";

const drawnCodes = [...chainCodes, ...problemCodes.filter(isClientFault)];

test.each(drawnCodes)("%s is drawn where it is wrong", (code) => {
  const drawing = exampleChain(code);
  expect(drawn(drawing)).toContain(code);
  // Examples have no dates to be over, and no fingerprint to be compared.
  for (const place of drawing) expect(place).not.toHaveProperty("facts");
});

test("each in its own way, and nothing else", () => {
  expect(new Set(drawnCodes.map((code) => drawn(exampleChain(code)))).size).toBe(drawnCodes.length);
  for (const code of problemCodes.filter((one) => !drawnCodes.includes(one)))
    expect(exampleChain(code)).toEqual([]);
});
