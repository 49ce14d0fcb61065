import type { Provider } from "./provider.ts";
import { amazonRoots } from "./public-roots.ts";

/** Amazon Aurora DSQL: TLS cannot be off (D1), Verify Full by default (D2), `admin` and `postgres` (D6). */
export const auroraDsql: Provider = {
  id: "aurora-dsql",
  name: "Amazon Aurora DSQL",
  hosts: /^[a-z0-9]{26}\.dsql[a-z0-9-]*\.[a-z0-9-]+\.on\.aws$/,
  defaults: {
    port: "5432",
    database: "postgres",
    user: "admin",
    ssl: true,
    mode: "verify-full",
    trust: "system",
    sni: true,
  },
  tlsRequired: true,
  roots: amazonRoots,
  rootsSource: "mozilla",
  noteIds: ["aurora-dsql-tls", "aurora-dsql-root", "aurora-dsql-sign-in", "aurora-dsql-client"],
};
