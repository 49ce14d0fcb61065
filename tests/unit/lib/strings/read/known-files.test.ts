import { describe, expect, test } from "vitest";
import { parseConnectionString } from "#lib/strings/read/parse-connection-string.ts";

describe("well-known files, and a sentence with one URL in it", () => {
  const values = { host: "db.example.com", user: "app", database: "shop" };
  test.each([
    '{"ConnectionStrings":{"Default":"Host=db.example.com;Username=app;Password=s3cret;Database=shop"}}',
    '{"Logging":{"Level":"x"},"ConnectionStrings":{"A":"Server=db.example.com;User Id=app;Password=s3cret;Database=shop;Port=5432"}}',
    "ConnectionStrings:\n  Default: Host=db.example.com;Username=app;Password=s3cret;Database=shop\n",
    "apiVersion: 1\ndatasources:\n  - name: Postgres\n    type: postgres\n    url: db.example.com:5432\n    user: app\n    secureJsonData:\n      password: 's3cret'\n    jsonData:\n      database: shop\n      sslmode: 'verify-full'\n",
    '{"type":"grafana-postgresql-datasource","url":"db.example.com","user":"app","database":"shop","secureJsonData":{"password":"s3cret"}}',
    "[databases]\nshop = host=db.example.com port=5432 user=app password=s3cret\n\n[pgbouncer]\nlisten_port = 6432\n",
    "[databases]\nx = host=db.example.com dbname=shop user=app password=s3cret\n",
    'host = "db.example.com"\nport = 5432\nuser = "app"\npassword = "s3cret"\ndbname = "shop"\n',
    "Please use postgres://app:s3cret@db.example.com:5432/shop for the tests.",
    "The URL (postgresql://app:s3cret@db.example.com/shop) is new, thanks!",
  ])("%s", (text) => {
    const read = parseConnectionString(text);
    expect(read.ok ? read.value : read.problem).toMatchObject({ values, password: "s3cret" });
  });
});
