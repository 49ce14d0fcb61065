import type { Row } from "./summary.ts";

/** PostgreSQL URLs: libpq's own, those of providers, SQLAlchemy's, Prisma's, PHP's and Rails'. */
export const urls: readonly Row[] = [
  [
    "abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws",
    "endpoint @abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws/ - notes:sslmode-absent-means-prefer",
  ],
  [
    "shop.abc123.eu-west-1.rds.amazonaws.com:5433",
    "endpoint @shop.abc123.eu-west-1.rds.amazonaws.com:5433/ - notes:sslmode-absent-means-prefer",
  ],
  ["192.0.2.10:5432/shop", "endpoint @192.0.2.10:5432/shop - notes:sslmode-absent-means-prefer"],
  [
    "postgres://app:s3cret@db.example.com:5432/shop",
    "uri app:s3cret@db.example.com:5432/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?sslmode=disable",
    "uri app:s3cret@db.example.com/shop disable",
  ],
  ["postgresql://app:s3cret@db.example.com/shop?sslmode=allow", "uri app:s3cret@db.example.com/shop allow"],
  ["postgresql://app:s3cret@db.example.com/shop?sslmode=prefer", "uri app:s3cret@db.example.com/shop prefer"],
  [
    "postgresql://app:s3cret@db.example.com/shop?sslmode=require",
    "uri app:s3cret@db.example.com/shop require",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?sslmode=verify-ca&sslrootcert=/etc/ssl/shop-ca.pem",
    "uri app:s3cret@db.example.com/shop verify-ca trust=own paths:sslrootcert",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?sslmode=verify-full&sslrootcert=system",
    "uri app:s3cret@db.example.com/shop verify-full trust=system",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?sslrootcert=system",
    "uri app:s3cret@db.example.com/shop verify-full trust=system",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?ssl=true",
    "uri app:s3cret@db.example.com/shop verify-full notes:client-ambiguous(psql, node-postgres; ssl=true; verify_full)",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?ssl=1",
    "uri app:s3cret@db.example.com/shop verify-full notes:client-ambiguous(psql, node-postgres; ssl=true; verify_full)",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?ssl=false",
    "uri app:s3cret@db.example.com/shop disable notes:client-meaning(node-postgres; ssl=false; disable; refused)",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?ssl=0",
    "uri app:s3cret@db.example.com/shop disable notes:client-meaning(node-postgres; ssl=false; disable; refused)",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?ssl=true&sslmode=require",
    "uri app:s3cret@db.example.com/shop require",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?sslmode=no-verify",
    "uri app:s3cret@db.example.com/shop require unchecked notes:client-meaning(node-postgres; sslmode=no-verify; unchecked; refused)",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?ssl=no-verify",
    "uri app:s3cret@db.example.com/shop require unchecked notes:client-meaning(node-postgres; ssl=no-verify; unchecked; refused)",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?sslmode=required",
    "uri app:s3cret@db.example.com/shop require notes:client-meaning(Azure; sslmode=required; require; refused)",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?sslmode=true",
    "uri app:s3cret@db.example.com/shop verify-full notes:client-ambiguous(node-postgres; sslmode=true; verify_full)",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?sslmode=require&uselibpqcompat=true",
    "uri app:s3cret@db.example.com/shop require",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?ssl=require",
    "uri app:s3cret@db.example.com/shop require notes:client-meaning(asyncpg, postgres.js; ssl=require; require; refused)",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?ssl=verify-full",
    "uri app:s3cret@db.example.com/shop verify-full notes:client-meaning(asyncpg, postgres.js; ssl=verify-full; verify_full; refused)",
  ],
  [
    "postgresql://app:p%40ss%3Aw%2Frd%23@db.example.com:6432/shop?sslmode=verify-full",
    "uri app:p@ss:w/rd#@db.example.com:6432/shop verify-full",
  ],
  [
    "postgresql://app:s3cret@[2001:db8::5]:5433/shop?sslmode=require",
    "uri app:s3cret@2001:db8::5:5433/shop require",
  ],
  [
    "postgresql://app:s3cret@primary.example.com:5432,standby.example.com:5433/shop?sslmode=require&target_session_attrs=read-write",
    "uri app:s3cret@/shop require unsupported:host,port,target_session_attrs notes:several-hosts",
  ],
  [
    "postgresql:///shop?host=/var/run/postgresql",
    "uri @/shop - unsupported:host notes:unix-socket,sslmode-absent-means-prefer",
  ],
  [
    "postgresql://app@%2Fvar%2Frun%2Fpostgresql/shop",
    "uri app@/shop - unsupported:host notes:unix-socket,sslmode-absent-means-prefer",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?sslmode=verify-full&sslcert=client.crt&sslkey=client.key&sslrootcert=root.crt",
    "uri app:s3cret@db.example.com/shop verify-full trust=own paths:sslcert,sslkey,sslrootcert",
  ],
  [
    "postgresql://app:s3cret@db.example.com/shop?sslmode=require&channel_binding=require",
    "uri app:s3cret@db.example.com/shop require channelBinding=require",
  ],
  [
    "postgresql://neondb_owner:npg_x9@ep-cool-moon-a1b2c3d4-pooler.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require",
    "uri neondb_owner:npg_x9@ep-cool-moon-a1b2c3d4-pooler.eu-central-1.aws.neon.tech/neondb require channelBinding=require",
  ],
  [
    "postgresql://postgres:[YOUR-PASSWORD]@db.abcdefghijklmnopqrst.supabase.co:5432/postgres",
    "uri postgres@db.abcdefghijklmnopqrst.supabase.co:5432/postgres - notes:placeholder-password,sslmode-absent-means-prefer",
  ],
  [
    "postgresql://postgres.abcdefghijklmnopqrst:[YOUR-PASSWORD]@aws-0-eu-central-1.pooler.supabase.com:6543/postgres",
    "uri postgres.abcdefghijklmnopqrst@aws-0-eu-central-1.pooler.supabase.com:6543/postgres - notes:placeholder-password,sslmode-absent-means-prefer",
  ],
  [
    "postgres://citus:{your_password}@c-shop.abcdefghijklmn.postgres.cosmos.azure.com:5432/citus?sslmode=require",
    "uri citus@c-shop.abcdefghijklmn.postgres.cosmos.azure.com:5432/citus require notes:placeholder-password",
  ],
  [
    "postgres://citus:{your_password}@c.shop.postgres.database.azure.com:5432/citus?ssl=true",
    "uri citus@c.shop.postgres.database.azure.com:5432/citus verify-full notes:client-ambiguous(psql, node-postgres; ssl=true; verify_full),placeholder-password",
  ],
  [
    "postgres://avnadmin:AVNS_x@pg-shop.aivencloud.com:12345/defaultdb?sslmode=require",
    "uri avnadmin:AVNS_x@pg-shop.aivencloud.com:12345/defaultdb require",
  ],
  [
    "postgres://tsdbadmin:s3cret@abc123.x9.tsdb.cloud.timescale.com:34567/tsdb?sslmode=require",
    "uri tsdbadmin:s3cret@abc123.x9.tsdb.cloud.timescale.com:34567/tsdb require",
  ],
  [
    "postgresql://doadmin:s3cret@shop-do-user-1-0.b.db.ondigitalocean.com:25060/defaultdb?sslmode=require",
    "uri doadmin:s3cret@shop-do-user-1-0.b.db.ondigitalocean.com:25060/defaultdb require",
  ],
  [
    "postgresql://shop:s3cret@shop-1234.7tt.aws-us-east-1.cockroachlabs.cloud:26257/defaultdb?sslmode=verify-full",
    "uri shop:s3cret@shop-1234.7tt.aws-us-east-1.cockroachlabs.cloud:26257/defaultdb verify-full",
  ],
  [
    "postgres://u1:s3cret@ec2-52-1-2-3.compute-1.amazonaws.com:5432/d1",
    "uri u1:s3cret@ec2-52-1-2-3.compute-1.amazonaws.com:5432/d1 - notes:sslmode-absent-means-prefer",
  ],
  [
    "postgresql://postgres:s3cret@viaduct.proxy.rlwy.net:43210/railway",
    "uri postgres:s3cret@viaduct.proxy.rlwy.net:43210/railway - notes:sslmode-absent-means-prefer",
  ],
  [
    "postgresql://shop_user:s3cret@dpg-abc123-a.frankfurt-postgres.render.com/shop",
    "uri shop_user:s3cret@dpg-abc123-a.frankfurt-postgres.render.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "postgres://app:s3cret@db.example.com:5432/shop?sslmode=require&connect_timeout=10&application_name=shop%20api",
    "uri app:s3cret@db.example.com:5432/shop require connectTimeout=10 applicationName=shop api",
  ],
  [
    "postgres://app:s3cret@db.example.com:5432/shop?options=-c%20search_path%3Dapp",
    "uri app:s3cret@db.example.com:5432/shop - options=-c search_path=app notes:sslmode-absent-means-prefer",
  ],
  [
    "postgres://app:s3cret@db.example.com:5432/shop?sslmode=verify-full&sslnegotiation=direct",
    "uri app:s3cret@db.example.com:5432/shop verify-full negotiation=direct",
  ],
  [
    "postgres://app:s3cret@db.example.com:5432/shop?pool=5&timeout=5000",
    "uri app:s3cret@db.example.com:5432/shop - unknown:pool=5,timeout=5000 notes:sslmode-absent-means-prefer",
  ],
  [
    "postgis://gis:s3cret@db.example.com:5432/maps",
    "uri gis:s3cret@db.example.com:5432/maps - notes:sslmode-absent-means-prefer",
  ],
  [
    "pgsql://app:s3cret@db.example.com:5432/shop?serverVersion=16&charset=utf8",
    "uri app:s3cret@db.example.com:5432/shop - unknown:serverVersion=16,charset=utf8 notes:sslmode-absent-means-prefer",
  ],
  [
    "postgres://app:s3cret@db.example.com:5432/shop?sslmode=REQUIRED",
    "uri app:s3cret@db.example.com:5432/shop require notes:client-meaning(Azure; sslmode=required; require; refused)",
  ],
  [
    '"postgres://app:s3cret@db.example.com/shop?sslmode=require"',
    "uri app:s3cret@db.example.com/shop require",
  ],
  [
    "  postgres://app:s3cret@db.example.com/shop?sslmode=require;",
    "uri app:s3cret@db.example.com/shop require",
  ],
  [
    "```\npostgres://app:s3cret@db.example.com/shop?sslmode=require\n```",
    "uri app:s3cret@db.example.com/shop require",
  ],
  [
    "postgresql+psycopg2://app:s3cret@db.example.com:5432/shop?sslmode=require",
    "sqlalchemy app:s3cret@db.example.com:5432/shop require",
  ],
  [
    "postgresql+psycopg://app:s3cret@db.example.com:5432/shop?sslmode=verify-full&sslrootcert=/etc/ca.pem",
    "sqlalchemy app:s3cret@db.example.com:5432/shop verify-full trust=own paths:sslrootcert",
  ],
  [
    "postgresql+asyncpg://app:s3cret@db.example.com:5432/shop?ssl=require",
    "sqlalchemy app:s3cret@db.example.com:5432/shop require",
  ],
  [
    "postgresql+asyncpg://app:s3cret@db.example.com:5432/shop?ssl=verify-full",
    "sqlalchemy app:s3cret@db.example.com:5432/shop verify-full",
  ],
  [
    "postgresql+asyncpg://app:s3cret@db.example.com:5432/shop?ssl=true",
    "sqlalchemy app:s3cret@db.example.com:5432/shop verify-full notes:client-meaning(asyncpg; ssl=True; verify_full; other_words)",
  ],
  [
    "postgresql+asyncpg://app:s3cret@db.example.com:5432/shop?ssl=disable",
    "sqlalchemy app:s3cret@db.example.com:5432/shop disable",
  ],
  [
    "postgresql+asyncpg://app:s3cret@db.example.com:5432/shop",
    "sqlalchemy app:s3cret@db.example.com:5432/shop - notes:client-default(asyncpg; prefer)",
  ],
  [
    "postgresql+asyncpg://app:s3cret@db.example.com:5432/shop?sslmode=require",
    "sqlalchemy app:s3cret@db.example.com:5432/shop require",
  ],
  [
    "postgresql+pg8000://app:a+b@db.example.com/shop",
    "sqlalchemy app:a+b@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "postgresql+psycopg2://app:s3cret@/shop?host=db.example.com&port=5433&application_name=shop+api",
    "sqlalchemy app:s3cret@db.example.com:5433/shop - applicationName=shop api notes:sslmode-absent-means-prefer",
  ],
  [
    "cockroachdb+psycopg2://app:s3cret@db.example.com:26257/shop?sslmode=verify-full",
    "sqlalchemy app:s3cret@db.example.com:26257/shop verify-full",
  ],
  [
    "postgresql://app:s3cret@db.example.com:5432/shop?schema=public&connection_limit=5",
    "prisma app:s3cret@db.example.com:5432/shop - unknown:schema=public,connection_limit=5 notes:client-default(Prisma; prefer)",
  ],
  [
    "postgresql://app:s3cret@db.example.com:5432/shop?schema=public&sslmode=require&pool_timeout=20",
    "prisma app:s3cret@db.example.com:5432/shop require unknown:schema=public,pool_timeout=20",
  ],
  [
    "postgresql://app:s3cret@db.example.com:5432/shop?sslaccept=strict",
    "prisma app:s3cret@db.example.com:5432/shop verify-full notes:client-ambiguous(Prisma; sslaccept=strict; verify_full)",
  ],
  [
    "postgresql://app:s3cret@db.example.com:5432/shop?sslmode=require&sslaccept=strict",
    "prisma app:s3cret@db.example.com:5432/shop verify-full notes:client-meaning(Prisma; sslaccept=strict; verify_full; other_words)",
  ],
  [
    "postgresql://app:s3cret@db.example.com:5432/shop?sslmode=require&sslaccept=accept_invalid_certs",
    "prisma app:s3cret@db.example.com:5432/shop require unchecked notes:client-meaning(Prisma; sslaccept=accept_invalid_certs; unchecked; other_words)",
  ],
  [
    "postgresql://app:s3cret@db.example.com:5432/shop?sslmode=require&sslcert=../cert/root.pem&sslidentity=client.p12&sslpassword=pk12",
    "prisma app:s3cret@db.example.com:5432/shop require trust=own passphrase=pk12 paths:sslrootcert unknown:sslidentity=client.p12",
  ],
  [
    "postgresql://app:s3cret@db.example.com:6543/shop?pgbouncer=true",
    "prisma app:s3cret@db.example.com:6543/shop - unknown:pgbouncer=true notes:client-default(Prisma; prefer)",
  ],
  [
    "postgresql://app:s3cret@db.example.com:5432/shop?sslmode=disable&connection_limit=1",
    "prisma app:s3cret@db.example.com:5432/shop disable unknown:connection_limit=1",
  ],
];
