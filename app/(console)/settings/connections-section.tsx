import { getTranslations } from "next-intl/server";
import { ownPreferences } from "#app/_server/own-preferences.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { EnvironmentMark } from "#components/ui/environment-mark.tsx";
import { type Actor, can } from "#lib/team/access.ts";
import { listConnections } from "../connections/list/list-connections.ts";
import type { ListQuery } from "../connections/list/list-query.ts";
import { Pager } from "../connections/list/pager.tsx";
import { SearchBox } from "../connections/list/search-box.tsx";
import { SoftLink } from "../soft-link.tsx";
import { CarryTools } from "./carry/carry-tools.tsx";
import { DeletedConnections } from "./deleted-connections.tsx";
import { LabelList } from "./label-list.tsx";
import { managedLabels } from "./managed-labels.ts";
import { removedConnections } from "./removed-connections.ts";

/** A page of here is no longer than this: the list itself is elsewhere. */
const most = 50;

/** The way to the settings of each connection, and what was deleted and can be put back. All else is done in the list. */
export async function ConnectionsSection({ actor, ...query }: ListQuery & { readonly actor: Actor }) {
  const t = await getTranslations("settings");
  const list = await getTranslations("list.settings");
  const words = await getTranslations("connections");
  const pageSize = Math.min(most, (await ownPreferences()).pageSize);
  const backups = await getTranslations("backups");
  const removed = await removedConnections(actor);
  const { search } = query;
  const { all, matching, page, pages, rows } = await listConnections({ ...query, pageSize, actor });
  return (
    <Card title={t("sections.connections")} lead={list("lead", { count: all })}>
      <div className="flex flex-wrap gap-2">
        {all > 0 && <SearchBox label={words("search")} hint={words("searchHint")} initial={search} />}
        <SoftLink href="/connections" className={buttonClasses({})}>
          {list("open")}
        </SoftLink>
        <CarryTools canExport={all > 0} />
      </div>
      {all > 0 && rows.length === 0 && <p className="text-muted">{words("noMatch.title", { search })}</p>}
      <ul className="divide-y divide-line">
        {rows.map(({ id, name, environment, level }) => (
          <li key={id} className="flex items-center gap-3 py-1.5">
            {/* Side by side, or beneath each other: never one of them broken in the middle of a word for the other. */}
            <span className="flex min-w-0 flex-wrap items-center gap-x-3">
              <span className="min-w-0 break-words font-medium">{name}</span>
              <EnvironmentMark environment={environment} label={words(`environment.${environment}`)} />
            </span>
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as part of a form */}
            <span role="group" aria-label={t("connections.actionsFor", { name })} className="ml-auto">
              <SoftLink href={`/settings/connections/${id}`} className={buttonClasses({ size: "sm" })}>
                {t(level === "manage" ? "connections.edit" : "connections.settings")}
              </SoftLink>
            </span>
          </li>
        ))}
      </ul>
      <LabelList labels={await managedLabels(actor)} />
      <DeletedConnections removed={removed} />
      {removed.length > 0 && can(actor, "vault:manage") && (
        <p className="max-w-prose text-muted text-[0.8125rem]">
          {backups("deletedHeld")}{" "}
          <SoftLink href="/settings/security#backups" className="text-accent underline underline-offset-2">
            {backups("toBackups")}
          </SoftLink>
        </p>
      )}
      {pages > 1 && (
        <Pager
          path={search === "" ? "/settings" : `/settings?search=${encodeURIComponent(search)}`}
          page={page}
          pages={pages}
          from={(page - 1) * pageSize}
          shown={rows.length}
          count={matching}
        />
      )}
    </Card>
  );
}
