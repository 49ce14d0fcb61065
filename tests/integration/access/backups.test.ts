import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { newDraft } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import { Secret } from "#lib/secret.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { Workspace } from "#lib/workspace.ts";
import { foundIn } from "#tests/support/canaries.ts";
import { value } from "#tests/support/scratch-vault.ts";

/*
 * Backups in Settings, asked of the handler and the actions themselves, called as Next would call them. Only what Next
 * would hand to them is stood in for.
 */

const folder = mkdtempSync(join(tmpdir(), "cloak-backups-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";

let sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({ getTranslations: async () => (key: string) => key }));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));

const here = "127.0.0.1:3000";
const password = "plum-tractor-oboe-9";
const oldSecret = "canary-of-the-old-secret";
const newSecret = "canary-of-the-new-secret";

let kept: Workspace;
const cookies: Record<string, string> = {};

beforeAll(async () => {
  const { workspace } = await import("#app/_server/workspace.ts");
  kept = value(await workspace());
  for (const [name, role] of [
    ["olive", "owner"],
    ["mo", "member"],
  ] as const) {
    value(await kept.users.create({ name, password: new Secret(password), role }));
  }
  const draft = { ...newDraft(), name: "Shop", host: "db.test", user: "app" };
  const { id } = value(
    await kept.profiles.create({ ...draft, secrets: { password: new Secret(oldSecret) } }),
  );
  const changed = { ...draft, secrets: { password: new Secret(newSecret) } };
  value(await kept.profiles.update(id, 1, changed, { password: "replace" }));
});

beforeEach(async () => {
  for (const name of ["olive", "mo"]) {
    const user = value(await kept.users.findByName(name));
    if (user === undefined) throw new Error(name);
    const begun = value(await kept.sessions.start(user.id, "test", user.sessionsFrom));
    cookies[name] = `cloak_sid_3000=${begun.cookie.reveal()}`;
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function as(person: "olive" | "mo" | "nobody") {
  sent = new Headers({ host: here, origin: `http://${here}`, cookie: cookies[person] ?? "" });
  const { GET } = await import("../../../app/api/backup/route.ts");
  return {
    ...(await import("#app/(console)/settings/security/backup-actions.ts")),
    download: () => GET(new Request(`http://${here}/api/backup`, { headers: sent })),
  };
}

/** Saves the connection with another password, or as it is. */
async function save(person: "olive" | "mo", change: (values: FormValues) => object) {
  await as(person);
  const [saved] = value(await kept.profiles.list());
  const open = saved && value(await kept.profiles.open(saved.id));
  if (open === undefined) throw new Error("no connection");
  const { saveConnection } = await import("#app/(console)/connections/actions.ts");
  const answer = await saveConnection(
    { ...formValues(open), ...change(formValues(open)) },
    { id: open.id, rev: open.rev },
  );
  if (answer.type !== "saved") throw new Error(JSON.stringify(answer));
  return answer.oldSecret;
}

const present = async () => value(await kept.vault.read()).document.rev;
const revision = async (rev: number) => {
  const found = value(await kept.backups.kept()).revisions.find((one) => one.rev === rev);
  if (found === undefined) throw new Error(`no revision ${rev}`);
  return found;
};
const codeOf = (answer: { ok: true } | { ok: false; explained: { problem: { code: string } } }) =>
  answer.ok ? "done" : answer.explained.problem.code;

describe("a download", () => {
  test("is the sealed vault as it is, for owners, and stands in the log", async () => {
    const answer = await (await as("olive")).download();
    const text = await answer.text();
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store, no-transform"]);
    expect(answer.headers.get("content-disposition")).toMatch(
      /^attachment; filename="cloak-db\.\d+\.[\d-]+\.backup\.json"$/,
    );
    expect(foundIn([{ from: "download", body: text }], [oldSecret, newSecret, "Shop", "olive"])).toEqual([]);
    const judged = value(await kept.backups.judge(text, true));
    expect(judged).toMatchObject({ state: "whole", rev: await present(), differs: [] });
    expect(value(await kept.audit.newest(1)).entries[0]).toMatchObject({ action: "backup-create" });
  });

  test("is for nobody else", async () => {
    expect((await (await as("mo")).download()).status).toBe(403);
    expect((await (await as("nobody")).download()).status).toBe(401);
  });
});

test("a save that replaces a secret says to owners that backups still hold the old one", async () => {
  value(await kept.grants.setDefault("manage"));
  const another = (password: string) => (values: FormValues) => ({
    password,
    secretActs: { ...values.secretActs, password: "replace" },
  });
  expect(await save("olive", () => ({ name: "Shop" }))).toBeUndefined();
  expect(await save("olive", another("canary-of-another-secret"))).toEqual({
    text: "stillHeld",
    label: "toBackups",
  });
  // Who may not take it out of them is not told.
  expect(await save("mo", another("canary-of-one-more-secret"))).toBeUndefined();
});

describe("what is done with backups", () => {
  test("is for owners who say their password", async () => {
    const base = await present();
    const { place } = await revision(4);
    for (const [who, given, code] of [
      ["mo", password, "not-allowed"],
      ["nobody", password, "not-signed-in"],
      ["olive", "wrong", "not-allowed"],
    ] as const) {
      const doors = await as(who);
      expect([who, codeOf(await doors.restoreBackup({ place, base, password: given }))]).toEqual([who, code]);
      expect([who, codeOf(await doors.purgeBackups({ what: "all", password: given }))]).toEqual([who, code]);
    }
    expect(codeOf(await (await as("mo")).verifyBackups())).toBe("not-allowed");
    expect(await present()).toBe(base);
    expect(value(await kept.backups.kept()).revisions.length).toBeGreaterThan(0);
  });

  test("is asked for as the list has it", async () => {
    const doors = await as("olive");
    for (const odd of [{}, { place: "/etc/passwd" }, { place: 1, base: 1, password }, null]) {
      expect(codeOf(await doors.restoreBackup(odd))).toBe("setting-invalid");
    }
    const elsewhere = { place: "/etc/passwd", base: await present(), password };
    expect(codeOf(await doors.restoreBackup(elsewhere))).toBe("not-found");
    const { place } = await revision(4);
    // Somebody saved since the differences were shown.
    expect(codeOf(await doors.restoreBackup({ place, base: 1, password }))).toBe("vault-changed-meanwhile");
  });

  test("verified, restored, and rid of an old secret", async () => {
    const [shop] = value(await kept.profiles.list());
    const id = shop?.id ?? "";
    expect(await (await as("olive")).verifyBackups()).toEqual({ ok: true, value: { whole: 8, broken: 0 } });

    const purged = await (await as("olive")).purgeBackups({ what: "secrets", password });
    expect(purged).toEqual({ ok: true, value: { changed: 5 } });
    expect(await (await as("olive")).verifyBackups()).toEqual({ ok: true, value: { whole: 8, broken: 0 } });

    const base = await present();
    const { place } = await revision(4);
    expect(codeOf(await (await as("olive")).restoreBackup({ place, base, password }))).toBe("done");
    expect(value(await kept.profiles.open(id))?.secrets.password).toBeUndefined();
    // Whoever restored is signed out with everybody else.
    expect(codeOf(await (await as("olive")).verifyBackups())).toBe("not-signed-in");
    const lines = value(await kept.audit.newest(10)).entries.filter(({ action }) =>
      action.startsWith("backup"),
    );
    expect(lines.map(({ action, object, result }) => [action, object, result])).toContainEqual([
      "backup-restore",
      "4",
      "allowed",
    ]);
  });

  test("a connection that a restore moves is told of to everybody else", async () => {
    const [shop] = value(await kept.profiles.list());
    const id = shop?.id ?? "";
    const before = await present();
    await save("olive", () => ({ host: "db.elsewhere.test" }));
    const mo = value(await kept.users.findByName("mo"))?.id ?? "";
    const untold = async (rev: number | undefined) =>
      (await kept.moves.untold(id, mo, rev ?? 0)).flatMap(({ changes }) => changes);
    const moved = value(await kept.profiles.find(id));
    value(await kept.moves.see(id, mo, moved?.rev ?? 0));
    expect(await untold(moved?.rev)).toEqual([]);

    const { place } = await revision(before);
    const doors = await as("olive");
    expect(codeOf(await doors.restoreBackup({ place, base: await present(), password }))).toBe("done");
    const back = value(await kept.profiles.find(id));
    expect(back?.host).toBe("db.test");
    expect(await untold(back?.rev)).toContainEqual({
      field: "host",
      from: "db.elsewhere.test",
      to: "db.test",
    });
    const olive = value(await kept.users.findByName("olive"))?.id ?? "";
    expect(await kept.moves.untold(id, olive, back?.rev ?? 0)).toEqual([]);
  });
});
