import type { Row } from "./summary.ts";

/** libpq keyword strings, the Azure portal's among them. */
export const keywords: readonly Row[] = [
  [
    "host=db.example.com port=5432 dbname=shop user=app password=s3cret sslmode=require",
    "keywords app:s3cret@db.example.com:5432/shop require",
  ],
  [
    "host=db.example.com dbname=shop user=app password=s3cret",
    "keywords app:s3cret@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "host = db.example.com\nport = 5432\ndbname = shop\nuser = app\nsslmode = verify-full",
    "keywords app@db.example.com:5432/shop verify-full",
  ],
  [
    "host=db.example.com user=app password='it\\'s a \\\\ secret' dbname=shop sslmode=verify-ca sslrootcert=ca.pem",
    "keywords app:it's a \\ secret@db.example.com/shop verify-ca trust=own paths:sslrootcert",
  ],
  [
    "sslmode=verify-full sslrootcert=DigiCertGlobalRootG2.crt.pem host=c-shop.abcdefghijklmn.postgres.cosmos.azure.com dbname=citus user=citus password={your_password}",
    "keywords citus@c-shop.abcdefghijklmn.postgres.cosmos.azure.com/citus verify-full trust=own paths:sslrootcert notes:placeholder-password",
  ],
  [
    "host=c.shop.postgres.database.azure.com port=5432 dbname=citus user=citus password={your_password} sslmode=require",
    "keywords citus@c.shop.postgres.database.azure.com:5432/citus require notes:placeholder-password",
  ],
  [
    "host=c.shop.postgres.database.azure.com port=5432 dbname={your_database} user=citus password={your_password} sslmode=required",
    "keywords citus@c.shop.postgres.database.azure.com:5432/ require notes:client-meaning(Azure; sslmode=required; require; refused),placeholder-value(dbname),placeholder-password",
  ],
  [
    "dbname='citus' user='citus' host='c.shop.postgres.database.azure.com' password='{your_password}' port='5432' sslmode='true'",
    "keywords citus@c.shop.postgres.database.azure.com:5432/citus require notes:client-meaning(Azure; sslmode=true; require; refused),placeholder-password",
  ],
  [
    "host=c.shop.postgres.database.azure.com; dbname={your_database} user=citus password={your_password} port=5432 sslmode=require",
    "keywords citus@c.shop.postgres.database.azure.com:5432/ require notes:placeholder-value(dbname),placeholder-password",
  ],
  [
    "host=db.example.com hostaddr=192.0.2.7 user=app sslmode=verify-full",
    "keywords app@db.example.com/ verify-full networkAddress=192.0.2.7",
  ],
  [
    "host=a.example.com,b.example.com port=5432,5433 user=app dbname=shop",
    "keywords app@/shop - unsupported:host,port notes:several-hosts,sslmode-absent-means-prefer",
  ],
  [
    "host=/var/run/postgresql dbname=shop",
    "keywords @/shop - unsupported:host notes:unix-socket,sslmode-absent-means-prefer",
  ],
  [
    "host=db.example.com user=app sslmode=no-verify",
    "keywords app@db.example.com/ require unchecked notes:client-meaning(node-postgres; sslmode=no-verify; unchecked; refused)",
  ],
  ["service=shop", "keywords @/ - paths:service unsupported:service notes:sslmode-absent-means-prefer"],
  [
    "host=db.example.com user=app passfile=/home/app/.pgpass sslmode=require",
    "keywords app@db.example.com/ require paths:passfile unsupported:passfile",
  ],
  [
    "host=db.example.com user=app sslmode=verify-full sslrootcert=system sslnegotiation=direct",
    "keywords app@db.example.com/ verify-full trust=system negotiation=direct",
  ],
  [
    "host=db.example.com user=app sslmode=verify-ca sslrootcert=ca.pem sslcert=client.crt sslkey=client.key sslpassword=pk sslcrl=revoked.crl",
    "keywords app@db.example.com/ verify-ca trust=own passphrase=pk paths:sslrootcert,sslcert,sslkey,sslcrl",
  ],
  [
    "host=db.example.com user=app password='a;b=c;d' dbname=shop sslmode=require",
    "keywords app:a;b=c;d@db.example.com/shop require",
  ],
  [
    "user=app password=s3cret host=db.example.com pool_max_conns=10 sslmode=require",
    "keywords app:s3cret@db.example.com/ require unknown:pool_max_conns=10",
  ],
  [
    "host=db.example.com user=app sslmode=require keepalives_idle=30 statement_timeout=5000",
    "keywords app@db.example.com/ require unknown:keepalives_idle=30,statement_timeout=5000",
  ],
  [
    "host=db.example.com user=app ssl_min_protocol_version=TLSv1.3 sslmode=verify-full channel_binding=require",
    "keywords app@db.example.com/ verify-full minVersion=TLSv1.3 channelBinding=require",
  ],
];
