import { describe, expect, test } from "vitest";
import { looseSettings } from "#lib/strings/read/loose-settings.ts";
import { misleadingForm, otherForm } from "#lib/strings/read/other-forms.ts";
import { parseConnectionString } from "#lib/strings/read/parse-connection-string.ts";
import { readConnections } from "#lib/strings/read/read-connections.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("files of programs are read", () => {
  test.each([
    ["pgpass", "db.example.com:5432:shop:app:s3cret"],
    [
      "tfstate",
      JSON.stringify({
        version: 4,
        terraform_version: "1.5",
        resources: [
          {
            type: "aws_db_instance",
            name: "x",
            instances: [
              {
                attributes: {
                  address: "db.example.com",
                  port: 5432,
                  username: "app",
                  password: "s3cret",
                  db_name: "shop",
                  engine: "postgres",
                  endpoint: "db.example.com:5432",
                },
              },
            ],
          },
        ],
      }),
    ],
    [
      "tfoutput",
      JSON.stringify({
        db_host: { value: "db.example.com", type: "string" },
        db_user: { value: "app" },
        db_password: { value: "s3cret", sensitive: true },
        db_name: { value: "shop" },
      }),
    ],
    [
      "hcl",
      'resource "aws_db_instance" "x" {\n  engine = "postgres"\n  address = "db.example.com"\n  username = "app"\n  password = "s3cret"\n  db_name = "shop"\n}\n',
    ],
    [
      "hclprovider",
      'provider "postgresql" {\n  host     = "db.example.com"\n  port     = 5432\n  database = "shop"\n  username = "app"\n  password = "s3cret"\n  sslmode  = "require"\n}\n',
    ],
    ["tfvars", 'db_host = "db.example.com"\ndb_user = "app"\ndb_password = "s3cret"\ndb_name = "shop"\n'],
    [
      "helm",
      "postgresql:\n  enabled: false\nexternalDatabase:\n  host: db.example.com\n  port: 5432\n  user: app\n  password: s3cret\n  database: shop\n",
    ],
    [
      "helmAuth",
      "postgresql:\n  auth:\n    username: app\n    password: s3cret\n    database: shop\n  host: db.example.com\n",
    ],
    [
      "k8s",
      `apiVersion: v1\nkind: Secret\ndata:\n  host: ${base64("db.example.com")}\n  username: ${base64("app")}\n  password: ${base64("s3cret")}\n  dbname: ${base64("shop")}\n`,
    ],
    [
      "compose",
      "services:\n  web:\n    environment:\n      DATABASE_URL: postgres://app:s3cret@db.example.com:5432/shop\n",
    ],
    [
      "systemd",
      '[Service]\nEnvironment=PGHOST=db.example.com\nEnvironment="PGUSER=app" "PGPASSWORD=s3cret"\nEnvironment=PGDATABASE=shop\nExecStart=/usr/bin/x\n',
    ],
    [
      "odbc",
      "[shop]\nDriver = PostgreSQL Unicode\nServername = db.example.com\nPort = 5432\nDatabase = shop\nUsername = app\nPassword = s3cret\nSSLmode = require\n",
    ],
    [
      "odbcinst",
      "Driver={PostgreSQL Unicode};Server=db.example.com;Port=5432;Database=shop;Uid=app;Pwd=s3cret;",
    ],
    ["toml", '[database]\nhost = "db.example.com"\nuser = "app"\npassword = "s3cret"\nname = "shop"\n'],
    [
      "prisma",
      'datasource db {\n  provider = "postgresql"\n  url      = "postgres://app:s3cret@db.example.com:5432/shop"\n}\n',
    ],
    [
      "springprops",
      "spring.datasource.url=jdbc:postgresql://db.example.com:5432/shop\nspring.datasource.username=app\nspring.datasource.password=s3cret\n",
    ],
    [
      "springxml",
      '<bean id="dataSource"><property name="url" value="jdbc:postgresql://db.example.com:5432/shop"/><property name="username" value="app"/><property name="password" value="s3cret"/></bean>',
    ],
    [
      "tomcat",
      '<Resource name="jdbc/shop" driverClassName="org.postgresql.Driver" url="jdbc:postgresql://db.example.com:5432/shop" username="app" password="s3cret"/>',
    ],
    [
      "webconfig",
      '<configuration><connectionStrings><add name="Shop" connectionString="Host=db.example.com;Database=shop;Username=app;Password=s3cret" providerName="Npgsql"/></connectionStrings></configuration>',
    ],
    [
      "asm",
      JSON.stringify({
        username: "app",
        password: "s3cret",
        engine: "postgres",
        host: "db.example.com",
        port: 5432,
        dbname: "shop",
        dbInstanceIdentifier: "x",
      }),
    ],
    [
      "vcap",
      JSON.stringify({
        VCAP_SERVICES: {
          postgres: [
            {
              credentials: {
                uri: "postgres://app:s3cret@db.example.com:5432/shop",
                hostname: "db.example.com",
              },
            },
          ],
        },
      }),
    ],
    [
      "laravel",
      "DB_CONNECTION=pgsql\nDB_HOST=db.example.com\nDB_PORT=5432\nDB_DATABASE=shop\nDB_USERNAME=app\nDB_PASSWORD=s3cret\n",
    ],
    [
      "subscription",
      "CREATE SUBSCRIPTION s CONNECTION 'host=db.example.com dbname=shop user=app password=s3cret' PUBLICATION p;",
    ],
    [
      "dblink",
      "SELECT * FROM dblink('host=db.example.com dbname=shop user=app password=s3cret', 'select 1') AS t(x int);",
    ],
    ["alembic", "[alembic]\nsqlalchemy.url = postgresql://app:s3cret@db.example.com/shop\n"],
    ["table", "Host\tdb.example.com\nPort\t5432\nUser\tapp\nPassword\ts3cret\nDatabase\tshop\n"],
  ])("with all they say: %s", (_name, text) => {
    const read = parseConnectionString(text);
    expect(read.ok ? read.value : read.problem).toMatchObject({
      values: { host: "db.example.com", user: "app", database: "shop" },
      password: "s3cret",
    });
  });

  test.each([
    [
      "k8sDeploy",
      "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          env:\n            - name: PGHOST\n              value: db.example.com\n            - name: PGUSER\n              value: app\n",
    ],
    [
      "datagrip",
      '<data-source name="shop"><jdbc-url>jdbc:postgresql://db.example.com:5432/shop</jdbc-url><user-name>app</user-name></data-source>',
    ],
    ["dockerfile", "FROM x\nENV PGHOST=db.example.com\nENV PGUSER=app PGPASSWORD=s3cret\n"],
    ["dockerrun", "docker run -e PGHOST=db.example.com -e PGUSER=app -e PGPASSWORD=s3cret postgres:17 psql"],
    ["conninfo", "primary_conninfo = 'host=db.example.com port=5432 user=app password=s3cret'\n"],
    [
      "fdw",
      "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db.example.com', dbname 'shop', port '5432');",
    ],
    ["powershell", '$env:PGHOST = "db.example.com"\n$env:PGUSER = "app"\n$env:PGPASSWORD="s3cret"\n'],
    ["fish", "set -x PGHOST db.example.com\nset -x PGUSER app\n"],
    [
      "knex",
      "module.exports = { client: 'pg', connection: { host: 'db.example.com', user: 'app', password: 's3cret', database: 'shop' } };",
    ],
  ])("as far as they go: %s", (_name, text) => {
    const read = parseConnectionString(text);
    expect(read.ok ? read.value.values.host : read.problem).toBe("db.example.com");
  });

  test("a host with its port in one variable", () => {
    const read = parseConnectionString("DB_HOST=db.example.com:6432\nDB_USER=app\nDB_NAME=shop\n");
    expect(read).toMatchObject({ value: { values: { host: "db.example.com", port: "6432" } } });
  });

  test("each data source of a file by itself", () => {
    const one = (name: string) =>
      `<data-source name="${name}"><jdbc-url>jdbc:postgresql://${name}.example.com/x</jdbc-url><user-name>${name}</user-name></data-source>`;
    const found = readConnections(`<project>${one("a")}${one("b")}</project>`);
    const hosts = found.ok ? found.value.map(({ read }) => (read.ok ? read.value.values : read.problem)) : [];
    expect(hosts).toMatchObject([
      { host: "a.example.com", user: "a" },
      { host: "b.example.com", user: "b" },
    ]);
  });
});

describe("what is known and not read is named, and nothing of it is shown", () => {
  test.each([
    [
      "tnsnames.ora (Oracle)",
      "SHOP =\n  (DESCRIPTION =\n    (ADDRESS = (PROTOCOL = TCP)(HOST = db.example.com)(PORT = 1521))\n    (CONNECT_DATA = (SERVICE_NAME = shop))\n  )\n",
    ],
    ["MySQL", "mysql://app:s3cret@db.example.com:3306/shop"],
    ["MySQL", "mysql2://app:s3cret@db.example.com:3306/shop"],
    ["MariaDB", "mariadb://app:s3cret@db.example.com/shop"],
    ["MongoDB", "mongodb+srv://app:s3cret@cluster.example.com/shop"],
    ["Redis", "rediss://default:s3cret@db.example.com:6379/0"],
    ["SQL Server", "mssql://sa:s3cret@db.example.com:1433/shop"],
    ["SQL Server", "sqlserver://db.example.com:1433;databaseName=shop;user=sa;password=s3cret"],
    ["MySQL", "jdbc:mysql://db.example.com:3306/shop?user=app&password=s3cret"],
    ["Oracle", "jdbc:oracle:thin:@//db.example.com:1521/shop"],
    ["SQL Server", "jdbc:sqlserver://db.example.com:1433;databaseName=shop"],
    ["SQLite", "sqlite:///var/db/shop.db"],
    ["Oracle", "oracle://app:s3cret@db.example.com:1521/shop"],
    ["ClickHouse", "clickhouse://app:s3cret@db.example.com:9000/shop"],
    ["AMQP (RabbitMQ)", "amqp://app:s3cret@mq.example.com/"],
    ["HTTPS", "https://db.example.com/"],
    [
      "ssh_config (OpenSSH)",
      "Host bastion\n  HostName bastion.example.com\n  User ec2-user\n  Port 22\n  IdentityFile ~/.ssh/id_ed25519\n  LocalForward 5432 db.internal:5432\n",
    ],
    ["ssh", "ssh -L 5432:db.internal:5432 ec2-user@bastion.example.com"],
    ["my.cnf (MySQL)", "[client]\nhost=db.example.com\nuser=app\npassword=s3cret\nport=3306\n"],
    ["schema.prisma", 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n'],
    [
      "MySQL",
      JSON.stringify({
        username: "app",
        password: "s3cret",
        engine: "mysql",
        host: "db.example.com",
        port: 3306,
        dbname: "shop",
      }),
    ],
    [
      ".env (MySQL)",
      "DB_CONNECTION=mysql\nDB_HOST=db.example.com\nDB_PORT=3306\nDB_DATABASE=shop\nDB_USERNAME=app\nDB_PASSWORD=s3cret\n",
    ],
    [
      "wp-config.php (WordPress, MySQL)",
      "define( 'DB_NAME', 'shop' );\ndefine( 'DB_USER', 'app' );\ndefine( 'DB_PASSWORD', 's3cret' );\ndefine( 'DB_HOST', 'db.example.com' );\n",
    ],
    ["pg_hba.conf", "hostssl all all 0.0.0.0/0 scram-sha-256\n"],
    [".netrc", "machine db.example.com login app password s3cret\n"],
    ["Ansible", "[db]\ndb1 ansible_host=db.example.com ansible_user=app\n"],
    [
      "Ansible",
      "- community.postgresql.postgresql_db:\n    name: shop\n    login_host: db.example.com\n    login_user: app\n    login_password: s3cret\n",
    ],
    ["pgpool.conf", "backend_hostname0 = 'db.example.com'\nbackend_port0 = 5432\n"],
    ["HAProxy", "backend pg\n  server db1 db.example.com:5432 check\n"],
    [
      "SOPS",
      "database:\n  host: ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]\n  user: ENC[AES256_GCM,data:x,type:str]\n",
    ],
    ["Ansible Vault", "$ANSIBLE_VAULT;1.1;AES256\n6162636465\n"],
    ["Snowflake", "snowflake://app:s3cret@acc/shop"],
    ["Helm", "env:\n  - host {{ .Values.host }}\n"],
    ["PEM", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"],
  ])("%s", (name, text) => {
    const found = readConnections(text);
    expect(found.ok ? found.value : found.problem).toMatchObject({
      code: "string-unknown-form",
      facts: { name },
    });
    expect(JSON.stringify(found)).not.toContain("s3cret");
  });

  test("it takes no time, whatever the text", () => {
    const began = performance.now();
    for (const sign of [
      "<a ",
      "ENV A",
      "machine ",
      "(ADDRESS=",
      "Host x\n ",
      "x: ",
      "define(",
      "{{ ",
      "| a | ",
      "<a>",
    ])
      readConnections(sign.repeat(20_000));
    for (const text of ['provider "a" {', "ENV A", "<a>x", "[Service]\nEnvironment=", "Host a"]) {
      for (const blank of [" ", "\n", "\t"]) {
        looseSettings(`${text}${blank.repeat(60_000)}x`);
        otherForm(`${text}${blank.repeat(60_000)}x`);
        misleadingForm(`${text}${blank.repeat(60_000)}x`);
      }
    }
    expect(performance.now() - began).toBeLessThan(4000);
  });
});
