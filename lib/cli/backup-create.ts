import "server-only";
import { resolve } from "node:path";
import { ok } from "#lib/problems/result.ts";
import { writeCopyFile } from "#lib/stores/file/copy-file.ts";
import { backupName } from "#lib/vault/backup-name.ts";
import type { Done, Given } from "./backup-given.ts";
import type { Io } from "./io.ts";
import { sayAndFail, sayProblemWithFacts } from "./say-problem.ts";
import { say } from "./words.ts";

/** `cloak-db backup create`: the vault as it is in one sealed file, that must not exist yet. */
export async function createBackup({ values, env, open }: Given, io: Io): Done {
  const opened = await open();
  if (!opened.ok) return ok(sayProblemWithFacts(opened.problem, io));
  if (opened.value === undefined) {
    return ok(sayAndFail(say("cli.noVault", { folder: env.configDir }), io));
  }
  const { audit, backups } = opened.value;
  const made = await backups.create();
  if (!made.ok) return ok(sayProblemWithFacts(made.problem, io));
  const { text, rev } = made.value;
  const file = resolve(typeof values.to === "string" ? values.to : backupName(rev, new Date()));
  const event = { action: "backup-create", object: String(rev) } as const;
  const written = await audit.during({ actor: "command-line" }, event, () => writeCopyFile(file, text));
  if (written.ok) {
    io.out(say("backups.created", { rev: String(rev), file }));
    io.out(say("backups.leftOut"));
    return ok(0);
  }
  const { code, facts } = written.problem;
  if (code !== "vault-write-failed" || facts.path !== file)
    return ok(sayProblemWithFacts(written.problem, io));
  const sentence =
    facts.error === "EEXIST"
      ? say("backups.exists", { file })
      : say("backups.unwritable", { file, reason: String(facts.error) });
  return ok(sayAndFail(sentence, io));
}
