import { readEnvironment } from "#lib/env.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { Secret } from "#lib/secret.ts";
import { openWorkspace } from "#lib/workspace.ts";
import { scratchConsole } from "./scratch-console.mjs";

/** What the vault of a measured console holds before it starts. */
export interface Seed {
  /** People besides the owner, who is the first. */
  readonly members?: number;
  readonly connections?: readonly ProfileDraft[];
  /** Lines in the audit log besides those of the people made. */
  readonly auditLines?: number;
  /** Whether everybody signs in after the start; left out, they do. */
  readonly signedIn?: boolean;
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
    env: { CLOAK_DB_ALLOW_LOOPBACK: "1" },
    seed: async (folders: Record<string, string>) => {
      const env = readEnvironment({ ...folders, NODE_ENV: "production", CLOAK_DB_LOG_LEVEL: "silent" });
      if (!env.ok) throw new Error(env.problem.code);
      const opened = await openWorkspace(env.value);
      if (!opened.ok) throw new Error(opened.problem.code);
      const { users, profiles, grants, audit } = opened.value;
      for (const [index, name] of names.entries()) {
        const role = index === 0 ? "owner" : "member";
        const made = await users.create({ name, password: new Secret(password), role });
        if (!made.ok) throw new Error(made.problem.code);
      }
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
  for (const name of seed.signedIn === false ? [] : names) cookies.push(await signIn(server.url, name));
  return { ...server, cookies, ids };
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
