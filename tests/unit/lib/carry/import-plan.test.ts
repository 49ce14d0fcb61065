import { createCipheriv, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type ImportPlan, type Meeting, planImport } from "#lib/carry/import-plan.ts";
import { type CarriedFile, readCarried } from "#lib/carry/read-carried.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { storedSecrets } from "#lib/profiles/stored-secrets.ts";
import { noGivenRoots } from "#lib/providers/roots-kind.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const shop = { name: "Shop", host: "db.example.test", user: "app", database: "shop" };

describe("what an import would do", () => {
  test("one that is not there is new", async () => {
    const plan = await planOf(ours([shop]));
    expect(plan.entries).toMatchObject([
      {
        name: "Shop",
        outcome: "new",
        act: "create",
        place: "app@db.example.test:5432/shop",
        mode: "verify-full",
        isWeak: false,
      },
    ]);
    expect(plan.create).toHaveLength(1);
  });

  test("one that is there already is the same, and left", async () => {
    const plan = await planOf(ours([shop]), { existing: [await kept(shop)] });
    expect(plan.entries).toMatchObject([{ outcome: "same", act: "skip", choices: [] }]);
    expect(plan.create).toEqual([]);
  });

  test.each(["skip", "rename", "replace"] as const)(
    "one that is there with other settings: %s",
    async (onConflict) => {
      const there = await kept({ ...shop, port: "6432" });
      const plan = await planOf(ours([shop]), { existing: [there], onConflict });
      expect(plan.entries[0]).toMatchObject({
        outcome: "conflict",
        name: onConflict === "rename" ? "Shop (2)" : "Shop",
        act: { skip: "skip", rename: "create", replace: "replace" }[onConflict],
        changes: [{ field: "port", from: "6432", to: "5432" }],
        choices: ["skip", "rename", "replace"],
      });
      expect([plan.create.length, plan.over.length]).toEqual(
        { skip: [0, 0], rename: [1, 0], replace: [0, 1] }[onConflict],
      );
    },
  );

  test("a choice for one outweighs the one for all", async () => {
    const [one, two] = [await kept({ ...shop, port: "1" }), await kept({ ...shop, name: "Two", port: "1" })];
    const plan = await planOf(ours([shop, { ...shop, name: "Two" }]), {
      existing: [one, two],
      onConflict: "replace",
      choices: new Map([[1, "skip"]]),
    });
    expect(plan.entries.map(({ act }) => act)).toEqual(["replace", "skip"]);
  });

  test("secrets are never compared: with some in the file, one of the same settings is a conflict", async () => {
    const there = await kept({ ...shop, password: "p" });
    for (const password of ["p", "q"]) {
      const plan = await planOf(ours([shop], { password }), { existing: [there] });
      expect(plan.entries).toMatchObject([
        { outcome: "conflict", changes: [], secrets: ["password"], act: "skip" },
      ]);
    }
  });

  test("what they may not manage is not replaced", async () => {
    const there = await kept({ ...shop, port: "1" });
    const plan = await planOf(ours([shop]), {
      existing: [there],
      onConflict: "replace",
      mayReplace: () => false,
    });
    expect(plan.entries).toMatchObject([{ act: "skip", choices: ["skip", "rename"] }]);
    expect(plan.over).toEqual([]);
  });

  test("a stored secret is not led elsewhere by a file that does not hold it", async () => {
    const there = await kept({ ...shop, host: "other.example.test", password: "p" });
    const plan = await planOf(ours([shop]), { existing: [there], onConflict: "replace" });
    expect(plan.entries).toMatchObject([
      { act: "skip", problems: { fields: { password: { facts: { reason: "secret-again" } } } } },
    ]);
    const withOwn = await planOf(ours([shop], { password: "q" }), {
      existing: [there],
      onConflict: "replace",
    });
    expect(withOwn.over).toMatchObject([{ acts: { password: "replace" } }]);
  });

  test("the host's own cloud credentials are used by who may use them", async () => {
    const rds = { ...shop, signIn: "rds-token", tokenRegion: "eu-west-1" };
    const refused = await planOf(ours([rds]), { mayLeadHost: () => "give" });
    expect(refused.entries).toMatchObject([
      {
        outcome: "refused",
        problems: { fields: { tokenCredentials: { facts: { reason: "token-credentials-of-host" } } } },
      },
    ]);
    expect((await planOf(ours([rds]))).entries).toMatchObject([{ outcome: "new" }]);
  });

  test("two of one name in the file: the second is a conflict, or gets a number", async () => {
    const file = ours([shop, { ...shop, port: "6432" }]);
    expect((await planOf(file)).entries.map(({ act }) => act)).toEqual(["create", "skip"]);
    const renamed = await planOf(file, { onConflict: "rename" });
    expect(renamed.entries.map(({ name }) => name)).toEqual(["Shop", "Shop (2)"]);
  });

  test("one is replaced once, however often the file has it", async () => {
    const there = await kept({ ...shop, port: "1" });
    const plan = await planOf(ours([shop, { ...shop, port: "2" }]), {
      existing: [there],
      onConflict: "replace",
    });
    expect(plan.over).toHaveLength(1);
  });

  test("groups and tags are told where they differ", async () => {
    const file = ours([shop], {}, { group: "Shops", tags: ["eu"] });
    const there = await kept(shop);
    const other = await planOf(file, { existing: [there] });
    expect(other.entries[0]?.changes).toEqual([
      { field: "group", from: "", to: "Shops" },
      { field: "tags", from: "", to: "eu" },
    ]);
    const labels = new Map([[there.id, { group: "Shops", tags: ["eu"] }]]);
    expect((await planOf(file, { existing: [there], labels })).entries).toMatchObject([{ outcome: "same" }]);
  });

  test("a client certificate that ran out keeps no connection from being moved", async () => {
    const client = await makeCertificate({
      commonNames: ["app"],
      notBefore: new Date("2019-01-01"),
      notAfter: new Date("2020-01-01"),
    });
    const plan = await planOf(
      ours([{ ...shop, clientCertificate: client.pem }], { clientKey: client.keyPem }),
    );
    expect(plan.entries).toMatchObject([{ outcome: "new" }]);
  });

  test("a weak mode is kept, and marked", async () => {
    const plan = await planOf(ours([{ ...shop, mode: "require" }]));
    expect(plan.entries).toMatchObject([{ mode: "require", isWeak: true, outcome: "new" }]);
    expect(plan.create[0]?.draft.tls.mode).toBe("require");
  });

  test.each(["../../etc/passwd", "C:\\\\con", "<b>Shop</b>", "a; rm -rf /", "__proto__", "constructor"])(
    "a name is a name and nothing else: %s",
    async (name) => {
      const plan = await planOf(ours([{ ...shop, name }]));
      expect(plan.entries).toMatchObject([{ name, outcome: "new" }]);
      expect(plan.create[0]?.draft.name).toBe(name);
    },
  );

  test.each<[string, object, string]>([
    ["no host", { host: "" }, "host"],
    ["a port out of range", { port: "70000" }, "port"],
    ["a mode of another program", { mode: "no-verify" }, "mode"],
    ["a switch that is a text", { ssl: "yes" }, "ssl"],
    ["a name that turns the line round", { name: "a\u202Eb" }, "name"],
  ])("what cannot be one is refused with its reason: %s", async (_, change, field) => {
    const plan = await planOf(
      ours([
        { ...shop, ...change },
        { ...shop, name: "Fine" },
      ]),
    );
    expect(plan.entries[0]).toMatchObject({ outcome: "refused", act: "skip" });
    expect(Object.keys(plan.entries[0]?.problems?.fields ?? {})).toContain(field);
    expect(plan.entries[1]).toMatchObject({ outcome: "new" });
  });
});

const pgAdmin = JSON.stringify({
  Servers: {
    1: {
      Name: "Shop",
      Group: "Servers",
      Host: "db.example.test",
      Port: 6432,
      MaintenanceDB: "shop",
      Username: "app",
      ConnectionParameters: {
        sslmode: "require",
        passfile: "/home/anna/.pgpass",
        sslrootcert: "../../etc/root.crt",
        connect_timeout: 10,
      },
    },
  },
});
const dbeaver = JSON.stringify({
  connections: {
    "postgres-jdbc-1": {
      provider: "postgresql",
      name: "Shop",
      configuration: { host: "db.example.test", port: "5432", database: "shop" },
    },
    "mysql-1": { provider: "mysql", name: "My", configuration: { host: "my.example.test" } },
  },
});
const version1 = JSON.stringify({
  version: 1,
  connections: [
    { id: "a", name: "Shop", connectionString: "postgres://app:p@db.example.test/shop?sslmode=verify-full" },
    { id: "b", name: "Lost", connectionString: "nonsense://" },
  ],
});

describe("the files of others", () => {
  test("pgAdmin's list: what lies in files of another machine is named and not read, and nothing is checked less", async () => {
    const plan = await planOf(pgAdmin);
    expect(plan.entries).toMatchObject([
      { name: "Shop", outcome: "new", mode: "verify-full", place: "app@db.example.test:6432/shop" },
    ]);
    const notes = Object.fromEntries(plan.entries[0]?.notes.map(({ id, list }) => [id, list]) ?? []);
    expect(notes["file-not-read"]).toContain("passfile=");
    expect(notes["file-not-read"]).toContain("sslrootcert=../../etc/root.crt");
    expect(notes).toHaveProperty("ca-not-read");
    expect(plan.create[0]?.draft.tls).toMatchObject({ mode: "verify-full", trust: "system" });
  });

  test("DBeaver's list has no users; one is given for all, or its credentials are", async () => {
    expect((await planOf(dbeaver)).entries).toMatchObject([
      { outcome: "refused", problems: { fields: { user: { facts: { reason: "user-required" } } } } },
    ]);
    expect((await planOf(dbeaver, {}, { user: "app" })).entries).toMatchObject([
      { outcome: "new", secrets: [] },
    ]);
    const credentials = dbeaverCredentials({
      "postgres-jdbc-1": { "#connection": { user: "app", password: "p4ss" } },
    });
    const plan = await planOf(dbeaver, {}, { credentials });
    expect(plan.entries).toMatchObject([
      { outcome: "new", secrets: ["password"], place: "app@db.example.test:5432/shop" },
    ]);
    expect(plan.create[0]?.draft.secrets.password?.reveal()).toBe("p4ss");
  });

  test.each([
    ["cut off", dbeaverCredentials({}).subarray(0, 20)],
    ["of nothing", Buffer.alloc(0)],
  ])("credentials that are %s change nothing", async (_, credentials) => {
    expect((await planOf(dbeaver, {}, { credentials, user: "app" })).entries).toMatchObject([
      { secrets: [] },
    ]);
  });

  test("Cloak DB 0.3's file: as the vault takes it over, less what could not be read", async () => {
    const plan = await planOf(version1);
    expect(plan.entries).toMatchObject([
      { name: "Shop", outcome: "new", secrets: ["password"] },
      { name: "Lost", outcome: "refused", problem: { code: "string-unknown-form" } },
    ]);
    expect(plan.create[0]?.draft.imported?.legacyId).toBe("a");
  });

  test.each([
    [
      "strings a line",
      "postgres://a:x@one.example.test/d\npostgres://b@two.example.test/d?sslmode=disable",
      ["one.example.test", "two.example.test"],
    ],
    ["a service file", "[shop]\nhost=one.example.test\nuser=a\n", ["shop"]],
    ["a password file", "one.example.test:5432:d:a:x\n", ["a@one.example.test"]],
    ["an environment", "DATABASE_URL=postgres://a:x@one.example.test/d\n", ["DATABASE_URL"]],
  ])("%s", async (_, text, names) => {
    const plan = await planOf(text);
    expect(plan.entries.map(({ name, outcome }) => [name, outcome])).toEqual(
      names.map((name) => [name, "new"]),
    );
  });

  test("strings without names are known by where they go", async () => {
    const text = "postgres://app@db.example.test/shop\npostgres://app@db.example.test/other";
    const there = await kept({ ...shop, name: "Something else" });
    const plan = await planOf(text, { existing: [there] });
    expect(plan.entries).toMatchObject([{ outcome: "same" }, { outcome: "new", name: "db.example.test" }]);
  });

  test("no secret is in what a person is shown", async () => {
    const text = ours([shop], { password: "canary-91" });
    const plan = await planOf(text, {
      existing: [await kept({ ...shop, password: "canary-92" })],
      onConflict: "replace",
    });
    expect(JSON.stringify(plan.entries)).not.toMatch(/canary/);
  });
});

function ours(connections: readonly object[], secrets: object = {}, more: object = {}): string {
  return JSON.stringify({
    format: "cloak-connections",
    version: 1,
    connections: connections.map(({ name, ...settings }: { name?: string }) => ({
      name,
      settings,
      ...more,
      secrets,
    })),
  });
}

/** As DBeaver writes them: AES-128-CBC by the key that its source has, the IV in front. */
function dbeaverCredentials(content: object): Buffer {
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-128-cbc", Buffer.from("babb4a9f774ab853c96c2d653dfe544a", "hex"), iv);
  return Buffer.concat([iv, cipher.update(JSON.stringify(content)), cipher.final()]);
}

const opened = new Map<string, ConnectionProfile>();

/** One that is saved. */
async function kept(change: Partial<FormValues>) {
  const parsed = await parseProfileForm({ ...newFormValues, ...change });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  const at = "2026-11-01T00:00:00Z";
  const profile = { ...parsed.value, id: `id-${opened.size}`, rev: 3, createdAt: at, updatedAt: at };
  opened.set(profile.id, profile);
  return { ...profile, stored: storedSecrets(profile) };
}

async function planOf(
  text: string,
  more: Partial<Meeting> = {},
  file: Partial<CarriedFile> = {},
): Promise<ImportPlan> {
  const read = await readCarried({ bytes: Buffer.from(text), keys: {}, roots: noGivenRoots, ...file });
  if (!read.ok) throw new Error(JSON.stringify(read.problem));
  const plan = await planImport(read.value.entries, {
    existing: [],
    labels: new Map(),
    mayReplace: () => true,
    open: async (id) => ({ ok: true, value: opened.get(id) }),
    roots: noGivenRoots,
    mayLead: () => "give",
    mayLeadHost: () => "lead",
    onConflict: "skip",
    ...more,
  });
  if (!plan.ok) throw new Error(plan.problem.code);
  return plan.value;
}
