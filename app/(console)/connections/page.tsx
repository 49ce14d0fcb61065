import { PlugZap, Plus } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { demoDismissals, demoNotes } from "#app/_server/demo.ts";
import { pageActor } from "#app/_server/guard.ts";
import { ownPreferences } from "#app/_server/own-preferences.ts";
import { Alert } from "#components/ui/alert.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { can } from "#lib/team/access.ts";
import type { Messages } from "#messages/load-messages.ts";
import { copyAsOutside } from "../copy-as/copy-as-outside.ts";
import { areOpenToOthers, openConnections } from "../settings/open-connections.ts";
import { SoftLink } from "../soft-link.tsx";
import { DemoCard } from "./demo-card.tsx";
import { FirstDoor } from "./door/first-door.tsx";
import { LatePasteAnywhere } from "./door/late-paste-anywhere.tsx";
import { ConnectionsList } from "./list/connections-list.tsx";
import { connectionsPath, connectionsQuery } from "./list/connections-query.ts";
import { connectionsPage, listedConnections } from "./list/list-connections.ts";
import { FilterChips, ListFilters } from "./list/list-filters.tsx";
import { listTexts } from "./list/list-texts.ts";
import { listViewOf } from "./list/list-view-of.ts";
import { Pager } from "./list/pager.tsx";
import { rowFacts } from "./list/row-facts.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("connections"))("title") };
}

/** All saved connections; the address narrows them and puts them in order (`connections-query.ts`). */
export default async function ConnectionsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const actor = await pageActor("connections:read");
  const t = await getTranslations("connections");
  const rights = await getTranslations("rights");
  const messages = (await getMessages()) as Messages;
  const query = connectionsQuery(await searchParams);
  const [{ pageSize }, notes] = await Promise.all([ownPreferences(), demoNotes()]);
  const demo = demoDismissals().has(actor.id) ? undefined : notes;
  const { search } = query;
  const list = await connectionsPage(actor, query, pageSize);
  const { all, matching, damaged } = list;
  const view = await listViewOf(query, list);
  const texts = listTexts(await getTranslations("list"));
  const samples = demo?.servers.map(({ connectionId }) => connectionId) ?? [];
  return (
    <>
      <div className="mb-5 flex flex-wrap items-center gap-3">
        <h1 className="mr-auto font-semibold text-2xl tracking-tight">{t("title")}</h1>
        <SoftLink href="/connections/new" className={buttonClasses({ look: "primary" })}>
          <Plus aria-hidden="true" className="size-4" />
          {t("new")}
        </SoftLink>
      </div>
      {demo !== undefined && <DemoCard notes={demo} connections={await listedConnections(actor, samples)} />}
      {actor.role === "owner" && (await areOpenToOthers()) && (
        <Alert
          tone="warn"
          role="note"
          className="mb-4"
          title={rights("open.title", { count: await openConnections() })}
        >
          <SoftLink href="/settings/access" className="text-accent text-sm underline">
            {rights("open.see")}
          </SoftLink>
        </Alert>
      )}
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
      {can(actor, "connections:save") && <LatePasteAnywhere />}
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
        {search === "" ? "" : t("found", { count: matching })}
      </p>
    </>
  );
}
