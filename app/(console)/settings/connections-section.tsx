import { getTranslations } from "next-intl/server";
import { Card } from "#components/ui/card.tsx";
import { listConnections } from "../connections/list/list-connections.ts";
import { SavedConnections } from "./saved-connections.tsx";

/** What is saved, to edit, duplicate or delete. */
export async function ConnectionsSection() {
  const t = await getTranslations("settings");
  const environments = await getTranslations("connections.environment");
  const { matching } = await listConnections("");
  return (
    <Card title={t("sections.connections")} lead={t("connections.intro")}>
      <SavedConnections
        connections={matching.map((connection) => ({
          id: connection.id,
          name: connection.name,
          server: `${connection.host}:${connection.port} · ${connection.database}`,
          environment: connection.environment,
          environmentName: environments(connection.environment),
        }))}
      />
    </Card>
  );
}
