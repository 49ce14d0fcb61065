import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { profileStore } from "#lib/saved/profile-store.ts";
import { Secret } from "#lib/secret.ts";
import { opened, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";

const pem = "-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n";

/** Every field that a connection can have. */
const full: ProfileDraft = {
  name: "Shop",
  environment: "production",
  host: "db.example.test",
  networkAddress: "10.0.0.7",
  port: 6543,
  database: "shop",
  user: "app",
  signIn: "rds-token",
  token: {
    region: "eu-west-1",
    expirySeconds: 900,
    credentials: "keys",
    awsAccessKeyId: "AKIDEXAMPLE",
  },
  connectTimeoutMs: 7000,
  applicationName: "console",
  options: "-c search_path=shop",
  allowWeakPassword: true,
  tls: {
    mode: "verify-ca",
    trust: "own",
    ca: pem,
    clientCertificate: pem,
    crl: "CRL",
    allowSelfSigned: true,
    minVersion: "TLSv1.3",
    maxVersion: "TLSv1.3",
    negotiation: "direct",
    channelBinding: "require",
    sni: false,
  },
  secrets: {
    password: new Secret("pässwörd 🔑"),
    clientKey: new Secret("-----BEGIN PRIVATE KEY-----\n"),
    keyPassphrase: new Secret(" with blanks "),
    tokenSecret: new Secret("aws-secret-half"),
  },
};

const clock = () => new Date("2026-11-22T12:00:00.000Z");

describe("connections in the vault", () => {
  test("every field survives a restart, and no secret opens for a list (C9)", async () => {
    const setup = scratchVault();
    const made = value(await profileStore(await opened(setup), clock).create(full));
    const again = profileStore(await opened(setup));
    const { secrets, ...rest } = full;
    const stored = { password: true, clientKey: true, keyPassphrase: true, tokenSecret: true };
    const dates = { createdAt: clock().toISOString(), updatedAt: clock().toISOString() };
    expect(value(await again.list())).toEqual([{ ...rest, ...dates, id: made.id, rev: 1, stored }]);
    expect(value(await again.find(made.id))).toEqual(made);
    const open = value(await again.open(made.id));
    expect(open).toEqual({ ...rest, ...dates, id: made.id, rev: 1, secrets: expect.anything() });
    for (const name of ["password", "clientKey", "keyPassphrase", "tokenSecret"] as const) {
      expect(open?.secrets[name]?.reveal()).toBe(secrets[name]?.reveal());
    }
    expect(value(await again.find("no-such"))).toBeUndefined();
    expect(value(await again.open("no-such"))).toBeUndefined();
  });

  test("several are made at once, in their order, with their secrets", async () => {
    const profiles = profileStore(await opened(scratchVault()), clock);
    await profiles.create(full);
    const made = value(
      await profiles.createAll([
        { ...full, name: "One" },
        { ...full, name: "Two", secrets: {} },
      ]),
    );
    expect(value(await profiles.list()).map(({ name }) => name)).toEqual(["Shop", "One", "Two"]);
    expect(made.map(({ name, stored }) => [name, stored.password])).toEqual([
      ["One", true],
      ["Two", false],
    ]);
    expect(value(await profiles.open(made[0]?.id ?? ""))?.secrets.password?.reveal()).toBe("pässwörd 🔑");
  });

  test("what has no value has no member either", async () => {
    const profiles = profileStore(await opened(scratchVault()));
    const { networkAddress: _, ...rest } = full;
    const { ca, clientCertificate, crl, ...tls } = full.tls;
    const made = value(await profiles.create({ ...rest, tls, secrets: { password: new Secret("") } }));
    expect(made).not.toHaveProperty("networkAddress");
    expect(Object.keys(made.tls)).toEqual(Object.keys(tls));
    expect(made.stored).toEqual({
      password: false,
      clientKey: false,
      keyPassphrase: false,
      tokenSecret: false,
    });
    expect([ca, clientCertificate, crl]).toEqual([pem, pem, "CRL"]);
  });

  test("secrets are kept, replaced or removed as the form says, and a kept one keeps its box", async () => {
    const setup = scratchVault();
    const profiles = profileStore(await opened(setup));
    const { id } = value(await profiles.create(full));
    const boxes = () => JSON.parse(readFileSync(setup.file, "utf8")).records[0].secrets;
    const before = boxes();
    const draft = { ...full, name: "Renamed", secrets: { password: new Secret("new") } };
    const saved = value(
      await profiles.update(id, 1, draft, { password: "replace", keyPassphrase: "remove" }),
    );
    expect(saved).toMatchObject({ name: "Renamed", rev: 2 });
    const open = value(await profiles.open(id));
    expect(open?.secrets.password?.reveal()).toBe("new");
    expect(open?.secrets.clientKey?.reveal()).toBe(full.secrets.clientKey?.reveal());
    expect(open?.secrets).not.toHaveProperty("keyPassphrase");
    expect(boxes().clientKey).toEqual(before.clientKey);
    expect(boxes().password).not.toEqual(before.password);
    expect(
      problemOf(await profiles.update(id, 2, { ...full, secrets: {} }, { password: "replace" })).code,
    ).toBe("setting-invalid");
  });

  test("an opened key is sealed, keeps its box with its key, and goes with it or with its passphrase", async () => {
    const setup = scratchVault();
    const profiles = profileStore(await opened(setup));
    const openedKey = new Secret("-----BEGIN PRIVATE KEY-----\nopened\n");
    const locked = { ...full, secrets: { ...full.secrets, openedKey } };
    const sealed = (index: number) =>
      JSON.parse(readFileSync(setup.file, "utf8")).records[index].secrets.openedKey;
    const first = value(await profiles.create(locked));
    expect(readFileSync(setup.file, "utf8")).not.toContain("opened\\n");
    const box = sealed(0);
    expect(box).toBeDefined();
    value(await profiles.update(first.id, 1, locked, { password: "keep" }));
    expect(sealed(0)).toEqual(box);
    value(await profiles.update(first.id, 2, full, {}));
    expect(value(await profiles.open(first.id))?.secrets.openedKey?.reveal()).toBe(openedKey.reveal());
    const other = { ...full, secrets: { ...full.secrets, clientKey: new Secret("another") } };
    value(await profiles.update(first.id, 3, other, { clientKey: "replace" }));
    expect(value(await profiles.open(first.id))?.secrets).not.toHaveProperty("openedKey");
    // What was saved before keys were kept open gets it with its next save.
    value(await profiles.update(first.id, 4, { ...locked, name: "Renamed" }, {}));
    expect(value(await profiles.open(first.id))?.secrets.openedKey?.reveal()).toBe(openedKey.reveal());
    value(await profiles.update(first.id, 5, full, { keyPassphrase: "remove" }));
    expect(value(await profiles.open(first.id))?.secrets).not.toHaveProperty("openedKey");
  });

  test("who gave a secret is kept with it, as long as it is kept", async () => {
    const setup = scratchVault();
    const profiles = profileStore(await opened(setup));
    const all = { password: "ada", clientKey: "ada", keyPassphrase: "ada", tokenSecret: "ada" };
    const { id } = value(await profiles.create(full, "ada"));
    expect(value(await profileStore(await opened(setup)).open(id))?.givenBy).toEqual(all);
    const replaced = { ...full, secrets: { password: new Secret("new") } };
    const acts = { password: "replace", keyPassphrase: "remove" } as const;
    expect(value(await profiles.update(id, 1, replaced, acts, "grace")).givenBy).toEqual({
      password: "grace",
      clientKey: "ada",
      tokenSecret: "ada",
    });
    // Whoever changes nothing but the name gives nothing; a giver that is not told is nobody.
    expect(value(await profiles.update(id, 2, full, {}, "eve")).givenBy).toMatchObject({ password: "grace" });
    const anonymous = value(await profiles.update(id, 3, full, { password: "replace" }));
    expect(anonymous.givenBy).toEqual({ clientKey: "ada", tokenSecret: "ada" });
    expect(value(await profiles.duplicate(id))).not.toHaveProperty("givenBy");
    expect(value(await profiles.create(full))).not.toHaveProperty("givenBy");
    const [bare] = value(await profiles.createAll([{ ...full, secrets: {} }], "ada"));
    expect(bare).not.toHaveProperty("givenBy");
    value(await profiles.putBack(value(await profiles.remove(id))));
    expect(value(await profiles.find(id))?.givenBy).toEqual(anonymous.givenBy);
  });

  test("two people edit at once: the second is told, and nothing is overwritten", async () => {
    const setup = scratchVault();
    const [ada, grace] = [profileStore(await opened(setup)), profileStore(await opened(setup))];
    const { id } = value(await ada.create(full));
    const both = await Promise.all([
      ada.update(id, 1, { ...full, name: "Ada's" }, {}),
      grace.update(id, 1, { ...full, name: "Grace's" }, {}),
    ]);
    const [late] = both.filter((result) => !result.ok);
    expect(both.filter((result) => result.ok)).toHaveLength(1);
    expect(late?.ok === false && late.problem).toMatchObject({
      code: "vault-changed-meanwhile",
      facts: { currentRev: 2 },
    });
    expect(value(await ada.find(id))?.rev).toBe(2);
  });

  test("deleting can be undone, secrets and all, once", async () => {
    const setup = scratchVault();
    const profiles = profileStore(await opened(setup));
    const { id } = value(await profiles.create(full));
    const removed = value(await profiles.remove(id));
    expect(value(await profiles.list())).toEqual([]);
    expect(JSON.stringify(removed)).not.toContain("pässwörd");
    expect(problemOf(await profiles.remove(id)).code).toBe("not-found");
    expect(problemOf(await profiles.update(id, 1, full, {})).code).toBe("not-found");
    value(await profiles.putBack(removed));
    expect(value(await profiles.open(id))?.secrets.password?.reveal()).toBe("pässwörd 🔑");
    expect(problemOf(await profiles.putBack(removed)).code).toBe("vault-changed-meanwhile");
  });

  test("what is put back is what was removed, from this vault", async () => {
    const profiles = profileStore(await opened(scratchVault()));
    const removed = value(await profiles.remove(value(await profiles.create(full)).id));
    const other = profileStore(await opened(scratchVault()));
    expect(problemOf(await other.putBack(removed)).code).toBe("not-allowed");
    const doctored = { ...removed, sealed: removed.sealed.replace('"rev":1', '"rev":5') };
    expect(problemOf(await profiles.putBack(doctored)).code).toBe("not-allowed");
    expect(problemOf(await profiles.putBack({ ...removed, kind: "user" })).code).toBe("not-allowed");
  });

  test("a copy has everything but the secrets", async () => {
    const profiles = profileStore(await opened(scratchVault()));
    const made = value(await profiles.create(full));
    const copy = value(await profiles.duplicate(made.id));
    expect(copy).toMatchObject({ name: "Shop copy", host: made.host, tls: made.tls, rev: 1 });
    expect(copy.id).not.toBe(made.id);
    expect(copy.stored).toEqual({
      password: false,
      clientKey: false,
      keyPassphrase: false,
      tokenSecret: false,
    });
    expect(problemOf(await profiles.duplicate("no-such")).code).toBe("not-found");
  });

  test("an import's note stays until it is dismissed; the unread text goes when the connection is fixed", async () => {
    const setup = scratchVault();
    const profiles = profileStore(await opened(setup));
    const imported = { legacyId: "x", differences: ["string-unreadable"], unparsed: "postgres://…" };
    const { id } = value(await profiles.create({ ...full, host: "", imported }));
    const still = value(await profiles.update(id, 1, { ...full, host: "" }, {}));
    expect(still.imported).toEqual(imported);
    const fixed = value(await profiles.update(id, 2, full, {}));
    expect(fixed.imported).toEqual({ legacyId: "x", differences: ["string-unreadable"] });
    expect(value(await profiles.dismissImport(id, 3))).not.toHaveProperty("imported");
  });
});
