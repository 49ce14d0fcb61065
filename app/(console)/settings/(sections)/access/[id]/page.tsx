import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { findConnection } from "#app/_server/find-connection.ts";
import { pageActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Card } from "#components/ui/card.tsx";
import { can } from "#lib/team/access.ts";
import { Breadcrumb } from "../../../../breadcrumb.tsx";
import { AccessForm } from "../../../access-form.tsx";
import { SettingsWords } from "../../../settings-words.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("rights"))("title") };
}

/** Who may do what with one connection, to be set by whoever manages it. */
export default async function ConnectionAccessPage({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>;
}) {
  const actor = await pageActor("connections:save");
  const { id } = await params;
  const opened = await workspace();
  if (!opened.ok) notFound();
  const found = await findConnection(opened.value, actor, id);
  if (!found.ok || found.value === undefined || found.value.unsaved !== undefined) notFound();
  // Whoever does not manage it sees no more of its access than their own.
  if (!can(actor, "connection:manage", found.value)) notFound();
  const [people, book] = [await opened.value.users.list(), await opened.value.grants.read()];
  if (!people.ok || !book.ok) notFound();
  const t = await getTranslations("rights");
  const { profile, grants } = found.value;
  const set = book.value.set(id);
  const maker = people.value.find((user) => user.id === grants.maker);
  const [face, settings] = await Promise.all([getTranslations("face"), getTranslations("settings")]);
  return (
    <SettingsWords of="access">
      <Breadcrumb
        label={face("breadcrumb")}
        above={[
          { href: "/settings", label: settings("title") },
          { href: "/settings/access", label: settings("sections.access") },
        ]}
        here={profile.name}
      />
      <Card title={t("one.title", { name: profile.name })}>
        {set === undefined && <Alert tone="warn" role="note" title={t("one.stillOpen")} />}
        <p className="text-[0.8125rem] text-muted">
          {maker === undefined ? "" : `${t("one.maker", { name: maker.name })} `}
          {t("one.owner")}
        </p>
        <AccessForm
          id={id}
          standard={book.value.rest}
          rest={set?.rest ?? null}
          people={people.value
            .filter(({ role }) => role !== "owner")
            .map((user) => ({ id: user.id, name: user.name, level: set?.people.get(user.id) ?? null }))}
        />
      </Card>
    </SettingsWords>
  );
}
