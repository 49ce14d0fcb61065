import { describe, expect, test } from "vitest";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import { type ParsedConnection, parseConnectionString } from "#lib/strings/read/parse-connection-string.ts";

/** The provider's own sample: 23 signs. */
const host = "foo0bar1baz2quux3quuux4.dsql.us-east-1.on.aws";
const admin = { host, user: "admin", database: "postgres" };

function read(text: string): ParsedConnection {
  const found = parseConnectionString(text);
  if (!found.ok) throw new Error(JSON.stringify(found.problem));
  return found.value;
}

describe("the lines of the source documents, as they are printed there", () => {
  test.each<[string, string, object]>([
    [
      "backslashes in the middle of lines, the host on the next",
      `PGSSLROOTCERT=system \\ PGSSLMODE=verify-full \\ psql --dbname postgres \\ --username admin \\ --host\n${host}`,
      { ...admin, mode: "verify-full", trust: "system" },
    ],
    [
      "a backslash at the end before the host",
      `PGSSLMODE=verify-full \\\npsql --dbname postgres \\\n--username admin \\\n--host \\\n  ${host}`,
      { ...admin, mode: "verify-full" },
    ],
    [
      "several set on one line",
      `set PGSSLROOTCERT=C:\\full\\path\\root.pem set PGSSLMODE=verify-full\npsql --dbname postgres --username admin --host ${host}`,
      { ...admin, mode: "verify-full", trust: "own" },
    ],
    [
      "several set and the call on one line",
      `set PGSSLROOTCERT=C:\\root.pem set PGSSLMODE=verify-full psql.exe --dbname postgres --username admin --host ${host}`,
      { ...admin, mode: "verify-full", trust: "own" },
    ],
    ["em dashes", `psql —dbname postgres —username admin —host ${host}`, admin],
    [
      "PowerShell's backticks in the middle of a line",
      `$env:PGSSLMODE = "verify-full"\npsql --dbname postgres \` --username admin \` --host ${host}`,
      { ...admin, mode: "verify-full" },
    ],
    [
      "carets in the middle of a line",
      `set PGSSLMODE=verify-full\npsql.exe --dbname postgres ^ --username admin ^ --host ${host}`,
      { ...admin, mode: "verify-full" },
    ],
  ])("%s", (_, text, values) => {
    expect(read(text).values).toMatchObject(values);
  });

  const block = (password: string) => `aws dsql generate-db-connect-admin-auth-token ^
    --region=us-east-1 ^
    --expires-in=3600 ^
    --hostname=${host}

set "PGPASSWORD=${password}"
set PGSSLMODE=require
"C:\\Program Files\\PostgreSQL\\bin\\psql.exe" --dbname postgres ^
    --username admin ^
    --host ${host}`;
  test.each(["token-from-above", "<token-from-above>", "your_token", "%TOKEN%"])(
    "the whole block of cmd, with %s",
    (password) => {
      const found = read(block(password));
      expect(found.password).toBeUndefined();
      expect(found.values).toMatchObject({
        ...admin,
        mode: "require",
        signIn: "aurora-dsql-token",
        tokenRegion: "us-east-1",
        tokenExpiry: "3600",
      });
    },
  );

  test.each<[string, object]>([
    [
      `aws dsql generate-db-connect-admin-auth-token --region us-east-1 --expires-in 3600 --hostname ${host}`,
      { host, user: "admin", signIn: "aurora-dsql-token", tokenRegion: "us-east-1", tokenExpiry: "3600" },
    ],
    [
      `aws --profile shop dsql generate-db-connect-auth-token --region eu-west-1 --hostname ${host}`,
      { host, signIn: "aurora-dsql-token", tokenRegion: "eu-west-1", awsProfile: "shop" },
    ],
    [
      "$ aws rds generate-db-auth-token \\\n   --hostname mydb.123456789012.us-west-2.rds.amazonaws.com \\\n   --port 5433 \\\n   --region us-west-2 \\\n   --username jane_doe",
      {
        host: "mydb.123456789012.us-west-2.rds.amazonaws.com",
        port: "5433",
        user: "jane_doe",
        signIn: "rds-token",
        tokenRegion: "us-west-2",
      },
    ],
  ])("a command alone: %s", (text, values) => {
    expect(read(text).values).toMatchObject(values);
  });

  test.each(["ssl=true", "SSL=True", "Use SSL=true", "Encrypt=yes"])("ADO.NET with %s", (word) => {
    const found = read(`Host=db.example.com;Database=shop;Username=app;Password=s3cret;${word}`);
    expect(found.values).toMatchObject({ ssl: true, mode: "verify-full" });
    expect(found.unknown).toEqual([]);
  });

  test.each([
    "your_pass",
    "your-password",
    "my_db_password",
    "YOUR_TOKEN",
    "token-from-above",
    "your password here",
  ])("%s is a placeholder", (password) => {
    const found = read(`Host=db.example.com;Username=app;Password=${password}`);
    expect(found.password).toBeUndefined();
    expect(found.notes.map(({ id }) => id)).toContain("placeholder-password");
  });

  test.each(["pass", "token", "password", "mypass1", "passtoken"])("%s is a password", (password) => {
    expect(read(`Host=db.example.com;Username=app;Password=${password}`).password).toBe(password);
  });

  test.each([
    "sslmode=require",
    "psql -U app -d shop",
    "postgres:///shop?user=app",
    "DB_URL=postgres:///shop",
  ])("%s names no host, and it is said", (text) => {
    expect(read(text).notes.map(({ id }) => id)).toContain("no-host");
  });

  test.each(["host=h", "hostaddr=10.0.0.1", "host=/run/postgresql dbname=d", "host={your_host} user=u"])(
    "%s names one",
    (text) => {
      expect(read(text).notes.map(({ id }) => id)).not.toContain("no-host");
    },
  );
});

describe("an Aurora DSQL endpoint is known by its domain", () => {
  test.each([
    host,
    "abcdefghijklmnopqrstuvwxyz.dsql.eu-west-2.on.aws",
    "a.dsql.us-east-1.on.aws",
    "your-cluster.dsql-gamma.us-east-1.on.aws",
    "ABC123.DSQL.us-east-1.on.aws.",
  ])("%s", (name) => {
    const provider = recogniseProvider(name);
    expect(provider?.id).toBe("aurora-dsql");
    expect(provider?.tlsRequired).toBe(true);
  });

  test.each(["dsql.us-east-1.on.aws", "a.b.dsql.us-east-1.on.aws", `${host}.evil.test`, "a.dsql.on.aws"])(
    "%s is none",
    (name) => {
      expect(recogniseProvider(name)?.id).not.toBe("aurora-dsql");
    },
  );
});

describe("a command is read from its wrapper", () => {
  const url = "postgresql://app:s3@db.example.com/shop?sslmode=require";
  test.each([
    `kubectl run -it --rm psql --image=postgres:17 -- psql "${url}"`,
    `kubectl exec -it psql -n db -c psql -- psql '${url}'`,
    `kubectl run psql --rm -it --image=postgres --env="PGPASSWORD=s3" -- psql -h db.example.com -U app -d shop --set=sslmode=require`,
    `docker run -it --rm --name psql postgres:17 psql "${url}"`,
    `docker exec -it psql psql -h db.example.com -U app shop`,
    `docker run --rm -e PGPASSWORD=s3 postgres psql -h db.example.com -U app shop`,
    `docker compose exec psql psql "${url}"`,
    `ssh bastion 'psql "${url}"'`,
    `docker run --rm postgres sh -c 'psql -h db.example.com -U app -d shop'`,
    `sudo -u psql psql "${url}"`,
  ])("%s", (text) => {
    expect(read(text).values).toMatchObject({ host: "db.example.com", user: "app", database: "shop" });
  });
});

describe("typographic signs are read as plain ones, and said", () => {
  test.each<[string, object]>([
    ["psql –h db.example.com –U app –d shop", { host: "db.example.com", user: "app", database: "shop" }],
    [
      "psql −h db.example.com ––username=app –dbname shop",
      { host: "db.example.com", user: "app", database: "shop" },
    ],
    [
      "host=db.example.com\u00a0user=app\u202fdbname=shop",
      { host: "db.example.com", user: "app", database: "shop" },
    ],
    ["psql “postgres://app@db.example.com/shop?sslmode=verify–full”", { mode: "verify-full" }],
    ["host=‘db.example.com’ user=‘my app’", { host: "db.example.com", user: "my app" }],
    ["Host=“db.example.com”;Username=“app”", { host: "db.example.com", user: "app" }],
    ["DB_HOST=“db.example.com”\nDB_USER=«app»\nDB_NAME=shop", { host: "db.example.com", user: "app" }],
    ["new Client({ host: ‘db.example.com’, user: “app” })", { host: "db.example.com", user: "app" }],
    ["{“host”: “db.example.com”, “user”: “app”}", { host: "db.example.com", user: "app" }],
    ["db‑prod.example.com:5433", { host: "db-prod.example.com", port: "5433" }],
    ["postgres://app@db.exam\u200bple.com/sh\u00adop", { host: "db.example.com", database: "shop" }],
    ["postgres://app\u200b@db.example.com/shop", { user: "app" }],
    ["\u200bpostgres://app@db.example.com/shop", { host: "db.example.com" }],
    ["\u2066postgres://app@db.example.com/shop\u2069", { host: "db.example.com" }],
  ])("%s", (text, values) => {
    const found = read(text);
    expect(found.values).toMatchObject(values);
    expect(found.notes[0]?.id).toBe("signs-read");
  });

  test.each([
    ["postgres://app:s3\u200b@db.example.com/shop", "s3\u200b"],
    ["jdbc:postgresql://db.example.com/shop?user=app&password=s3–cret", "s3–cret"],
    ["Host=db.example.com;Username=app;Password=l’été", "l’été"],
    ["DB_HOST=h.example.com\nDB_USER=app\nDB_PASSWORD=a\u00a0b", "a\u00a0b"],
  ])("a password is kept as it stands, and asked about: %s", (text, password) => {
    const found = read(text);
    expect(found.password).toBe(password);
    expect(found.notes.find(({ id }) => id === "signs-in-password")?.facts).toMatchObject({ kept: "yes" });
  });

  test("what was taken out of a password to read it at all is asked about, too", () => {
    const found = read("post\u200bgres://app:s3\u200bcret@db.example.com/shop");
    expect(found.password).toBe("s3cret");
    expect(found.notes[1]).toMatchObject({ id: "signs-in-password", facts: { kept: "no" } });
  });

  test("quotes around a password are none of it", () => {
    expect(read("Host=db.example.com;Username=app;Password=“s;3”").password).toBe("s;3");
  });
});
