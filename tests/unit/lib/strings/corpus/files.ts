import type { Row } from "./summary.ts";

/** Files: environment, services, .pgpass, Kubernetes Secrets, pgAdmin, DBeaver, frameworks' settings. */
export const files: readonly Row[] = [
  [
    "DATABASE_URL=postgres://app:s3cret@db.example.com:5432/shop",
    "env app:s3cret@db.example.com:5432/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    'DATABASE_URL="postgresql://app:s3cret@db.example.com:5432/shop?sslmode=require"',
    "env app:s3cret@db.example.com:5432/shop require notes:node-stricter(require)",
  ],
  [
    "export DATABASE_URL='postgres://app:s3cret@db.example.com/shop?sslmode=verify-full'",
    "env app:s3cret@db.example.com/shop verify-full",
  ],
  [
    "# production\nDATABASE_URL=postgres://app:s3cret@db.example.com/shop?sslmode=no-verify # Heroku\nREDIS_URL=redis://:x@cache.example.com:6379",
    "env app:s3cret@db.example.com/shop require unchecked notes:client-meaning(node-postgres; sslmode=no-verify; unchecked; refused)",
  ],
  [
    'DATABASE_URL="postgresql://app:s3cret@db.example.com:5432/shop?schema=public&connection_limit=5&sslmode=require"',
    "env app:s3cret@db.example.com:5432/shop require unknown:schema=public,connection_limit=5",
  ],
  [
    "DATABASE_URL: postgres://app:s3cret@db.example.com/shop?sslmode=prefer",
    "env app:s3cret@db.example.com/shop prefer notes:node-stricter(prefer)",
  ],
  [
    "PGHOST=db.example.com\nPGPORT=5432\nPGUSER=app\nPGPASSWORD=s3cret\nPGDATABASE=shop\nPGSSLMODE=require",
    "env app:s3cret@db.example.com:5432/shop require",
  ],
  [
    "PGHOST=db.example.com\nPGUSER=app\nPGSSLMODE=no-verify",
    "env app@db.example.com/ require unchecked notes:client-meaning(node-postgres; sslmode=no-verify; unchecked; refused)",
  ],
  [
    "DB_CONNECTION=pgsql\nDB_HOST=db.example.com\nDB_PORT=5432\nDB_DATABASE=shop\nDB_USERNAME=app\nDB_PASSWORD=s3cret",
    "env app:s3cret@db.example.com:5432/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "POSTGRES_HOST=db.example.com\nPOSTGRES_USER=app\nPOSTGRES_PASSWORD=s3cret\nPOSTGRES_DB=shop\nPOSTGRES_SSLMODE=verify-full",
    "env app:s3cret@db.example.com/shop verify-full",
  ],
  [
    "POSTGRES_USER=app\nPOSTGRES_PASSWORD=s3cret\nPOSTGRES_DB=shop",
    "env app:s3cret@/shop - notes:no-host,sslmode-absent-means-prefer",
  ],
  [
    'DB_HOST=db.example.com\nDB_NAME=shop\nDB_USER=app\nDB_PASSWORD="s3 cret"\nDB_SSL=true',
    "env app:s3 cret@db.example.com/shop verify-full notes:client-ambiguous(node-postgres, psql; SSL=true; verify_full)",
  ],
  [
    "DB_HOST=db.example.com\nDB_NAME=shop\nDB_USER=app\nDB_SSL=true\nDB_SSL_REJECT_UNAUTHORIZED=false",
    "env app@db.example.com/shop require unchecked notes:client-meaning(node-postgres; SSL_REJECT_UNAUTHORIZED=false; unchecked; other_words)",
  ],
  [
    "DB_HOST=db.example.com\nDB_NAME=shop\nDB_USER=app\nDB_SSL=false",
    "env app@db.example.com/shop disable notes:client-meaning(node-postgres; SSL=false; disable; other_words)",
  ],
  [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so it stands in the file
    "DB_USER=app\nDB_PASS=s3cret\nDATABASE_URL=postgres://${DB_USER}:${DB_PASS}@db.example.com/shop?sslmode=verify-full",
    "env app:s3cret@db.example.com/shop verify-full",
  ],
  [
    "spring.datasource.url=jdbc:postgresql://db.example.com:5432/shop?sslmode=verify-full\nspring.datasource.username=app\nspring.datasource.password=s3cret",
    "env app:s3cret@db.example.com:5432/shop verify-full",
  ],
  [
    "SPRING_DATASOURCE_URL=jdbc:postgresql://db.example.com:5432/shop\nSPRING_DATASOURCE_USERNAME=app\nSPRING_DATASOURCE_PASSWORD=s3cret",
    "env app:s3cret@db.example.com:5432/shop - notes:client-default(pgJDBC; prefer)",
  ],
  [
    "production:\n  adapter: postgresql\n  host: db.example.com\n  database: shop\n  username: app\n  password: <%= ENV['SHOP_PASSWORD'] %>\n  sslmode: verify-full\n",
    "env app@db.example.com/shop verify-full notes:placeholder-password",
  ],
  [
    "services:\n  api:\n    environment:\n      DATABASE_URL: postgres://app:s3cret@db.example.com/shop?sslmode=verify-full\n",
    "env app:s3cret@db.example.com/shop verify-full",
  ],
  [
    "[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql+psycopg2://app:s3cret@db.example.com/shop?sslmode=require",
    "env app:s3cret@db.example.com/shop require",
  ],
  [
    "[shop]\nhost=db.example.com\nport=5432\ndbname=shop\nuser=app\nsslmode=verify-full\nsslrootcert=/etc/ca.pem",
    "service-file app@db.example.com:5432/shop verify-full trust=own name=shop paths:sslrootcert",
  ],
  [
    "# services\n[shop]\nhost=db.example.com\nuser=app\npassword=s3cret",
    "service-file app:s3cret@db.example.com/ - name=shop notes:sslmode-absent-means-prefer",
  ],
  [
    "db.example.com:5432:shop:app:s3cret",
    "pgpass app:s3cret@db.example.com:5432/shop - name=app@db.example.com notes:sslmode-absent-means-prefer",
  ],
  [
    "# hosts\ndb.example.com:*:*:app:s3:cret\\\\x",
    "pgpass app:s3:cret\\x@db.example.com/ - name=app@db.example.com notes:sslmode-absent-means-prefer",
  ],
  ["*:*:*:app:s3cret", "pgpass app:s3cret@/ - name=app notes:no-host,sslmode-absent-means-prefer"],
  [
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop-db\ntype: Opaque\nstringData:\n  DATABASE_URL: postgres://app:s3cret@db.example.com/shop?sslmode=verify-full\n",
    "kubernetes-secret app:s3cret@db.example.com/shop verify-full",
  ],
  [
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop-app\ndata:\n  host: ZGIuZXhhbXBsZS5jb20=\n  port: NTQzMg==\n  dbname: c2hvcA==\n  user: YXBw\n  username: YXBw\n  password: czNjcmV0\n  uri: cG9zdGdyZXNxbDovL2FwcDpzM2NyZXRAZGIuZXhhbXBsZS5jb206NTQzMi9zaG9w\n",
    "kubernetes-secret app:s3cret@db.example.com:5432/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    'apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop-pg\nstringData:\n  PGHOST: "db.example.com"\n  PGUSER: \'app\'\n  PGPASSWORD: "s3\\"cret"\n  PGSSLMODE: verify-full\n  PGSSLROOTCERT: /etc/pg/ca.crt\n  ca.crt: |\n    -----BEGIN CERTIFICATE-----\n    MIIB\n    -----END CERTIFICATE-----\n',
    'kubernetes-secret app:s3"cret@db.example.com/ verify-full trust=own ca=-----BEGIN CERTIFICATE-----',
  ],
  [
    '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"shop-db"},"data":{"DB_HOST":"ZGIuZXhhbXBsZS5jb20=","DB_USER":"YXBw","DB_PASSWORD":"czNjcmV0","DB_NAME":"c2hvcA=="}}',
    "kubernetes-secret app:s3cret@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    '{"Servers":{"1":{"Name":"Shop","Group":"Servers","Host":"db.example.com","Port":5432,"MaintenanceDB":"postgres","Username":"app","SSLMode":"prefer","SSLCert":"<STORAGE_DIR>/.postgresql/postgresql.crt","SSLKey":"<STORAGE_DIR>/.postgresql/postgresql.key","SSLCompression":0,"Timeout":10,"UseSSHTunnel":0}}}',
    "pgadmin app@db.example.com:5432/postgres prefer name=Shop connectTimeout=10",
  ],
  [
    '{"Servers":{"1":{"Name":"Shop","Group":"Servers","Host":"db.example.com","Port":5432,"MaintenanceDB":"shop","Username":"app","ConnectionParameters":{"sslmode":"verify-full","sslrootcert":"/etc/ca.pem","connect_timeout":10}}}}',
    "pgadmin app@db.example.com:5432/shop verify-full trust=own name=Shop connectTimeout=10 paths:sslrootcert",
  ],
  [
    '{"Servers":{"1":{"Name":"Inner","Host":"10.0.0.5","Port":5432,"MaintenanceDB":"shop","Username":"app","SSLMode":"require","UseSSHTunnel":1,"TunnelHost":"bastion.example.com"}}}',
    "pgadmin app@10.0.0.5:5432/shop require name=Inner notes:ssh-tunnel",
  ],
  [
    '{"folders":{},"connections":{"postgres-jdbc-1":{"provider":"postgresql","driver":"postgres-jdbc","name":"Shop","save-password":true,"configuration":{"host":"db.example.com","port":"5432","database":"shop","url":"jdbc:postgresql://db.example.com:5432/shop","type":"dev","auth-model":"native"}}}}',
    "dbeaver @db.example.com:5432/shop - name=Shop notes:client-default(pgJDBC; prefer)",
  ],
  [
    '{"connections":{"postgres-jdbc-1":{"provider":"postgresql","name":"Shop","configuration":{"host":"db.example.com","port":"5432","database":"shop","user":"app","handlers":{"postgre_ssl":{"type":"CONFIG","enabled":true,"properties":{"ssl.ca.cert":"/etc/ca.pem","sslMode":"verify-full"}}}}}}}',
    "dbeaver app@db.example.com:5432/shop verify-full trust=own name=Shop paths:sslrootcert",
  ],
  [
    '{"connections":{"postgres-jdbc-1":{"provider":"postgresql","name":"Shop","configuration":{"host":"db.example.com","port":"5432","database":"shop","handlers":{"postgre_ssl":{"enabled":true,"properties":{"sslFactory":"org.postgresql.ssl.NonValidatingFactory"}}}}}}}',
    "dbeaver @db.example.com:5432/shop require unchecked name=Shop notes:client-meaning(pgJDBC; sslfactory=…NonValidatingFactory; unchecked; other_words)",
  ],
  [
    '{"connections":{"postgres-jdbc-1":{"provider":"postgresql","name":"Inner","configuration":{"host":"10.0.0.5","port":"5432","database":"shop","handlers":{"ssh_tunnel":{"enabled":true,"properties":{"host":"bastion.example.com"}}}}}}}',
    "dbeaver @10.0.0.5:5432/shop - name=Inner notes:ssh-tunnel,client-default(pgJDBC; prefer)",
  ],
  [
    '{"connections":{"postgres-jdbc-1":{"provider":"postgresql","name":"By URL","configuration":{"url":"jdbc:postgresql://db.example.com:5432/shop?sslmode=require"}}}}',
    "dbeaver @db.example.com:5432/shop require name=By URL",
  ],
  [
    '{"host":"db.example.com","port":5432,"username":"app","password":"s3cret","dbname":"shop","engine":"postgres","dbInstanceIdentifier":"shop"}',
    "env app:s3cret@db.example.com:5432/shop - notes:sslmode-absent-means-prefer",
  ],
];
