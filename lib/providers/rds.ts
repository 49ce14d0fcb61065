import type { Provider } from "./provider.ts";
import { amazonRoots } from "./public-roots.ts";

/** Amazon RDS and Aurora: private roots a region; RDS Proxy chains to Amazon's public ones instead. */
export const rds: Provider = {
  id: "rds",
  name: "Amazon RDS and Aurora",
  hosts: /^(?:[a-z0-9-]+\.)+rds\.(?:amazonaws\.com|[a-z0-9-]+\.amazonaws\.com\.cn)$/,
  defaults: { port: "5432", mode: "require", trust: "provider" },
  tlsRequired: false,
  roots: amazonRoots,
  rootsSource: "rds-bundle",
  noteIds: ["rds-tls", "rds-roots", "rds-endpoint"],
};
