import type { Provider } from "./provider.ts";
import { azureRoots } from "./public-roots.ts";

/** Azure Database for PostgreSQL, flexible server and elastic clusters. */
export const azurePostgres: Provider = {
  id: "azure-postgres",
  name: "Azure Database for PostgreSQL",
  hosts: /^(?:[a-z0-9-]+\.)+postgres\.database\.(?:azure\.com|usgovcloudapi\.net|chinacloudapi\.cn)$/,
  defaults: { port: "5432", database: "postgres", ssl: true, mode: "require" },
  tlsRequired: false,
  roots: azureRoots,
  rootsSource: "mozilla",
  noteIds: ["azure-tls", "azure-postgres-roots", "azure-pooler", "azure-firewall"],
};
