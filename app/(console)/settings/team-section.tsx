import { getTranslations } from "next-intl/server";
import { workspace } from "#app/_server/workspace.ts";
import { Card } from "#components/ui/card.tsx";
import type { Actor } from "#lib/team/access.ts";
import { TeamList } from "./team-list.tsx";

/** Who may sign in; shown to owners. */
export async function TeamSection({ actor }: { readonly actor: Actor }) {
  const t = await getTranslations("settings");
  const opened = await workspace();
  const members = opened.ok ? await opened.value.users.list() : opened;
  return (
    <Card title={t("sections.team")} lead={t("team.intro")}>
      <TeamList
        members={
          members.ok
            ? members.value.map(({ id, name, role, disabled }) => ({
                id,
                name,
                role,
                disabled,
                you: id === actor.id,
              }))
            : []
        }
      />
    </Card>
  );
}
