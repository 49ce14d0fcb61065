import { getFormatter, getTranslations } from "next-intl/server";
import { workspace } from "#app/_server/workspace.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { randomIdForm } from "#lib/random-id.ts";
import type { AuditEntry } from "#lib/team/audit.ts";
import type { ChainReport } from "#lib/team/chain-watch.ts";
import { visibleEntry } from "#lib/team/visible-entry.ts";
import type { Workspace } from "#lib/workspace.ts";
import { SoftLink } from "../soft-link.tsx";

const linesPerPage = 25;

/** Who did what, the newest first, and whether the log is as it was written; shown to owners. */
export async function AuditSection({ before }: { readonly before: number | undefined }) {
  const t = await getTranslations("audit");
  const opened = await workspace();
  if (!opened.ok) return null;
  const { audit } = opened.value;
  const [page, chain] = await Promise.all([audit.newest(linesPerPage, before), audit.chain()]);
  const { entries, older } = page.ok ? page.value : { entries: [], older: null };
  const names = await namesOf(opened.value, entries);
  return (
    <Card title={t("title")} lead={t("intro")}>
      <ChainNote chain={chain} />
      {page.ok && entries.length === 0 ? <p className="text-muted">{t("empty")}</p> : null}
      {entries.length === 0 ? null : <Lines entries={entries} names={names} />}
      {before === undefined && older === null ? null : (
        <nav aria-label={t("pages")} className="flex gap-2">
          {before === undefined ? null : (
            <SoftLink href="/settings/audit" className={buttonClasses({ size: "sm" })}>
              {t("newest")}
            </SoftLink>
          )}
          {older === null ? null : (
            <SoftLink href={`/settings/audit?before=${older}`} className={buttonClasses({ size: "sm" })}>
              {t("older")}
            </SoftLink>
          )}
        </nav>
      )}
    </Card>
  );
}

/** What the last check found, and when: it runs behind the page, which never waits for it. */
async function ChainNote({ chain: { last, running } }: { readonly chain: ChainReport }) {
  const t = await getTranslations("audit.chain");
  const format = await getFormatter();
  if (last === undefined) return <p className="text-[0.8125rem] text-muted">{t("checking")}</p>;
  const { found } = last;
  const when = format.dateTime(new Date(last.at), { dateStyle: "medium", timeStyle: "medium" });
  const checked = `${t("checked", { when })}${running ? ` ${t("again")}` : ""}`;
  if (!found.ok) return <Alert tone="danger" title={t("unreadable", { code: found.problem.code })} />;
  const { value } = found;
  if (value.state === "whole") {
    return (
      <p className="text-[0.8125rem] text-muted">
        {t("whole", { count: value.entries })} {checked}
      </p>
    );
  }
  return (
    <Alert
      tone="danger"
      title={
        value.state === "shortened"
          ? t("shortened", { entries: value.entries, known: value.known })
          : t(value.state === "broken" ? "broken" : "partMissing", { line: value.line, part: value.part })
      }
    >
      <p className="text-[0.8125rem]">
        {t("meaning")} {checked}
      </p>
    </Alert>
  );
}

async function Lines({
  entries,
  names,
}: {
  readonly entries: readonly AuditEntry[];
  readonly names: ReadonlyMap<string, string>;
}) {
  const t = await getTranslations("audit");
  const problems = await getTranslations("problems");
  const format = await getFormatter();
  const resultOf = (result: string) =>
    problems.has(`${result}.title` as never)
      ? problems(`${result}.title` as never, { reason: "other" } as never)
      : result;
  return (
    <ol className="divide-y divide-line text-[0.8125rem]">
      {entries.map(visibleEntry).map((entry) => {
        const about = [entry.object === null ? "" : (names.get(entry.object) ?? entry.object), entry.target];
        const what = about.filter((text) => text !== null && text !== "").join(" · ");
        return (
          <li key={entry.seq} className="grid gap-x-4 gap-y-0.5 py-2 sm:grid-cols-[12rem_8rem_minmax(0,1fr)]">
            <span className="text-muted tabular-nums">
              {format.dateTime(new Date(entry.at), { dateStyle: "medium", timeStyle: "medium" })}
            </span>
            <span className="truncate font-medium">{whoIs(entry, names, t)}</span>
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                {t(`actions.${entry.action}`)}
                {entry.result === "allowed" ? null : (
                  <Badge tone="warn" wraps>
                    {resultOf(entry.result)}
                  </Badge>
                )}
                {entry.times === undefined ? null : <Badge>{t("times", { count: entry.times })}</Badge>}
              </p>
              {what === "" ? null : <p className="break-words text-muted">{what}</p>}
              {entry.changes === undefined ? null : (
                <ul className="break-words text-muted">
                  {entry.changes.map(({ field, from, to }) => (
                    <li key={field}>{t("change", { field, from: from || "–", to: to || "–" })}</li>
                  ))}
                </ul>
              )}
              <p className="text-muted">
                {[
                  entry.reason === undefined ? "" : t("reason", { reason: entry.reason }),
                  entry.secrets === undefined ? "" : t("secrets", { names: entry.secrets.join(", ") }),
                  entry.source === null ? "" : t("source", { address: entry.source }),
                  entry.session === null ? "" : t("session", { hash: entry.session }),
                ]
                  .filter((text) => text !== "")
                  .join(" · ")}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function whoIs(
  { actor }: AuditEntry,
  names: ReadonlyMap<string, string>,
  t: Awaited<ReturnType<typeof getTranslations<"audit">>>,
): string {
  if (actor === null) return t("stranger");
  return actor === "command-line" ? t("commandLine") : (names.get(actor) ?? actor);
}

/** The log holds ids; the names are those of now, looked up for the lines that are shown. */
async function namesOf(
  { users, profiles }: Workspace,
  entries: readonly AuditEntry[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(entries.flatMap(({ actor, object }) => [actor, object]));
  const named = await Promise.all(
    [...ids].map(async (id) => {
      if (id === null || !randomIdForm.test(id)) return undefined;
      const user = await users.find(id);
      if (user.ok && user.value !== undefined) return [id, user.value.name] as const;
      const profile = await profiles.find(id);
      return profile.ok && profile.value !== undefined ? ([id, profile.value.name] as const) : undefined;
    }),
  );
  return new Map(named.filter((one) => one !== undefined));
}
