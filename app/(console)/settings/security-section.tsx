import { getFormatter, getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { clockApart } from "#app/_server/watch-clock.ts";
import { workspace } from "#app/_server/workspace.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Card } from "#components/ui/card.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { type Actor, can } from "#lib/team/access.ts";
import { browserName } from "./browser-name.ts";
import { KeysCard } from "./keys-card.tsx";
import { PasswordForm } from "./password-form.tsx";
import { SectionSkeleton } from "./section-skeleton.tsx";
import { BackupsCard } from "./security/backups-card.tsx";
import { SessionList } from "./session-list.tsx";

/** The vault and its keys (for those who manage them), one's own sessions and password. */
export async function SecuritySection({ actor }: { readonly actor: Actor }) {
  const t = await getTranslations("settings");
  const words = await getTranslations("backups.card");
  const format = await getFormatter();
  const opened = await workspace();
  if (!opened.ok) return null;
  const { vault, sessions } = opened.value;
  const told = can(actor, "vault:manage") ? await vault.facts() : undefined;
  const facts = told?.ok ? told.value : undefined;
  const apart = clockApart();
  const own = await sessions.list(actor.id);
  return (
    <div className="flex flex-col gap-8">
      {facts === undefined ? null : (
        <Card title={t("sections.security")}>
          {facts.memory === "kept" ? null : (
            <Alert tone="warn" role="note">
              {t(facts.memory === "missing" ? "security.memoryMissing" : "security.memoryUnreadable")}
            </Alert>
          )}
          {apart === undefined ? null : (
            <Alert tone="warn" role="note">
              {t("security.clockApart", { seconds: Math.abs(apart), side: apart > 0 ? "behind" : "ahead" })}
            </Alert>
          )}
          <Facts
            rows={[
              [t("security.storePath"), <code key="path">{facts.path}</code>],
              [t("security.storeId"), <code key="id">{facts.storeId}</code>],
              [t("security.format"), `${facts.format} ${facts.version}`],
              [t("security.revision"), String(facts.rev)],
            ]}
          />
        </Card>
      )}
      {facts === undefined ? null : <KeysCard />}
      {facts === undefined ? null : (
        // What leads here by its name finds it while the card is on its way, and the focus what became of the card.
        <div id="backups" tabIndex={-1} className="scroll-mt-16 outline-none">
          <Suspense fallback={<SectionSkeleton title={words("list")} rows={3} />}>
            <BackupsCard />
          </Suspense>
        </div>
      )}
      <Card title={t("security.sessions")}>
        <SessionList
          sessions={own.map((session) => ({
            id: session.id,
            agent: browserName(session.agent),
            started: format.dateTime(new Date(session.createdAt), {
              dateStyle: "medium",
              timeStyle: "short",
            }),
            seen: format.dateTime(new Date(session.lastSeenAt), { dateStyle: "medium", timeStyle: "short" }),
            current: session.id === actor.sessionId,
          }))}
        />
      </Card>
      <Card title={t("security.password")}>
        <PasswordForm />
      </Card>
    </div>
  );
}
