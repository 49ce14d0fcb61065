import type { Row } from "./summary.ts";

/** ADO.NET, Npgsql and ODBC strings, the Azure portal's ADO.NET and Web App among them. */
export const adoNet: readonly Row[] = [
  [
    "Host=db.example.com;Port=5432;Database=shop;Username=app;Password=s3cret",
    "ado-net app:s3cret@db.example.com:5432/shop - notes:client-default(Npgsql; prefer)",
  ],
  [
    "Host=db.example.com;Port=5432;Database=shop;Username=app;Password=s3cret;SSL Mode=Disable",
    "ado-net app:s3cret@db.example.com:5432/shop disable",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Password=s3cret;SSL Mode=Allow",
    "ado-net app:s3cret@db.example.com/shop allow",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Password=s3cret;SSL Mode=Prefer",
    "ado-net app:s3cret@db.example.com/shop prefer",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Password=s3cret;SSL Mode=Require",
    "ado-net app:s3cret@db.example.com/shop verify-full notes:client-ambiguous(Npgsql; SSL Mode=Require; verify_full)",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Password=s3cret;SslMode=Require;Trust Server Certificate=true",
    "ado-net app:s3cret@db.example.com/shop require unchecked notes:client-meaning(Npgsql; SSL Mode=Require; Trust Server Certificate=true; unchecked; other_words)",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Password=s3cret;SslMode=Require;TrustServerCertificate=False",
    "ado-net app:s3cret@db.example.com/shop verify-full notes:client-meaning(Npgsql; Trust Server Certificate=false; verify_full; other_words)",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Password=s3cret;SSL Mode=Require;Root Certificate=/etc/ca.pem",
    "ado-net app:s3cret@db.example.com/shop verify-ca trust=own paths:sslrootcert notes:client-ambiguous(Npgsql; SSL Mode=Require; verify_ca)",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Password=s3cret;SSL Mode=VerifyCA;Root Certificate=/etc/ca.pem",
    "ado-net app:s3cret@db.example.com/shop verify-ca trust=own paths:sslrootcert",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Password=s3cret;Ssl Mode=VerifyFull",
    "ado-net app:s3cret@db.example.com/shop verify-full",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Password=s3cret;Ssl Mode=VerifyFull;Trust Server Certificate=true",
    "ado-net app:s3cret@db.example.com/shop verify-full notes:client-ambiguous(Npgsql; Trust Server Certificate=true; verify_full)",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Trust Server Certificate=true",
    "ado-net app@db.example.com/shop require unchecked notes:client-meaning(Npgsql; Trust Server Certificate=true; unchecked; other_words)",
  ],
  [
    "Server=c.shop.postgres.database.azure.com;Database=citus;Port=5432;User Id=citus;Password={your_password};Ssl Mode=Require;",
    "ado-net citus@c.shop.postgres.database.azure.com:5432/citus verify-full notes:client-ambiguous(Npgsql; SSL Mode=Require; verify_full),placeholder-password",
  ],
  [
    "Server=c-shop.abcdefghijklmn.postgres.cosmos.azure.com;Database={your_database};Port=5432;User Id=citus;Password={your_password};Ssl Mode=Require;Trust Server Certificate=true",
    "ado-net citus@c-shop.abcdefghijklmn.postgres.cosmos.azure.com:5432/ require unchecked notes:client-meaning(Npgsql; SSL Mode=Require; Trust Server Certificate=true; unchecked; other_words),placeholder-value(dbname),placeholder-password",
  ],
  [
    "Database=citus; Data Source=c.shop.postgres.database.azure.com; User Id=citus; Password={your_password}",
    "ado-net citus@c.shop.postgres.database.azure.com/citus - notes:placeholder-password,client-default(Npgsql; prefer)",
  ],
  [
    'Server=db.example.com;Database=shop;Port=5432;User Id=app;Password="a;b""c";Ssl Mode=VerifyFull;',
    'ado-net app:a;b"c@db.example.com:5432/shop verify-full',
  ],
  [
    "Server=db.example.com;Database=shop;User Id=app;Password='a;b';SslMode=verify-full",
    "ado-net app:a;b@db.example.com/shop verify-full",
  ],
  [
    "Host=db.example.com:6432;Database=shop;Username=app;Password=s3cret;SSL Mode=VerifyFull;Channel Binding=Require",
    "ado-net app:s3cret@db.example.com:6432/shop verify-full channelBinding=require",
  ],
  [
    "HOST=db.example.com;DB=shop;UID=app;PWD=s3cret;SSLMODE=Prefer",
    "ado-net app:s3cret@db.example.com/shop prefer",
  ],
  [
    "Host=a.example.com,b.example.com;Database=shop;Username=app;Target Session Attributes=primary",
    "ado-net app@/shop - unsupported:host,target_session_attrs notes:several-hosts,client-default(Npgsql; prefer)",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Timeout=7;Command Timeout=30;Pooling=true;Maximum Pool Size=20;SSL Mode=VerifyFull",
    "ado-net app@db.example.com/shop verify-full connectTimeout=7 unknown:Command Timeout=30,Pooling=true,Maximum Pool Size=20",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;SSL Mode=VerifyFull;SSL Certificate=client.crt;SSL Key=client.key;SSL Password=pk",
    "ado-net app@db.example.com/shop verify-full passphrase=pk paths:sslcert,sslkey",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;SSL Mode=VerifyFull;SSL Negotiation=Direct;Application Name=shop api",
    "ado-net app@db.example.com/shop verify-full negotiation=direct applicationName=shop api",
  ],
  [
    "Driver={PostgreSQL Unicode};Server=db.example.com;Port=5432;Database=shop;Uid=app;Pwd={s3;cret};SSLmode=require;",
    "ado-net app:s3;cret@db.example.com:5432/shop require",
  ],
  [
    "Driver={PostgreSQL Unicode(x64)};Server=db.example.com;Database=shop;Uid=app;Pwd=s3cret;sslmode=verify-full",
    "ado-net app:s3cret@db.example.com/shop verify-full",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Password=s3cret;SSL Mode=true",
    "ado-net app:s3cret@db.example.com/shop verify-full notes:client-ambiguous(Npgsql; SSL Mode=true; verify_full)",
  ],
  [
    "Host=db.example.com;Database=shop;Username=app;Passfile=/home/app/.pgpass;SSL Mode=VerifyFull",
    "ado-net app@db.example.com/shop verify-full paths:passfile unsupported:passfile",
  ],
];
