import { getFormatter, getTranslations } from "next-intl/server";
import { workspace } from "#app/_server/workspace.ts";
import { Alert } from "#components/ui/alert.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import type { Translate } from "#lib/problems/words.ts";
import { profileKind } from "#lib/saved/profile-store.ts";
import { usualBackupDays } from "#lib/stores/file/backups.ts";
import { differenceWords } from "#lib/vault/difference-words.ts";
import { isTextStore } from "#lib/vault/store.ts";
import { visibly } from "#lib/visible-text.ts";
import type { Workspace } from "#lib/workspace.ts";
import { LateBackupTools } from "./late-backup-tools.tsx";
import type { ShownBackup } from "./shown-backup.ts";

/** The backups that the store keeps, what differs from each by name, and what can be done with them. For owners. */
export async function BackupsCard() {
  const t = await getTranslations("backups.card");
  const opened = await workspace();
  if (!opened.ok) return null;
  const { env, store, backups } = opened.value;
  const kept = await backups.kept();
  const old = kept.ok ? await oldSecrets(opened.value) : [];
  const download = (
    <a href="/api/backup" download className={buttonClasses({ size: "sm" })}>
      {t("create")}
    </a>
  );
  return (
    <Card title={t("list")} lead={t("lead", { days: env.backupDays ?? usualBackupDays })} aside={download}>
      <p className="max-w-prose text-muted text-[0.8125rem]">{t("createHint")}</p>
      {!kept.ok ? (
        <Alert tone="danger" role="note" problem={kept.problem.code} title={t("lost")} />
      ) : !isTextStore(store) ? (
        <p>{t("elsewhere")}</p>
      ) : kept.value.revisions.length === 0 ? (
        <p>{t("empty")}</p>
      ) : (
        <LateBackupTools base={kept.value.rev} backups={await shown(opened.value)} oldSecretsOf={old} />
      )}
    </Card>
  );
}

async function shown({ backups }: Workspace): Promise<readonly ShownBackup[]> {
  const words = await getTranslations();
  const format = await getFormatter();
  const say: Translate = (key, facts) => words(key as never, facts as never);
  const kept = await backups.kept();
  const found: ShownBackup[] = [];
  const now = new Date();
  for (const revision of kept.ok ? kept.value.revisions : []) {
    const { place, rev, bytes, savedAt } = revision;
    const judged = await backups.look(revision);
    const state = judged.ok ? judged.value : undefined;
    const saved = new Date(savedAt);
    found.push({
      place,
      rev,
      saved: format.dateTime(saved, { dateStyle: "medium", timeStyle: "short" }),
      age: format.relativeTime(saved, now),
      size: format.number(bytes / 1000, { style: "unit", unit: "kilobyte", maximumFractionDigits: 1 }),
      wrong: state?.state === "whole" ? null : stateWords(state, say),
      since: state?.state === "whole" ? orNothing(differenceWords(state.differs, say, "since", 6), say) : [],
      restores: state?.state === "whole" ? differenceWords(state.differs, say, "restore") : [],
    });
  }
  return found;
}

function orNothing(lines: readonly string[], say: Translate): readonly string[] {
  return lines.length === 0 ? [say("backups.since.none")] : lines;
}

/** What is wrong with a backup that does not open, in a word. */
function stateWords(found: { readonly state: string } | undefined, say: Translate): string {
  if (found === undefined) return say("backups.states.gone");
  const { part = "", version = "", storeId = "" } = { ...found } as Readonly<Record<string, unknown>>;
  const facts = { part: String(part), version: String(version), storeId: String(storeId) };
  return say(`backups.states.${found.state}`, facts);
}

/** The connections of which backups hold secrets that are no longer in use, by name. */
async function oldSecrets({ backups, profiles }: Workspace): Promise<readonly string[]> {
  const tried = await backups.purge({ what: "secrets", kind: profileKind, id: null }, true);
  if (!tried.ok) return [];
  const ids = new Set(tried.value.rewritten.flatMap(({ secrets }) => secrets.map(({ id }) => id)));
  if (ids.size === 0) return [];
  const listed = await profiles.list();
  const names = new Map(listed.ok ? listed.value.map(({ id, name }) => [id, name]) : []);
  for (const { of } of tried.value.rewritten) {
    const judged = await backups.look(of);
    if (!judged.ok || judged.value?.state !== "whole") continue;
    for (const { kind, removed } of judged.value.differs) {
      if (kind === profileKind) for (const { id, name } of removed) names.set(id, name ?? id);
    }
  }
  return [...ids].map((id) => visibly(names.get(id) ?? id)).sort((a, b) => a.localeCompare(b));
}
