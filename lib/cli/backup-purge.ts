import "server-only";
import { failed, ok } from "#lib/problems/result.ts";
import { profileKind } from "#lib/saved/profile-store.ts";
import type { PurgeChoice } from "#lib/vault/backup-purge.ts";
import type { Workspace } from "#lib/workspace.ts";
import type { Done, Given } from "./backup-given.ts";
import type { Io } from "./io.ts";
import { connectionsNamed, type NamedConnection, severalNamed } from "./named-connections.ts";
import { sayAndFail, sayProblemWithFacts } from "./say-problem.ts";
import { say } from "./words.ts";

/** `cloak-db backup purge`: takes backups away, or the old secrets of a connection out of them. */
export async function purgeBackups({ values, env, open }: Given, io: Io): Done {
  const given = ["secrets-of", "older-than", "all"].filter((option) => values[option] !== undefined);
  if (given.length !== 1) return failed(say("backups.usage.choice"));
  const days = values["older-than"];
  if (typeof days === "string" && !/^(\d{1,3}|[12]\d{3}|3[0-5]\d\d|36[0-4]\d|3650)$/.test(days)) {
    return failed(say("backups.usage.days", { days }));
  }
  const opened = await open();
  if (!opened.ok) return ok(sayProblemWithFacts(opened.problem, io));
  const workspace = opened.value;
  if (workspace === undefined) {
    return ok(sayAndFail(say("cli.noVault", { folder: env.configDir }), io));
  }
  const name = values["secrets-of"];
  const found = typeof name === "string" ? await meant(name, workspace) : [];
  const id = found[0]?.id;
  if (typeof name === "string" && id === undefined) {
    return ok(sayAndFail(say("backups.purge.unknown", { name }), io));
  }
  if (found.length > 1) return ok(sayAndFail(severalNamed(String(name), found), io));
  const choice: PurgeChoice =
    id !== undefined
      ? { what: "secrets", kind: profileKind, id }
      : typeof days === "string"
        ? { what: "older", days: Number(days) }
        : { what: "all" };
  return ok(await carryOut(choice, values["dry-run"] === true, workspace, io));
}

async function carryOut(choice: PurgeChoice, dryRun: boolean, workspace: Workspace, io: Io) {
  const { audit, backups, removedProfiles } = workspace;
  const event = {
    action: "backup-purge",
    ...objectOf(choice),
  } as const;
  const work = () => backups.purge(choice, dryRun);
  const done = await (dryRun ? work() : audit.during({ actor: "command-line" }, event, work));
  if (!done.ok) return sayProblemWithFacts(done.problem, io);
  const { dropped, rewritten, unopened } = done.value;
  for (const { rev } of dropped) {
    io.out(say(`backups.purge.${dryRun ? "wouldDrop" : "dropped"}`, { rev: String(rev) }));
  }
  for (const { of, secrets } of rewritten) {
    const facts = { rev: String(of.rev), secrets: secrets.map((secret) => secret.name).join(", ") };
    io.out(say(`backups.purge.${dryRun ? "wouldRewrite" : "rewritten"}`, facts));
  }
  // What was deleted a moment ago lies ready to be put back, with its secrets.
  if (choice.what === "secrets" && choice.id !== null && !dryRun) {
    const taken = await removedProfiles.take(choice.id);
    if (!taken.ok) return sayProblemWithFacts(taken.problem, io);
    if (taken.value !== undefined) io.out(say("backups.purge.undo"));
  }
  for (const { rev } of unopened) io.err(say("backups.purge.unopened", { rev: String(rev) }));
  if (dropped.length + rewritten.length === 0) io.out(say("backups.purge.none"));
  else if (!dryRun) io.out(say("backups.purge.honest"));
  return unopened.length > 0 ? 1 : 0;
}

function objectOf(choice: PurgeChoice): { readonly object?: string } {
  return choice.what === "secrets" && choice.id !== null ? { object: choice.id } : {};
}

/** The connections that are meant: of those that are there, else of those that a backup has. */
async function meant(wanted: string, { profiles, backups }: Workspace): Promise<readonly NamedConnection[]> {
  const present = await profiles.list();
  const found = present.ok ? connectionsNamed(present.value, wanted) : [];
  if (found.length > 0) return found;
  const damaged = await profiles.damaged();
  if (damaged.ok && damaged.value.some(({ id }) => id === wanted)) return [{ id: wanted, name: "" }];
  const kept = await backups.kept();
  const removed = new Map<string, NamedConnection>();
  for (const revision of kept.ok ? kept.value.revisions : []) {
    const judged = await backups.look(revision);
    if (!judged.ok || judged.value?.state !== "whole") continue;
    const gone = judged.value.differs.find(({ kind }) => kind === profileKind)?.removed ?? [];
    // The newest says how it was called last.
    for (const { id, name } of gone) if (!removed.has(id)) removed.set(id, { id, name: name ?? "" });
  }
  return connectionsNamed([...removed.values()], wanted);
}
