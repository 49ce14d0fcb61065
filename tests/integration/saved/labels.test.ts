import { describe, expect, test } from "vitest";
import { newDraft } from "#lib/profiles/profile.ts";
import { mostTags } from "#lib/saved/label-limits.ts";
import { labels, labelsMeta } from "#lib/saved/labels.ts";
import { profileStore } from "#lib/saved/profile-store.ts";
import { favourites, favouritesMeta } from "#lib/team/favourites.ts";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { opened, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";

const labelsOf = (vault: Vault) => labels(collection(vault, "labels", labelsMeta));
const favouritesOf = (vault: Vault) => favourites(collection(vault, "favourite", favouritesMeta));

describe("groups and tags", () => {
  test("are there again after a restart, several changed in one write, and no connection's revision moves", async () => {
    const setup = scratchVault();
    const vault = await opened(setup);
    const profiles = profileStore(vault);
    const { id } = value(await profiles.create({ ...newDraft(), name: "Shop" }));
    const kept = labelsOf(vault);
    const before = value(await vault.facts()).rev;
    value(await kept.change([id, "other"], { group: "Till", addTags: ["eu", "old"] }));
    expect(value(await vault.facts()).rev).toBe(before + 1);
    expect(value(await profiles.find(id))?.rev).toBe(1);
    const again = value(await labelsOf(await opened(setup)).all());
    expect(again.get(id)).toEqual({ group: "Till", tags: ["eu", "old"] });
    expect(again.size).toBe(2);
  });

  test("what is left out stays, null leaves the group, and what has nothing is no entry", async () => {
    const kept = labelsOf(await opened(scratchVault()));
    value(await kept.change(["a"], { group: "Till", addTags: ["eu"] }));
    value(await kept.change(["a"], { addTags: ["EU", "old"], removeTags: [] }));
    expect(value(await kept.all()).get("a")).toEqual({ group: "Till", tags: ["eu", "old"] });
    value(await kept.change(["a"], { group: null, removeTags: ["Old"] }));
    expect(value(await kept.all()).get("a")).toEqual({ tags: ["eu"] });
    value(await kept.change(["a"], { removeTags: ["eu"] }));
    expect(value(await kept.all()).size).toBe(0);
  });

  test("one tag too many changes nothing at all", async () => {
    const kept = labelsOf(await opened(scratchVault()));
    value(await kept.change(["a"], { addTags: Array.from({ length: mostTags }, (_, at) => `t${at}`) }));
    const refused = problemOf(await kept.change(["b", "a"], { addTags: ["more"] }));
    expect([refused.code, refused.facts.field]).toEqual(["setting-invalid", "tags"]);
    expect(value(await kept.all()).has("b")).toBe(false);
  });

  test("two who tag one connection at the same moment do not go beyond the limit together", async () => {
    const kept = labelsOf(await opened(scratchVault()));
    const five = (of: string) => Array.from({ length: 5 }, (_, at) => `${of}${at}`);
    const both = await Promise.all(["x", "y"].map((of) => kept.change(["a"], { addTags: five(of) })));
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    expect(value(await kept.all()).get("a")?.tags).toEqual(five("x"));
  });

  test("a copy belongs where the other one does, in the same write", async () => {
    const vault = await opened(scratchVault());
    const [profiles, kept] = [profileStore(vault), labelsOf(vault)];
    const { id } = value(await profiles.create({ ...newDraft(), name: "Shop" }));
    value(await kept.change([id], { group: "Till", addTags: ["eu"] }));
    const before = value(await vault.facts()).rev;
    const copy = value(await profiles.duplicate(id, kept.alike(id)));
    expect(value(await vault.facts()).rev).toBe(before + 1);
    expect(value(await kept.all()).get(copy.id)).toEqual({ group: "Till", tags: ["eu"] });
    value(await kept.forget([id]));
    expect([...value(await kept.all()).keys()]).toEqual([copy.id]);
  });

  test("that do not open are none, keep no copy from being made, and are not written over", async () => {
    const vault = await opened(scratchVault());
    const [profiles, kept] = [profileStore(vault), labelsOf(vault)];
    const { id } = value(await profiles.create({ ...newDraft(), name: "Shop" }));
    value(await collection(vault, "labels", labelsMeta).put("connections", () => ({ odd: 1 }) as never));
    expect(value(await kept.all()).size).toBe(0);
    expect(value(await profiles.duplicate(id, kept.alike(id))).name).toBe("Shop copy");
    expect(problemOf(await kept.change([id], { group: "Till" })).code).toBe("vault-damaged");
  });
});

describe("favourites", () => {
  test("are each person's own, and what is no longer there goes with the next", async () => {
    const setup = scratchVault();
    const kept = favouritesOf(await opened(setup));
    value(await kept.set("olive", ["a", "b"], true, () => true));
    value(await kept.set("mo", ["c"], true, () => true));
    value(await kept.set("olive", ["a"], true, () => true));
    const again = favouritesOf(await opened(setup));
    expect([...value(await again.of("olive"))]).toEqual(["b", "a"]);
    expect([...value(await again.of("eve"))]).toEqual([]);
    value(await again.set("olive", ["a"], false, () => true));
    value(await again.set("olive", ["d"], true, (id) => id !== "b"));
    expect([...value(await again.of("olive"))]).toEqual(["d"]);
  });
});
