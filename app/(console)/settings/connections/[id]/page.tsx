import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { demoNotes } from "#app/_server/demo.ts";
import { findConnection } from "#app/_server/find-connection.ts";
import { pageActor } from "#app/_server/guard.ts";
import { untoldMoves } from "#app/_server/untold-moves.ts";
import { workspace } from "#app/_server/workspace.ts";
import { FormWords } from "#app/(console)/connections/form/form-words.tsx";
import { ImportedNote } from "#app/(console)/connections/form/imported-note.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { profileView } from "#lib/profiles/profile-view.ts";
import { noGivenRoots } from "#lib/providers/roots-kind.ts";
import { can, levelOf } from "#lib/team/access.ts";
import { Breadcrumb } from "../../../breadcrumb.tsx";
import { MovedNote } from "../../../connections/[id]/moved/moved-note.tsx";
import { Unlocked } from "../../../connections/[id]/unlock/unlocked.tsx";
import { findStrongest, lookAtServer, saveConnection } from "../../../connections/actions.ts";
import { confirmOwnPassword } from "../../../connections/confirm-actions.ts";
import { demoClientCertificate } from "../../../connections/demo-actions.ts";
import { labelConnections } from "../../../connections/list/list-actions.ts";
import { knownLabels, listedConnections } from "../../../connections/list/list-connections.ts";
import { connectUnsaved } from "../../../connections/unsaved-actions.ts";
import { SoftLink } from "../../../soft-link.tsx";
import { SavedForm } from "./saved-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("form"))("editPageTitle") };
}

/** A connection in the form it was made with, every SSL setting included (C10). */
export default async function EditConnectionPage({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>;
}) {
  const actor = await pageActor("connections:save");
  const { id } = await params;
  const opened = await workspace();
  if (!opened.ok) notFound();
  const found = await findConnection(opened.value, actor, id);
  if (!found.ok || found.value === undefined) notFound();
  const { profile, unsaved } = found.value;
  const view = profileView(profile, actor.id);
  const given = await opened.value.givenRoots.kinds();
  const givenRoots = given.ok ? given.value : noGivenRoots;
  const t = await getTranslations("rights");
  const moves = await untoldMoves(opened.value, actor, found.value);
  const manages = can(actor, "connection:manage", found.value);
  const [listed] = await listedConnections(actor, [id]);
  const [face, shell, session, settings] = await Promise.all([
    getTranslations("face"),
    getTranslations("shell"),
    getTranslations("session"),
    getTranslations("settings.connections"),
  ]);
  return (
    <FormWords>
      <Breadcrumb
        label={face("breadcrumb")}
        above={[
          { href: "/connections", label: shell("connections") },
          { href: `/connections/${encodeURIComponent(id)}`, label: profile.name },
        ]}
        here={manages ? session("edit") : settings("settings")}
      />
      <Unlocked actor={actor} connection={found.value} />
      {moves.length > 0 && <MovedNote connectionId={id} moves={moves} />}
      {unsaved === undefined && manages && <ImportedNote view={view} />}
      {!manages && (
        <Alert tone="info" role="note" title={t("viewOnly.title")} className="mb-5">
          <p className="text-[0.8125rem]">
            {t("viewOnly.body", { level: t(`levels.${levelOf(actor, found.value.grants)}`) })}
          </p>
        </Alert>
      )}
      {unsaved === undefined && manages && (
        <SoftLink
          href={`/settings/access/${encodeURIComponent(id)}`}
          className={classes(buttonClasses({ size: "sm" }), "float-right")}
        >
          {t("settings")}
        </SoftLink>
      )}
      <SavedForm
        {...(manages ? { keptFor: actor.id } : { viewOnly: true })}
        {...((await demoNotes()) && { demoClient: demoClientCertificate })}
        givenRoots={givenRoots}
        view={unsaved === undefined ? view : { ...view, unsaved: true }}
        save={saveConnection}
        connect={connectUnsaved}
        confirm={confirmOwnPassword}
        {...(manages && {
          strongest: findStrongest,
          labels: {
            group: listed?.group ?? "",
            tags: listed?.tags ?? [],
            known: await knownLabels(actor),
            label: labelConnections,
          },
        })}
        look={lookAtServer}
      />
    </FormWords>
  );
}
