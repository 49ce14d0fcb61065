import { readEnvironment } from "#lib/env.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { Secret } from "#lib/secret.ts";
import { type User, userMeta } from "#lib/team/users.ts";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { openWorkspace } from "#lib/workspace.ts";
import { scratchConsole } from "./scratch-console.mjs";

/** What the vault of a measured console holds before it starts. */
export interface Seed {
  /** People besides the owner, who is the first. */
  readonly members?: number;
  readonly connections?: readonly ProfileDraft[];
  /** Lines in the audit log besides those of the people made. */
  readonly auditLines?: number;
  /** Whether everybody signs in after the start, or the owner alone; left out, they all do. */
  readonly signedIn?: boolean | "owner";
  /** For its process: options of Node, and its environment. */
  readonly node?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface SeededConsole {
  readonly url: string;
  readonly pid: number;
  readonly msToFirstAnswer: number;
  /** Session cookies, the owner's first. */
  readonly cookies: readonly string[];
  /** Ids of the connections, in their order. */
  readonly ids: readonly string[];
  stop(): Promise<void>;
}

const password = "correct horse battery staple 42";

/** The production console on a scratch vault that was filled beforehand, with everybody signed in. */
export async function seededConsole(seed: Seed): Promise<SeededConsole> {
  const names = ["owner", ...Array.from({ length: seed.members ?? 0 }, (_, index) => `member-${index}`)];
  let ids: readonly string[] = [];
  const server = await scratchConsole({
    // Sample servers listen on this machine.
    env: { CLOAK_DB_ALLOW_LOOPBACK: "1", ...seed.env },
    node: seed.node ?? [],
    seed: async (folders: Record<string, string>) => {
      const env = readEnvironment({ ...folders, NODE_ENV: "production", CLOAK_DB_LOG_LEVEL: "silent" });
      if (!env.ok) throw new Error(env.problem.code);
      const opened = await openWorkspace(env.value);
      if (!opened.ok) throw new Error(opened.problem.code);
      const { vault, users, profiles, grants, audit } = opened.value;
      const owner = await users.create({
        name: names[0] ?? "",
        password: new Secret(password),
        role: "owner",
      });
      if (!owner.ok) throw new Error(owner.problem.code);
      await makeMembers(vault, owner.value, names.slice(1));
      const all = await grants.setDefault("write");
      if (!all.ok) throw new Error(all.problem.code);
      const made = await profiles.createAll(seed.connections ?? [], undefined, grants.starting(null));
      if (!made.ok) throw new Error(made.problem.code);
      ids = made.value.map(({ id }) => id);
      const lines = Array.from({ length: seed.auditLines ?? 0 }, (_, index) => index);
      while (lines.length > 0) {
        const batch = lines
          .splice(0, 1000)
          .map((index) =>
            audit.note(
              { actor: null, source: "127.0.0.1" },
              { action: "connection-test", target: `db-${index}.example:5432` },
            ),
          );
        for (const noted of await Promise.all(batch)) if (!noted.ok) throw new Error(noted.problem.code);
      }
    },
  });
  const cookies: string[] = [];
  const signedIn = seed.signedIn === "owner" ? names.slice(0, 1) : seed.signedIn === false ? [] : names;
  for (const name of signedIn) cookies.push(await signIn(server.url, name));
  return { ...server, cookies, ids };
}

/** Members with the owner's own password: to hash each anew would take an hour for ten thousand. */
async function makeMembers(vault: Vault, { id, ...owner }: User, names: readonly string[]): Promise<void> {
  const records = collection(vault, "user", userMeta);
  const opened = await records.open(id);
  const hash = opened.ok ? opened.value?.secrets.password : undefined;
  if (hash === undefined) throw new Error("the owner has no password");
  const { rev: _, ...meta } = owner;
  const made = await records.createAll(
    names.map((name) => ({ meta: { ...meta, name, role: "member" as const }, secrets: { password: hash } })),
  );
  if (!made.ok) throw new Error(made.problem.code);
}

async function signIn(url: string, name: string): Promise<string> {
  const answer = await fetch(`${url}/api/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: url },
    body: JSON.stringify({ name, password }),
  });
  if (!answer.ok) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}
