import { Pencil } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache, type ReactNode, Suspense } from "react";
import { findConnection } from "#app/_server/find-connection.ts";
import { pageActor } from "#app/_server/guard.ts";
import { mayWrite } from "#app/_server/may-write.ts";
import { untoldMoves } from "#app/_server/untold-moves.ts";
import { workspace } from "#app/_server/workspace.ts";
import { Badge } from "#components/ui/badge.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { EnvironmentMark } from "#components/ui/environment-mark.tsx";
import { type Actor, can } from "#lib/team/access.ts";
import { atOnce } from "../../../at-once.ts";
import { CopyAsButton } from "../../../copy-as/copy-as-button.tsx";
import { SoftLink } from "../../../soft-link.tsx";
import { firstMode } from "../../first-mode.ts";
import { saveUnsaved } from "../../unsaved-actions.ts";
import { Connecting } from "../connecting.tsx";
import { MovedNote } from "../moved/moved-note.tsx";
import { OpenedSession, openSession } from "../opened-session.tsx";
import { SessionWords } from "../session-words.tsx";
import { UnlockButton } from "../unlock/unlock-button.tsx";
import { Unlocked } from "../unlock/unlocked.tsx";
import { UnsavedBar } from "../unsaved-bar.tsx";
import { ReconnectButton } from "../workbench.tsx";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const actor = await pageActor("connections:use");
  const found = await findOnce(actor, (await params).id);
  return { title: found?.profile.name ?? (await getTranslations("session"))("titleOf") };
}

/** The connected view: it stands at once, the session comes when the server has answered. */
export default async function WorkbenchLayout({
  params,
  children,
}: Props & { readonly children: ReactNode }) {
  const actor = await pageActor("connections:use");
  const { id } = await params;
  const found = await findOnce(actor, id);
  if (found === undefined) notFound();
  const opened = await workspace();
  const moves = opened.ok ? await untoldMoves(opened.value, actor, found) : [];
  const { profile, unsaved } = found;
  const { name, environment, host } = profile;
  const t = await getTranslations("session");
  const settings = await getTranslations("settings.connections");
  const writing = mayWrite(actor, found);
  const manages = can(actor, "connection:manage", found);
  const opening = moves.length > 0 ? undefined : openSession(actor, id);
  if (opening !== undefined) await atOnce(opening);
  return (
    <SessionWords>
      <div data-workbench className="flex min-h-0 flex-1 flex-col px-4 pt-3 desk:overflow-y-auto">
        <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2">
          <h1 className="min-w-0 max-w-full truncate font-semibold text-lg tracking-tight">{name}</h1>
          <EnvironmentMark environment={environment} label={t(`environment.${environment}`)} />
          {unsaved !== undefined && <Badge tone="warn">{t("unsaved.badge")}</Badge>}
          <div className="ml-auto flex flex-wrap justify-end gap-2">
            <SoftLink
              href={`/settings/connections/${encodeURIComponent(id)}`}
              aria-label={manages ? t("editNamed", { name }) : settings("settingsOf", { name })}
              className={buttonClasses({})}
            >
              <Pencil aria-hidden className="size-4" />
              <span className="max-sm:sr-only">{manages ? t("edit") : settings("settings")}</span>
            </SoftLink>
            <CopyAsButton source={{ id }} />
            <ReconnectButton label={t("reconnect")} iconOnPhone />
          </div>
        </div>
        <Unlocked actor={actor} connection={found} />
        <UnsavedBar
          connectionId={id}
          unsaved={unsaved && { name, isNamed: name !== host, of: unsaved.of?.id }}
          userId={actor.id}
          save={saveUnsaved}
        />
        {opening === undefined ? (
          <MovedNote connectionId={id} moves={moves} />
        ) : (
          <Suspense fallback={<Connecting host={host} />}>
            <OpenedSession
              actor={actor}
              connection={found}
              opening={opening}
              manages={manages}
              readOnlyFirst={firstMode(actor, found) === "read-only"}
              mayWrite={writing.ok}
              unlock={
                !writing.ok && writing.problem.facts.reason === "production-locked" ? (
                  <UnlockButton connectionId={id} name={name} />
                ) : null
              }
            />
          </Suspense>
        )}
        {children}
      </div>
    </SessionWords>
  );
}

/** Read once a request, for the title and the page. */
const findOnce = cache(async (actor: Actor, id: string) => {
  const opened = await workspace();
  const found = opened.ok ? await findConnection(opened.value, actor, id) : undefined;
  return found?.ok ? found.value : undefined;
});
