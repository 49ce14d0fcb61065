import { expect, test } from "vitest";
import { fixCost } from "#lib/help/fix-costs.ts";
import { relatedProblems } from "#lib/help/related-problems.ts";
import { fourModes, modeRow, softModes } from "#lib/help/tls-modes.ts";
import { catalogue, type FixId, problemCodes } from "#lib/problems/catalogue.ts";

test("what gives up protection stands behind what gives up nothing", () => {
  const givesUp = (id: FixId) => !["keeps", "compare"].includes(fixCost(id));
  const wrong = problemCodes.filter((code) => {
    const fixes: readonly FixId[] = catalogue[code].fixes;
    const first = fixes.findIndex(givesUp);
    return first !== -1 && !fixes.slice(first).every(givesUp);
  });
  expect(wrong).toEqual([]);
});

test("no problem is related to itself, and each of the wire to some other", () => {
  expect(problemCodes.filter((code) => relatedProblems(code).includes(code))).toEqual([]);
  const alone = problemCodes.filter(
    (code) => !["input", "console"].includes(catalogue[code].step) && relatedProblems(code).length === 0,
  );
  expect(alone).toEqual(["net-address-denied", "tls-curve-unsupported"]);
});

test("each mode proves at least what the one before it does", () => {
  const proofs = fourModes.map((mode) => {
    const { encrypted, chain, name } = modeRow(mode);
    return [encrypted, chain, name].filter((one) => one === "yes").length;
  });
  expect(proofs).toEqual([0, 1, 2, 3]);
  for (const mode of softModes)
    expect(modeRow(mode)).toMatchObject({ encrypted: "offered", chain: "no", impostor: "no" });
});
