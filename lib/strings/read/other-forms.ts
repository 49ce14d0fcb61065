/**
 * What a text is that no connection to PostgreSQL is read from, by the name that people know it by; undefined where
 * nothing is known of it. Names alone, the same in every language.
 */
export function otherForm(text: string): string | undefined {
  const start = withoutEmptyLines(text).slice(0, 4000);
  const scheme = /^(?:jdbc:)?([a-z][a-z0-9]*)(?:\+[a-z0-9]+)?:/i.exec(start)?.[1]?.toLowerCase();
  if (scheme !== undefined && /^(?:jdbc:|[a-z0-9+]+:\/\/)/i.test(start) && Object.hasOwn(schemes, scheme))
    return schemes[scheme];
  return forms.find(([, shape]) => shape.test(start))?.[0];
}

/** What would be read as something that it is not: encrypted values, and the option file of another database. */
export function misleadingForm(text: string): string | undefined {
  const start = withoutEmptyLines(text).slice(0, 20_000);
  return misleading.find(([, shape]) => shape.test(start))?.[0];
}

/** What looks for the start of a line in many empty ones grows with the square of their number. */
function withoutEmptyLines(text: string): string {
  return text
    .slice(0, 40_000)
    .trimStart()
    .replace(/\n\s*\n/g, "\n");
}

const schemes: Readonly<Record<string, string>> = {
  mysql: "MySQL",
  mysql2: "MySQL",
  mysqlx: "MySQL",
  mariadb: "MariaDB",
  mongodb: "MongoDB",
  redis: "Redis",
  rediss: "Redis",
  valkey: "Valkey",
  mssql: "SQL Server",
  sqlserver: "SQL Server",
  jtds: "SQL Server",
  oracle: "Oracle",
  sqlite: "SQLite",
  sqlite3: "SQLite",
  file: "SQLite",
  libsql: "libSQL",
  h2: "H2",
  db2: "Db2",
  clickhouse: "ClickHouse",
  snowflake: "Snowflake",
  redshift: "Amazon Redshift",
  bigquery: "BigQuery",
  trino: "Trino",
  presto: "Presto",
  cassandra: "Cassandra",
  neo4j: "Neo4j",
  bolt: "Neo4j",
  elasticsearch: "Elasticsearch",
  amqp: "AMQP (RabbitMQ)",
  amqps: "AMQP (RabbitMQ)",
  kafka: "Kafka",
  memcached: "memcached",
  ldap: "LDAP",
  ldaps: "LDAP",
  smtp: "SMTP",
  ssh: "SSH",
  sftp: "SFTP",
  ftp: "FTP",
  http: "HTTP",
  https: "HTTPS",
  s3: "S3",
};

const misleading: readonly (readonly [string, RegExp])[] = [
  ["Ansible Vault", /^\$ANSIBLE_VAULT;/],
  ["SOPS", /:[ \t]{0,20}["']?ENC\[AES256_GCM,/],
  ["SealedSecret", /^[ \t]*kind:[ \t]*SealedSecret\b/m],
  ["my.cnf (MySQL)", /^\[(?:client|mysql|mysqld|mysqldump|mariadb|client-server)\][ \t]*$/m],
];

const forms: readonly (readonly [string, RegExp])[] = [
  ["tnsnames.ora (Oracle)", /\(\s*DESCRIPTION\s*=|\(\s*ADDRESS\s*=/i],
  ["ssh_config (OpenSSH)", /^(?:Host|Match)\s+\S.*\n(?:\s+[A-Z][A-Za-z]+\s+\S.*\n?)+/],
  ["ssh", /^(?:\$\s*)?ssh\s+(?:-|\S+@)/],
  [
    "pg_hba.conf",
    /^(?:local|host|hostssl|hostnossl|hostgssenc)\s+\S+\s+\S+\s+.*\b(?:scram-sha-256|md5|trust|reject|peer|cert|password|ident|ldap|gss)\b/m,
  ],
  [".netrc", /^[ \t]*machine\s+\S+\s+(?:login|password)\s/m],
  ["wp-config.php (WordPress, MySQL)", /define\(\s*['"]DB_(?:NAME|HOST)['"]/],
  [
    "Ansible",
    /^[ \t]*(?:-\s+)?(?:community\.\w+\.)?\w+:\s*\n(?:.*\n){0,20}?\s+login_(?:host|user|password):/m,
  ],
  ["Ansible", /\bansible_(?:host|user|ssh_host)=/],
  ["pgpool.conf", /^[ \t]*backend_hostname\d+\s*=/m],
  ["HAProxy", /^(?:backend|frontend|listen)\s+\S+\s*\n/m],
  ["schema.prisma", /^[ \t]*datasource\s+\w+\s*\{[^}]*\burl\s*=\s*env\(/m],
  ["Terraform", /^[ \t]*(?:resource|data|provider|module|variable|terraform)\s*(?:"[^"]*"\s*){0,2}\{/m],
  ["Terraform", /"terraform_version"\s*:/],
  ["Helm", /\{\{-?\s*\.(?:Values|Release|Chart)\b/],
  ["Kubernetes", /^[ \t]*apiVersion\s*:/m],
  ["Docker Compose", /^services:\s*\n\s+\S+:/m],
  ["systemd", /^\[(?:Unit|Service|Install)\]\s*$/m],
  ["Dockerfile", /^FROM\s+\S+/m],
  [".env (MySQL)", /^[ \t]*DB_CONNECTION\s*=\s*["']?(?:mysql|mariadb)\b/m],
  [".env (SQLite)", /^[ \t]*DB_CONNECTION\s*=\s*["']?sqlite\b/m],
  ["MySQL", /["']?(?:engine|adapter|client|dialect|type|driver)["']?\s*[:=]\s*["']?(?:mysql2?|mariadb)\b/i],
  [
    "SQL Server",
    /["']?(?:engine|adapter|client|dialect|type|driver)["']?\s*[:=]\s*["']?(?:mssql|sqlserver)\b/i,
  ],
  ["SQLite", /["']?(?:engine|adapter|client|dialect|type|driver)["']?\s*[:=]\s*["']?sqlite3?\b/i],
  ["MongoDB", /["']?(?:engine|adapter|client|dialect|type|driver)["']?\s*[:=]\s*["']?mongo(?:db)?\b/i],
  ["postgresql.conf", /^[ \t]*(?:listen_addresses|shared_buffers|max_connections)\s*=/m],
  ["PEM", /-----BEGIN [A-Z0-9 ]{3,40}-----/],
];
