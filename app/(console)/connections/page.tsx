import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { demoNotes } from "#app/_server/demo.ts";
import { pageActor } from "#app/_server/guard.ts";
import { ownPreferences } from "#app/_server/own-preferences.ts";
import { Alert } from "#components/ui/alert.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { can } from "#lib/team/access.ts";
import { areOpenToOthers, openConnections } from "../settings/open-connections.ts";
import { SoftLink } from "../soft-link.tsx";
import { DemoCard } from "./demo-card.tsx";
import { FirstDoor } from "./door/first-door.tsx";
import { PasteAnywhere } from "./door/paste-anywhere.tsx";
import { ConnectionRow } from "./list/connection-row.tsx";
import { listConnections, listedConnections } from "./list/list-connections.ts";
import { listQuery } from "./list/list-query.ts";
import { Pager } from "./list/pager.tsx";
import { SearchBox } from "./list/search-box.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("connections"))("title") };
}

/** All saved connections; `?search=` narrows them. */
export default async function ConnectionsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const actor = await pageActor("connections:read");
  const t = await getTranslations("connections");
  const rights = await getTranslations("rights");
  const query = listQuery(await searchParams);
  const [{ pageSize }, demo] = await Promise.all([ownPreferences(), demoNotes()]);
  const { search } = query;
  const list = await listConnections({ ...query, pageSize, actor });
  const { all, matching, page, pages, rows, damaged } = list;
  const samples = demo?.servers.map(({ connectionId }) => connectionId) ?? [];
  return (
    <>
      <div className="mb-5 flex flex-wrap items-center gap-3">
        <h1 className="mr-auto font-semibold text-2xl tracking-tight">{t("title")}</h1>
        {all > 0 ? <SearchBox label={t("search")} hint={t("searchHint")} initial={search} /> : null}
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
      ) : matching === 0 ? (
        <div className="rounded-lg border border-line bg-surface px-6 py-12 text-center">
          <p className="font-medium">{t("noMatch.title", { search })}</p>
          <SoftLink href="/connections" className="mt-3 inline-block text-accent text-sm underline">
            {t("noMatch.action")}
          </SoftLink>
        </div>
      ) : (
        <ul
          aria-label={t("title")}
          className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface"
        >
          {rows.map((connection) => (
            <ConnectionRow key={connection.id} connection={connection} />
          ))}
        </ul>
      )}
      {can(actor, "connections:save") && <PasteAnywhere />}
      {pages > 1 ? (
        <Pager
          path="/connections"
          page={page}
          pages={pages}
          pageSize={pageSize}
          count={matching}
          search={search}
        />
      ) : null}
      <p role="status" className="sr-only">
        {search === "" ? "" : t("found", { count: matching })}
      </p>
    </>
  );
}
