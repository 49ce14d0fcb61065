import { getTranslations } from "next-intl/server";
import { ownPreferences } from "#app/_server/own-preferences.ts";
import { workspace } from "#app/_server/workspace.ts";
import { Badge } from "#components/ui/badge.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import type { Actor } from "#lib/team/access.ts";
import { listConnections } from "../connections/list/list-connections.ts";
import type { ListQuery } from "../connections/list/list-query.ts";
import { Pager } from "../connections/list/pager.tsx";
import { SearchBox } from "../connections/list/search-box.tsx";
import { SoftLink } from "../soft-link.tsx";
import { AccessDefaults } from "./access-defaults.tsx";
import { openConnections } from "./open-connections.ts";

/** The access of the connections that somebody manages: what everybody else has of each, and how many are named. */
export async function AccessSection({ actor, ...query }: ListQuery & { readonly actor: Actor }) {
  const t = await getTranslations("rights");
  const words = await getTranslations("connections");
  const opened = await workspace();
  const book = opened.ok ? await opened.value.grants.read() : opened;
  const people = opened.ok ? await opened.value.users.list() : opened;
  if (!book.ok || !people.ok) return null;
  const nameOf = new Map(people.value.map((user) => [user.id, user.name]));
  const { pageSize } = await ownPreferences();
  const list = await listConnections({ ...query, pageSize, actor, managed: true });
  const { all, matching, page, pages, rows } = list;
  const level = (name: "none" | "read" | "write" | "manage") => t(`levels.${name}`);
  return (
    <div className="flex flex-col gap-4">
      {actor.role === "owner" && <AccessDefaults rest={book.value.rest} open={await openConnections()} />}
      <Card title={t("title")} lead={t("intro")}>
        {all > 0 && <SearchBox label={words("search")} hint={words("searchHint")} initial={query.search} />}
        {rows.length === 0 && (
          <p className="text-muted">
            {all === 0 ? t("list.empty") : words("noMatch.title", { search: query.search })}
          </p>
        )}
        <ul aria-label={t("list.label")} className="divide-y divide-line empty:hidden">
          {rows.map(({ id, name }) => {
            const { rest } = book.value.of(id);
            const named = [...(book.value.set(id)?.people ?? [])].flatMap(([userId, had]) => {
              const person = nameOf.get(userId);
              return person === undefined ? [] : [t("list.person", { name: person, level: level(had) })];
            });
            return (
              <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5">
                <div className="mr-auto min-w-0 basis-48">
                  <p className="truncate font-medium">{name}</p>
                  <p className="break-words text-muted text-xs">
                    {[t("list.rest", { level: level(rest) }), ...named].join(" · ")}
                  </p>
                </div>
                {book.value.isOpen(id) && <Badge tone="warn">{t("list.open")}</Badge>}
                <SoftLink
                  href={`/settings/access/${id}`}
                  aria-label={t("list.set", { name })}
                  className={buttonClasses({ size: "sm" })}
                >
                  {t("open.see")}
                </SoftLink>
              </li>
            );
          })}
        </ul>
        {pages > 1 && (
          <Pager
            path={
              query.search === ""
                ? "/settings/access"
                : `/settings/access?search=${encodeURIComponent(query.search)}`
            }
            page={page}
            pages={pages}
            from={(page - 1) * pageSize}
            shown={rows.length}
            count={matching}
          />
        )}
      </Card>
    </div>
  );
}
