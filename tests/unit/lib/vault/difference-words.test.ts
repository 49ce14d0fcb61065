import { expect, test } from "vitest";
import { differenceWords } from "#lib/vault/difference-words.ts";

test("a name turns round nothing that stands beside it, where somebody decides what to restore", () => {
  const name = "harmless\u202eno gninnigeb";
  const differs = [{ kind: "query", added: [{ id: "q", name }], removed: [], changed: [] }];
  const say = (key: string, facts?: object) => `${key} ${JSON.stringify(facts)}`;
  for (const told of ["since", "restore"] as const) {
    const [line = ""] = differenceWords(differs, say, told);
    expect(line).toContain("harmless");
    expect(line).not.toContain("\u202e");
  }
});
