import { getTranslations } from "next-intl/server";
import { ownPreferences } from "#app/_server/own-preferences.ts";
import { Card } from "#components/ui/card.tsx";
import type { Actor } from "#lib/team/access.ts";
import { listConnections } from "../connections/list/list-connections.ts";
import type { ListQuery } from "../connections/list/list-query.ts";
import { Pager } from "../connections/list/pager.tsx";
import { SearchBox } from "../connections/list/search-box.tsx";
import { removedConnections } from "./removed-connections.ts";
import { SavedConnections } from "./saved-connections.tsx";

/** What is saved, to edit, duplicate or delete: a page of it, narrowed by a search. */
export async function ConnectionsSection({ actor, ...query }: ListQuery & { readonly actor: Actor }) {
  const t = await getTranslations("settings");
  const words = await getTranslations("connections");
  const { pageSize } = await ownPreferences();
  const { search } = query;
  const { all, matching, page, pages, rows } = await listConnections({ ...query, pageSize, actor });
  return (
    <Card title={t("sections.connections")} lead={t("connections.intro")}>
      {all > 0 ? <SearchBox label={words("search")} hint={words("searchHint")} initial={search} /> : null}
      <SavedConnections
        isEmpty={all === 0}
        search={search}
        undoable={await removedConnections(actor)}
        connections={rows.map((connection) => ({
          id: connection.id,
          name: connection.name,
          server: `${connection.host}:${connection.port} · ${connection.database}`,
          environment: connection.environment,
          manages: connection.level === "manage",
          environmentName: words(`environment.${connection.environment}`),
        }))}
      />
      {pages > 1 ? (
        <Pager
          path="/settings"
          page={page}
          pages={pages}
          pageSize={pageSize}
          count={matching}
          search={search}
        />
      ) : null}
    </Card>
  );
}
