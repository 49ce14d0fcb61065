import { describe, expect, test } from "vitest";
import { newDraft } from "#lib/profiles/profile.ts";
import { profileStore } from "#lib/saved/profile-store.ts";
import type { Level } from "#lib/team/access.ts";
import { grants, grantsMeta } from "#lib/team/grants.ts";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { opened, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";

const rooms = (vault: Vault) => ({
  profiles: profileStore(vault),
  grants: grants(collection(vault, "grants", grantsMeta)),
});
const draft = { ...newDraft(), name: "Shop", host: "db.example.test", user: "app" };
const anybody = () => true;
const people = (...entries: [string, Level][]) => new Map(entries);

describe("the grants of a vault", () => {
  test("stand with a new connection in one write, its maker's", async () => {
    const setup = scratchVault();
    const vault = await opened(setup);
    const { profiles, grants: kept } = rooms(vault);
    const before = value(await vault.facts()).rev;
    const { id } = value(await profiles.create(draft, "olive", undefined, kept.starting("olive")));
    expect(value(await vault.facts()).rev).toBe(before + 1);
    expect(value(await kept.read()).of(id)).toEqual({ maker: "olive", people: new Map(), rest: "read" });
    const again = rooms(await opened(setup)).grants;
    expect(value(await again.read()).of(id).maker).toBe("olive");
  });

  test("are written for all of several, and not at all where the connection is not", async () => {
    const { profiles, grants: kept } = rooms(await opened(scratchVault()));
    const all = value(await profiles.createAll([draft, draft], "olive", kept.starting("olive")));
    const copy = value(await profiles.duplicate(all[0]?.id ?? "", kept.starting("mo")));
    const book = value(await kept.read());
    expect([...all, copy].map(({ id }) => book.of(id).maker)).toEqual(["olive", "olive", "mo"]);
    const taken = all[0]?.id;
    expect(problemOf(await profiles.create(draft, "eve", taken, kept.starting("eve"))).code).toBe(
      "vault-changed-meanwhile",
    );
    expect(value(await kept.read()).of(taken ?? "").maker).toBe("olive");
  });

  test("of a connection that was there before: everybody manages it, until it is tightened", async () => {
    const { profiles, grants: kept } = rooms(await opened(scratchVault()));
    const old = value(await profiles.create(draft));
    expect(value(await kept.read()).isOpen(old.id)).toBe(true);
    expect(value(await kept.read()).of(old.id).rest).toBe("manage");
    value(await kept.tighten([old.id]));
    expect(value(await kept.read()).isOpen(old.id)).toBe(false);
    expect(value(await kept.read()).of(old.id)).toMatchObject({ maker: null, rest: "read" });
  });

  test("a tightening leaves what was set alone, and the console's default reaches what follows it", async () => {
    const { grants: kept } = rooms(await opened(scratchVault()));
    value(await kept.set("a", { rest: "none", people: people(["mo", "write"]) }, anybody));
    value(await kept.tighten(["a", "b"]));
    value(await kept.setDefault("write"));
    const book = value(await kept.read());
    expect(book.of("a")).toEqual({ maker: null, people: people(["mo", "write"]), rest: "none" });
    expect(book.of("b").rest).toBe("write");
    expect(book.set("b")).toEqual({ rest: undefined, people: new Map() });
    expect(await kept.read()).toEqual({ ok: true, value: book });
  });

  test("a save of the form does not touch them, nor do a removal and its undo; whom nobody knows goes", async () => {
    const { profiles, grants: kept } = rooms(await opened(scratchVault()));
    const { id } = value(await profiles.create(draft, "olive", undefined, kept.starting("olive")));
    const given = { rest: "none", people: people(["mo", "manage"], ["gone", "manage"]) } as const;
    value(await kept.set(id, given, (user) => user !== "gone"));
    value(await profiles.update(id, 1, { ...draft, name: "Renamed" }, {}));
    value(await profiles.putBack(value(await profiles.remove(id))));
    const expected = { maker: "olive", people: people(["mo", "manage"]), rest: "none" };
    expect(value(await kept.read()).of(id)).toEqual(expected);
    value(await kept.forget([id]));
    expect(value(await kept.read()).isOpen(id)).toBe(true);
  });

  test("that do not open leave nothing to anybody but owners", async () => {
    const vault = await opened(scratchVault());
    const { grants: kept } = rooms(vault);
    value(await collection(vault, "grants", grantsMeta).put("connections", () => ({ odd: 1 }) as never));
    const book = value(await kept.read());
    expect([book.isOpen("x"), book.of("x")]).toEqual([
      false,
      { maker: null, people: new Map(), rest: "none" },
    ]);
    expect(problemOf(await kept.setDefault("manage")).code).toBe("vault-damaged");
  });
});
