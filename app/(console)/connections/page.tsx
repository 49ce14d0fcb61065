import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { demoDismissals, demoNotes } from "#app/_server/demo.ts";
import { pageActor } from "#app/_server/guard.ts";
import { ownPreferences } from "#app/_server/own-preferences.ts";
import { Alert } from "#components/ui/alert.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { can } from "#lib/team/access.ts";
import { atOnce } from "../at-once.ts";
import { areOpenToOthers, openConnections } from "../settings/open-connections.ts";
import { SoftLink } from "../soft-link.tsx";
import { DemoCard } from "./demo-card.tsx";
import { LatePasteAnywhere } from "./door/late-paste-anywhere.tsx";
import { connectionsQuery } from "./list/connections-query.ts";
import { connectionsPage, listedConnections } from "./list/list-connections.ts";
import { ListSection } from "./list/list-section.tsx";
import { ListSkeleton } from "./list/list-skeleton.tsx";

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
  const query = connectionsQuery(await searchParams);
  const [{ pageSize }, notes] = await Promise.all([ownPreferences(), demoNotes()]);
  const list = connectionsPage(actor, query, pageSize);
  await atOnce(list);
  const demo = demoDismissals().has(actor.id) ? undefined : notes;
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
      <Suspense fallback={<ListSkeleton rows={Math.min(8, pageSize)} />}>
        <ListSection query={query} list={list} />
      </Suspense>
      {can(actor, "connections:save") && <LatePasteAnywhere />}
    </>
  );
}
