import type { Row } from "./summary.ts";

/** JDBC and R2DBC URLs: pgJDBC's `SslMode.of` and its factories. */
export const jdbc: readonly Row[] = [
  [
    "jdbc:postgresql://db.example.com:5432/shop",
    "jdbc @db.example.com:5432/shop - notes:client-default(pgJDBC; prefer)",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&password=s3cret",
    "jdbc app:s3cret@db.example.com:5432/shop - notes:client-default(pgJDBC; prefer)",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&password=s3cret&ssl=true",
    "jdbc app:s3cret@db.example.com:5432/shop verify-full notes:client-meaning(pgJDBC; ssl=true; verify_full; require)",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&password=s3cret&ssl",
    "jdbc app:s3cret@db.example.com:5432/shop verify-full notes:client-meaning(pgJDBC; ssl=true; verify_full; require)",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&ssl=false",
    "jdbc app@db.example.com:5432/shop - notes:client-default(pgJDBC; prefer)",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&sslmode=disable",
    "jdbc app@db.example.com:5432/shop disable",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&sslmode=allow",
    "jdbc app@db.example.com:5432/shop allow",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&sslmode=prefer",
    "jdbc app@db.example.com:5432/shop prefer",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&sslmode=require",
    "jdbc app@db.example.com:5432/shop require",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&sslmode=require&sslrootcert=/etc/ca.pem",
    "jdbc app@db.example.com:5432/shop require trust=own paths:sslrootcert notes:client-skips-root(pgJDBC)",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&sslmode=verify-ca&sslrootcert=/etc/ca.pem",
    "jdbc app@db.example.com:5432/shop verify-ca trust=own paths:sslrootcert",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&sslmode=VERIFY-FULL&sslrootcert=/etc/ca.pem",
    "jdbc app@db.example.com:5432/shop verify-full trust=own paths:sslrootcert",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&ssl=true&sslmode=require",
    "jdbc app@db.example.com:5432/shop require",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory",
    "jdbc app@db.example.com:5432/shop require unchecked notes:client-meaning(pgJDBC; sslfactory=…NonValidatingFactory; unchecked; other_words)",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&sslmode=verify-full&sslfactory=org.postgresql.ssl.NonValidatingFactory",
    "jdbc app@db.example.com:5432/shop require unchecked notes:client-meaning(pgJDBC; sslfactory=…NonValidatingFactory; unchecked; other_words)",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&ssl=true&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory",
    "jdbc app@db.example.com:5432/shop verify-full trust=system notes:client-meaning(pgJDBC; ssl=true; verify_full; require)",
  ],
  [
    "jdbc:postgresql://db.example.com:5432/shop?user=app&ssl=true&sslfactory=com.example.PinnedFactory",
    "jdbc app@db.example.com:5432/shop verify-full unknown:sslfactory=com.example.PinnedFactory notes:client-meaning(pgJDBC; ssl=true; verify_full; require)",
  ],
  [
    "jdbc:postgresql://db.example.com/shop?user=app&password=a+b%2Bc&sslmode=require",
    "jdbc app:a b+c@db.example.com/shop require",
  ],
  [
    "jdbc:postgresql://db.example.com/shop?user=app&password=abc==&sslmode=require",
    "jdbc app:abc==@db.example.com/shop require",
  ],
  [
    "jdbc:postgresql://[2001:db8::5]:5433/shop?user=app&sslmode=require",
    "jdbc app@2001:db8::5:5433/shop require",
  ],
  [
    "jdbc:postgresql://a.example.com:5432,b.example.com:5432/shop?user=app&targetServerType=primary",
    "jdbc app@/shop - unknown:targetServerType=primary unsupported:host,port notes:several-hosts,client-default(pgJDBC; prefer)",
  ],
  ["jdbc:postgresql:shop?user=app", "jdbc app@/shop - notes:no-host,client-default(pgJDBC; prefer)"],
  ["jdbc:postgresql:///shop?user=app", "jdbc app@/shop - notes:no-host,client-default(pgJDBC; prefer)"],
  [
    "jdbc:postgresql://c.shop.postgres.database.azure.com:5432/{your_database}?user=citus&password={your_password}&sslmode=require",
    "jdbc citus@c.shop.postgres.database.azure.com:5432/ require notes:placeholder-value(dbname),placeholder-password",
  ],
  [
    "jdbc:postgresql://db.example.com/shop?user=app&sslmode=verify-full&sslcert=client.crt&sslkey=client.pk8&sslpassword=pk&ApplicationName=shop&currentSchema=app",
    "jdbc app@db.example.com/shop verify-full passphrase=pk applicationName=shop paths:sslcert,sslkey unknown:currentSchema=app",
  ],
  [
    "jdbc:postgresql://db.example.com/shop?user=app&sslmode=require&channelBinding=require&loginTimeout=7",
    "jdbc app@db.example.com/shop require channelBinding=require connectTimeout=7",
  ],
  [
    "jdbc:aws-wrapper:postgresql://shop.abc.eu-west-1.rds.amazonaws.com:5432/shop?wrapperPlugins=iam&user=jane",
    "jdbc jane@shop.abc.eu-west-1.rds.amazonaws.com:5432/shop - unknown:wrapperPlugins=iam notes:client-default(pgJDBC; prefer)",
  ],
  [
    "r2dbc:postgresql://app:s3cret@db.example.com:5432/shop?sslMode=verify-full&sslRootCert=/etc/ca.pem",
    "jdbc app:s3cret@db.example.com:5432/shop verify-full trust=own paths:sslrootcert",
  ],
  [
    "r2dbc:pool:postgres://app:s3cret@db.example.com:5432/shop?sslMode=require",
    "jdbc app:s3cret@db.example.com:5432/shop require",
  ],
];
