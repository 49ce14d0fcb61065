import { PlugZap } from "lucide-react";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { Alert } from "#components/ui/alert.tsx";
import type { Messages } from "#messages/load-messages.ts";
import { copyAsOutside } from "../../copy-as/copy-as-outside.ts";
import { FirstDoor } from "../door/first-door.tsx";
import { ConnectionsList } from "./connections-list.tsx";
import { type ConnectionsQuery, connectionsPath } from "./connections-query.ts";
import type { ConnectionsPage } from "./list-connections.ts";
import { FilterChips, ListFilters } from "./list-filters.tsx";
import { listTexts } from "./list-texts.ts";
import { listViewOf } from "./list-view-of.ts";
import { Pager } from "./pager.tsx";
import { rowFacts } from "./row-facts.tsx";

interface Props {
  readonly query: ConnectionsQuery;
  /** Being read. */
  readonly list: Promise<ConnectionsPage>;
}

/** A page of the list, when it has been read; or, where there is nothing yet, the door. */
export async function ListSection({ query, list: reading }: Props) {
  const list = await reading;
  const { all, matching, damaged } = list;
  const t = await getTranslations("connections");
  const texts = listTexts(await getTranslations("list"));
  const view = await listViewOf(query, list);
  const messages = (await getMessages()) as Messages;
  return (
    <>
      {damaged.map((id) => (
        <Alert key={id} tone="warn" role="note" problem="vault-damaged" className="mb-4">
          {t("damaged", { id })}
        </Alert>
      ))}
      {all === 0 ? (
        <FirstDoor />
      ) : (
        <ConnectionsList
          view={view}
          facts={rowFacts(view, texts)}
          testIcon={<PlugZap aria-hidden className="size-4" />}
          filters={<ListFilters view={view} texts={texts} />}
          chips={<FilterChips query={query} texts={texts} />}
          texts={texts}
          locale={await getLocale()}
          words={{ list: messages.list, copyAs: copyAsOutside(messages.copyAs) }}
        />
      )}
      {list.pages > 1 ? (
        <Pager
          path={connectionsPath({ ...query, page: 1 })}
          page={list.page}
          pages={list.pages}
          from={list.from}
          shown={list.shown}
          count={list.open}
        />
      ) : null}
      <p role="status" className="sr-only">
        {query.search === "" ? "" : t("found", { count: matching })}
      </p>
    </>
  );
}
