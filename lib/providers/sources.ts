/** Where the guides' statements were read, each with its date. A statement names one of these or says that it has none. */
export interface Source {
  /** The document's own title, not translated. */
  readonly title: string;
  readonly address: string;
  /** The date the document itself gives, ISO 8601; left out where it gives none. */
  readonly dated?: string;
  /** When it was read for this page, ISO 8601. A stored copy may be older than this. */
  readonly read: string;
}

const read = "2026-11-25";

export const sources = {
  "postgres-libpq": {
    title: "PostgreSQL: libpq, SSL support",
    address: "https://www.postgresql.org/docs/current/libpq-ssl.html",
    read,
  },
  "dsql-roots": {
    title: "Configuring SSL/TLS certificates for Aurora DSQL connections",
    address: "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/configure-root-certificates.html",
    read,
  },
  "dsql-tokens": {
    title: "Generating an authentication token in Amazon Aurora DSQL",
    address: "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/SECTION_authentication-token.html",
    read,
  },
  "dsql-access": {
    title: "Accessing Aurora DSQL",
    address: "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/accessing.html",
    read,
  },
  "rds-ssl": {
    title: "Using SSL with a PostgreSQL DB instance",
    address: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",
    read,
  },
  "rds-bundles": {
    title: "Using SSL/TLS to encrypt a connection to a DB instance or cluster",
    address: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html",
    read,
  },
  "aurora-rotation": {
    title: "Updating applications to connect to Aurora PostgreSQL DB clusters using new SSL/TLS certificates",
    address:
      "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ssl-certificate-rotation-aurora-postgresql.html",
    dated: "2023-01-13",
    read,
  },
  "rds-iam": {
    title: "IAM database authentication for MariaDB, MySQL, and PostgreSQL",
    address: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html",
    read,
  },
  "citus-tls": {
    title: "Configure TLS in Azure Cosmos DB for PostgreSQL",
    address: "https://learn.microsoft.com/azure/cosmos-db/postgresql/howto-ssl-connection-security",
    read,
  },
  "citus-security": {
    title: "Security overview, Azure Cosmos DB for PostgreSQL",
    address: "https://learn.microsoft.com/azure/cosmos-db/postgresql/concepts-security-overview",
    dated: "2024-07-04",
    read,
  },
  "citus-pool": {
    title: "Connection pooling, Azure Cosmos DB for PostgreSQL",
    address: "https://learn.microsoft.com/azure/cosmos-db/postgresql/concepts-connection-pool",
    read,
  },
  "azure-tls": {
    title: "Connect with TLS, Azure Database for PostgreSQL",
    address: "https://learn.microsoft.com/azure/postgresql/security/security-tls-how-to-connect",
    read,
  },
  "azure-china-tls": {
    title: "TLS in Azure Database for PostgreSQL, Azure China",
    address: "https://docs.azure.cn/postgresql/flexible-server/concepts-networking-ssl-tls",
    read,
  },
  "supabase-ssl": {
    title: "Postgres SSL Enforcement",
    address: "https://supabase.com/docs/guides/platform/ssl-enforcement",
    read,
  },
  "supabase-psql": {
    title: "Connecting with PSQL",
    address: "https://supabase.com/docs/guides/database/psql",
    read,
  },
  "supabase-connect": {
    title: "Connect to your database",
    address: "https://supabase.com/docs/guides/database/connecting-to-postgres",
    read,
  },
  "neon-secure": {
    title: "Connect to Neon securely",
    address: "https://neon.com/docs/connect/connect-securely",
    dated: "2025-07-03",
    read,
  },
  "neon-errors": {
    title: "Connection errors",
    address: "https://neon.com/docs/connect/connection-errors",
    read,
  },
  "cloud-sql-ssl": {
    title: "Authorize with SSL/TLS certificates, Cloud SQL for PostgreSQL",
    address: "https://cloud.google.com/sql/docs/postgres/authorize-ssl",
    read,
  },
  "alloydb-ssl-mode": {
    title: "SslConfig, AlloyDB API",
    address: "https://cloud.google.com/alloydb/docs/reference/rest/v1/SslConfig",
    dated: "2026-01-09",
    read,
  },
  "heroku-gist": {
    title: "Check Postgres SSL Cert (a user's notes)",
    address: "https://gist.github.com/mttjohnson/76ac94a076e30f40db8458ba292021ac",
    dated: "2021-04-23",
    read,
  },
  "digitalocean-thread": {
    title: "SSL issues for self hosting with DigitalOcean's managed Postgres (a discussion)",
    address: "https://github.com/plausible/analytics/discussions/3849",
    read,
  },
  "railway-template": {
    title: "postgres-ssl, init-ssl.sh",
    address: "https://github.com/railwayapp-templates/postgres-ssl",
    read,
  },
  "tiger-ssl": {
    title: "Connect with a stricter SSL mode",
    address: "https://www.tigerdata.com/docs/deploy/tiger-cloud/tiger-cloud-azure/security/strict-ssl",
    read,
  },
  "cockroach-basic": {
    title: "Connect to a CockroachDB Basic cluster",
    address: "https://www.cockroachlabs.com/docs/cockroachcloud/connect-to-a-serverless-cluster",
    read,
  },
  "yugabyte-tls": {
    title: "Encryption in transit, YugabyteDB Aeon",
    address: "https://docs.yugabyte.com/stable/yugabyte-cloud/cloud-secure-clusters/cloud-authentication/",
    read,
  },
  "yugabyte-clients": {
    title: "GUI clients, YugabyteDB",
    address: "https://docs.yugabyte.com/stable/integrations/tools/",
    read,
  },
  "aiven-ca": {
    title: "TLS/SSL certificates, Aiven",
    address: "https://aiven.io/docs/platform/concepts/tls-ssl-certificates",
    read,
  },
  "pgbouncer-tls": {
    title: "PgBouncer TLS configuration",
    address: "https://www.netdata.cloud/guides/pgbouncer/pgbouncer-tls-configuration/",
    read,
  },
  "pgbouncer-startup": {
    title: "pgbouncer/pgbouncer, issue 1074",
    address: "https://github.com/pgbouncer/pgbouncer/issues/1074",
    read,
  },
} as const satisfies Readonly<Record<string, Source>>;

export type SourceId = keyof typeof sources;
