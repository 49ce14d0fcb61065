import { expect, test } from "vitest";
import { givenUp } from "#app/(console)/connections/attempt/given-up.ts";
import { fixesFor } from "#lib/diagnosis/fixes-for.ts";
import { fixCost } from "#lib/help/fix-costs.ts";
import { relatedProblems } from "#lib/help/related-problems.ts";
import { fourModes, modeRow, softModes } from "#lib/help/tls-modes.ts";
import { catalogue, type FixId, problemCodes } from "#lib/problems/catalogue.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { noEvidence } from "#lib/wire/evidence.ts";

test("what gives up protection stands behind what gives up nothing", () => {
  const givesUp = (id: FixId) => !["keeps", "compare"].includes(fixCost(id));
  const wrong = problemCodes.filter((code) => {
    const fixes: readonly FixId[] = catalogue[code].fixes;
    const first = fixes.findIndex(givesUp);
    return first !== -1 && !fixes.slice(first).every(givesUp);
  });
  expect(wrong).toEqual([]);
});

test("the help tells of each fix what the form would tell of its change", async () => {
  const strict = {
    ...newFormValues,
    ...{ name: "Shop", host: "db.example.test", database: "shop", user: "app", options: "-c x=y" },
    ...({ mode: "verify-full", channelBinding: "require", minVersion: "TLSv1.3" } as const),
  };
  const form = await parseProfileForm(strict);
  if (!form.ok) throw new Error(JSON.stringify(form.problem));
  // A list is read at the door; what the form shows is enough here.
  const before = { ...strict, crl: "a list" };
  const evidence = noEvidence(form.value, new Date());
  const told = problemCodes.flatMap((code) =>
    fixesFor(code, evidence).flatMap(({ id, change }) => {
      if (change === undefined) return [];
      const cost = fixCost(id as FixId);
      const losses: readonly string[] = givenUp(change, before).losses;
      return [{ id, help: cost === "keeps" || cost === "compare" ? [] : [cost], form: losses }];
    }),
  );
  expect(new Set(told.map(({ id }) => id)).size).toBeGreaterThan(8);
  expect(told.filter(({ help, form: losses }) => help.join() !== losses.join())).toEqual([]);
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
