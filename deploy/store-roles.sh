# For deploy/compose-two.yaml, read by the PostgreSQL image when it makes its database: the consoles' role. It owns nothing;
# `cloak-db store init --role cloak` gives it its rights.
psql --set ON_ERROR_STOP=1 --no-password --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set password `cat /run/postgresql/store-password`
create role cloak login password :'password';
SQL
