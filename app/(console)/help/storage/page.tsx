import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { HelpTabs } from "../help-tabs.tsx";
import { linkTo, Part } from "../prose.tsx";
import { codeTag } from "../providers/[id]/code-tag.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("help"))("storage.title") };
}

const files = [
  ["config", "config.json", "yes"],
  ["backups", "backups/config.….json", "yes"],
  ["sessions", "sessions.json", "yes"],
  ["lastSeen", "last-seen.json", "yes"],
  ["removed", "removed.json", "yes"],
  ["notebook", "notebook/….jsonl", "yes"],
  ["audit", "audit.….jsonl", "no"],
  ["key", "vault.key", "itself"],
] as const;

/** Which file holds what, what opens it, and what is kept nowhere. */
export default async function StoragePage() {
  await pageActor("connections:read");
  const t = await getTranslations("help.storage");
  return (
    <>
      <HelpTabs here={t("title")} />
      <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mt-1 mb-6 max-w-[70ch] text-muted">{t("lead")}</p>
      <div className="flex flex-col gap-7">
        <section>
          <h2 className="mb-2 text-lg font-semibold">{t("table")}</h2>
          <table className="block w-full max-w-4xl text-left sm:table">
            <thead className="hidden sm:table-header-group">
              <tr>
                {(["file", "holds", "sealed"] as const).map((column) => (
                  <th key={column} scope="col" className="pr-6 pb-2 font-medium text-[0.8125rem] text-muted">
                    {t(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="block sm:table-row-group">
              {files.map(([id, file, sealed]) => (
                <tr
                  key={id}
                  className="block border-line border-t py-2 align-top last:border-b sm:table-row sm:py-0"
                >
                  <th scope="row" className="block pr-6 font-normal sm:table-cell sm:w-56 sm:py-2">
                    <code>{file}</code>
                  </th>
                  <td className="block pr-6 sm:table-cell sm:py-2">{t(`files.${id}`)}</td>
                  <td className="block text-muted sm:table-cell sm:py-2">
                    <span className="text-[0.8125rem] sm:hidden">{t("sealed")}: </span>
                    {t(sealed)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <Part title={t("where")}>
          <p>{t.rich("whereLead", codeTag)}</p>
        </Part>
        <Part title={t("backup")}>
          <p>{t.rich("backupLead", { security: linkTo("/settings/security") })}</p>
        </Part>
        <Part title={t("never")}>
          <p>{t("neverLead")}</p>
        </Part>
      </div>
    </>
  );
}
