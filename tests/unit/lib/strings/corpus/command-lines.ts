import type { Row } from "./summary.ts";

/** Command lines for sh, cmd and PowerShell, with passwords that are made by commands. */
export const commandLines: readonly Row[] = [
  [
    "psql -h db.example.com -p 5432 -U app -d shop",
    "psql app@db.example.com:5432/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "psql -hdb.example.com -p5433 -Uapp shop",
    "psql app@db.example.com:5433/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "psql --host=db.example.com --port=5432 --username=app --dbname=shop",
    "psql app@db.example.com:5432/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "psql --host db.example.com --username app shop -c 'select 1'",
    "psql app@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    'psql "host=db.example.com port=5432 dbname=shop user=app sslmode=require"',
    "psql app@db.example.com:5432/shop require",
  ],
  [
    "psql 'postgresql://app:s3cret@db.example.com/shop?sslmode=verify-full&sslrootcert=ca.pem'",
    "psql app:s3cret@db.example.com/shop verify-full trust=own paths:sslrootcert",
  ],
  [
    'psql "host=c-shop.abcdefghijklmn.postgres.cosmos.azure.com port=5432 dbname=citus user=citus password={your_password} sslmode=require"',
    "psql citus@c-shop.abcdefghijklmn.postgres.cosmos.azure.com:5432/citus require notes:placeholder-password",
  ],
  [
    'psql "sslmode=verify-full sslrootcert=DigiCertGlobalRootCA.crt.pem host=c.shop.postgres.database.azure.com dbname=citus user=citus password={your_password}"',
    "psql citus@c.shop.postgres.database.azure.com/citus verify-full trust=own paths:sslrootcert notes:placeholder-password",
  ],
  [
    "PGPASSWORD=s3cret psql -h db.example.com -U app shop",
    "psql app:s3cret@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "PGPASSWORD='it is; \"secret\"' PGSSLMODE=verify-full PGSSLROOTCERT=system psql -h db.example.com -U app shop",
    'psql app:it is; "secret"@db.example.com/shop verify-full trust=system',
  ],
  [
    "PGPASSWORD=s3cret PGSSLMODE=require \\\n  psql --host=db.example.com \\\n  --username=app --dbname=shop",
    "psql app:s3cret@db.example.com/shop require",
  ],
  [
    "export PGHOST=db.example.com\nexport PGUSER=app\nexport PGPASSWORD='s3cret'\nexport PGSSLMODE=verify-full\npsql shop",
    "psql app:s3cret@db.example.com/shop verify-full",
  ],
  [
    "export PGHOST=db.example.com PGUSER=app PGDATABASE=shop PGSSLMODE=require",
    "psql app@db.example.com/shop require",
  ],
  [
    "$ psql -h db.example.com -U app shop",
    "psql app@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "app@laptop:~$ psql -h db.example.com -U app shop",
    "psql app@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  ["sudo -u postgres psql -d shop", "psql @/shop - notes:no-host,sslmode-absent-means-prefer"],
  [
    "docker exec -it pg psql -U app -h db.example.com shop",
    "psql app@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  ["env PGSSLMODE=require psql -h db.example.com -U app shop", "psql app@db.example.com/shop require"],
  [
    "psql -d 'host=db.example.com user=app sslmode=verify-ca sslrootcert=/etc/ca.pem' -c '\\conninfo'",
    "psql app@db.example.com/ verify-ca trust=own paths:sslrootcert",
  ],
  [
    "psql -h ignored.example.com 'host=db.example.com user=app'",
    "psql app@db.example.com/ - notes:sslmode-absent-means-prefer",
  ],
  [
    "/usr/lib/postgresql/17/bin/psql -h db.example.com -U app shop",
    "psql app@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "pg_dump -h db.example.com -U app -F c -f shop.dump shop",
    "psql app@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "PGPASSWORD=$(cat /run/secrets/db) psql -h db.example.com -U app shop",
    "psql app@db.example.com/shop - notes:password-command,sslmode-absent-means-prefer",
  ],
  [
    "export PGPASSWORD=$(aws dsql generate-db-connect-admin-auth-token --hostname abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws --region us-east-1 --expires-in 3600)\nexport PGSSLMODE=verify-full PGSSLROOTCERT=system\npsql -h abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws -U admin -d postgres",
    "psql admin@abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws/postgres verify-full trust=system sign-in=aurora-dsql-token tokenRegion=us-east-1 tokenExpiry=3600 notes:token-command(dsql)",
  ],
  [
    "PGSSLMODE=require \\\npsql --dbname postgres \\\n  --username admin \\\n  --host abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws",
    "psql admin@abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws/postgres require",
  ],
  [
    'PGPASSWORD="$(aws dsql generate-db-connect-auth-token --hostname abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws --region eu-west-1 --profile staging)" psql -h abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws -U reporter -d postgres',
    "psql reporter@abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws/postgres - sign-in=aurora-dsql-token tokenRegion=eu-west-1 tokenCredentials=profile awsProfile=staging notes:token-command(dsql),sslmode-absent-means-prefer",
  ],
  [
    "PGPASSWORD=$(aws dsql generate-db-connect-admin-auth-token --hostname=abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws --region=us-east-1) psql",
    "psql admin@abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws/ - sign-in=aurora-dsql-token tokenRegion=us-east-1 notes:token-command(dsql),sslmode-absent-means-prefer",
  ],
  [
    'export RDSHOST="shop.abc.us-west-2.rds.amazonaws.com"\nexport PGPASSWORD="$(aws rds generate-db-auth-token --hostname $RDSHOST --port 5432 --region us-west-2 --username jane_doe)"\npsql "host=$RDSHOST port=5432 sslmode=verify-full sslrootcert=/sample_dir/global-bundle.pem dbname=shop user=jane_doe password=$PGPASSWORD"',
    "psql jane_doe@shop.abc.us-west-2.rds.amazonaws.com:5432/shop verify-full trust=own sign-in=rds-token tokenRegion=us-west-2 paths:sslrootcert notes:token-command(rds)",
  ],
  [
    'psql "host=shop.abc.eu-west-1.rds.amazonaws.com user=jane dbname=shop sslmode=verify-full sslrootcert=global-bundle.pem password=$(aws rds generate-db-auth-token --hostname shop.abc.eu-west-1.rds.amazonaws.com --port 5432 --region eu-west-1 --username jane)"',
    "psql jane@shop.abc.eu-west-1.rds.amazonaws.com:5432/shop verify-full trust=own sign-in=rds-token tokenRegion=eu-west-1 paths:sslrootcert notes:token-command(rds)",
  ],
  [
    "export PGPASSWORD=`aws rds generate-db-auth-token --hostname shop.abc.eu-west-1.rds.amazonaws.com --port 5432 --username jane --region eu-west-1`\npsql -h shop.abc.eu-west-1.rds.amazonaws.com -U jane shop",
    "psql jane@shop.abc.eu-west-1.rds.amazonaws.com:5432/shop - sign-in=rds-token tokenRegion=eu-west-1 notes:token-command(rds),sslmode-absent-means-prefer",
  ],
  [
    'export PGPASSWORD=$(az account get-access-token --resource-type oss-rdbms --query accessToken --output tsv)\npsql "host=shop.postgres.database.azure.com user=jane@contoso.com dbname=postgres sslmode=require"',
    "psql jane@contoso.com@shop.postgres.database.azure.com/postgres require sign-in=entra-token notes:token-command(entra)",
  ],
  [
    "set PGPASSWORD=s3cret\r\nset PGSSLMODE=require\r\npsql -h db.example.com -U app shop",
    "psql app:s3cret@db.example.com/shop require",
  ],
  [
    'set "PGPASSWORD=a&b|c^d"\nset "PGSSLMODE=verify-full"\nset "PGSSLROOTCERT=C:\\certs\\ca.pem"\npsql -h db.example.com -U app shop',
    "psql app:a&b|c^d@db.example.com/shop verify-full trust=own paths:sslrootcert",
  ],
  [
    'C:\\> set PGPASSWORD=s3cret\nC:\\> "C:\\Program Files\\PostgreSQL\\17\\bin\\psql.exe" -h db.example.com -U app -d shop',
    "psql app:s3cret@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "set PGHOST=db.example.com&& set PGUSER=app&& psql shop",
    "psql app@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "for /f \"delims=\" %i in ('aws dsql generate-db-connect-admin-auth-token --hostname abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws --region us-east-1 --expires-in 3600') do set PGPASSWORD=%i\nset PGSSLMODE=verify-full\npsql -h abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws -U admin -d postgres",
    "psql admin@abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws/postgres verify-full sign-in=aurora-dsql-token tokenRegion=us-east-1 tokenExpiry=3600 notes:token-command(dsql)",
  ],
  ['psql "host=db.example.com ^\nuser=app ^\nsslmode=require"', "psql app@db.example.com/ require"],
  [
    "$env:PGPASSWORD = 's3cret'\n$env:PGSSLMODE = 'verify-full'\npsql -h db.example.com -U app shop",
    "psql app:s3cret@db.example.com/shop verify-full",
  ],
  [
    '$env:PGPASSWORD="it`"s $5"; psql -h db.example.com -U app shop',
    'psql app:it"s $5@db.example.com/shop - notes:sslmode-absent-means-prefer',
  ],
  [
    "PS C:\\> $env:PGPASSWORD = 'it''s'\nPS C:\\> psql --host=db.example.com --username=app `\n  --dbname=shop",
    "psql app:it's@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "$env:PGPASSWORD = (aws dsql generate-db-connect-admin-auth-token --hostname abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws --region us-east-1 --expires-in 3600)\n$env:PGSSLMODE = \"verify-full\"\n& 'C:\\Program Files\\PostgreSQL\\17\\bin\\psql.exe' -h abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws -U admin -d postgres",
    "psql admin@abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws/postgres verify-full sign-in=aurora-dsql-token tokenRegion=us-east-1 tokenExpiry=3600 notes:token-command(dsql)",
  ],
  [
    '$env:PGPASSWORD = aws rds generate-db-auth-token --hostname shop.abc.eu-west-1.rds.amazonaws.com --port 5432 --region eu-west-1 --username jane\npsql "host=shop.abc.eu-west-1.rds.amazonaws.com user=jane dbname=shop sslmode=verify-full"',
    "psql jane@shop.abc.eu-west-1.rds.amazonaws.com:5432/shop verify-full sign-in=rds-token tokenRegion=eu-west-1 notes:token-command(rds)",
  ],
  [
    '$token = (Get-AzAccessToken -ResourceUrl https://ossrdbms-aad.database.windows.net).Token\n$env:PGPASSWORD = $token\npsql "host=shop.postgres.database.azure.com user=jane@contoso.com dbname=postgres sslmode=require"',
    "psql jane@contoso.com@shop.postgres.database.azure.com/postgres require sign-in=entra-token notes:token-command(entra)",
  ],
  [
    'DATABASE_URL=postgres://app:s3cret@db.example.com/shop\npsql "$DATABASE_URL"',
    "psql app:s3cret@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  ['psql "$DATABASE_URL"', "psql @/ - notes:placeholder-value(dbname),no-host,sslmode-absent-means-prefer"],
  [
    "psql -h $PGHOST -U app shop",
    "psql app@/shop - notes:placeholder-value(host),sslmode-absent-means-prefer",
  ],
];
