import { expect, test } from "vitest";
import form from "#messages/fr/form.json" with { type: "json" };
import help from "#messages/fr/help.json" with { type: "json" };
import steps from "#messages/fr/steps.json" with { type: "json" };

// A step's name and its state make one sentence ("Session ignorée"), and the states are written in the feminine.
const feminine = [
  "Résolution",
  "Connexion",
  "Demande",
  "Négociation",
  "Chaîne",
  "Vérification",
  "Authentification",
  "Session",
];

test.each(Object.entries(steps.names))("the step %s is feminine: %s", (_name, words) => {
  expect(feminine).toContain(words.split(" ")[0]);
});

test("the help calls the steps as the test does", () => {
  const { groups } = help.problems;
  for (const [name, words] of Object.entries(steps.names))
    if (name in groups) expect(groups[name as "session"]).toBe(words);
});

test.each([...Object.values(steps.states), ...Object.values(form.result.states)])(
  "the state “%s” is feminine or has no gender",
  (words) => {
    // A participle in -é or -i alone would be masculine.
    expect(words).not.toMatch(/(?<!non )\p{L}+(é|i|ni)$|\p{L}+é(?= )/u);
  },
);
