import { describe, expect, test } from "vitest";
import { parseConnectionString } from "#lib/strings/read/parse-connection-string.ts";

describe("names of parameters are one table for every form", () => {
  const values = { host: "db.example.com", user: "analyst", database: "sales" };
  test.each([
    "username = analyst\npassword = s3cret\nhost = db.example.com\nport = 25060\ndatabase = sales\nsslmode = require",
    "[postgresql]\nhost=db.example.com\ndatabase=sales\nuser=analyst\npassword=s3cret",
    "host=db.example.com; user=analyst; dbname=sales; password=s3cret",
    "host=db.example.com username=analyst database=sales password=s3cret",
    "server=db.example.com login=analyst db=sales pwd=s3cret",
    'host = "db.example.com"\nusername = "analyst"\ndatabase = "sales"\npassword = "s3cret"',
    "Host=db.example.com;User=analyst;DbName=sales;Pass=s3cret",
    "DB_SERVER=db.example.com\nDB_LOGIN=analyst\nDB_DATABASE_NAME=sales\nDB_PASSWD=s3cret",
    "host: db.example.com\nuser: analyst\ndbname: sales\npwd: s3cret",
  ])("%s", (text) => {
    const read = parseConnectionString(text);
    expect(read.ok ? read.value : read.problem).toMatchObject({ values, password: "s3cret" });
  });
});

describe("the user and password beside a URL in nested settings are read", () => {
  test.each([
    "spring:\n  datasource:\n    url: jdbc:postgresql://db.example.com:5432/shop\n    username: app\n    password: s3cret\n",
    "spring:\n  datasource:\n    url: jdbc:postgresql://db.example.com:5432/shop\n    hikari:\n      username: app\n      password: s3cret\n",
    "spring.datasource:\n  hikari:\n    jdbc-url: jdbc:postgresql://db.example.com/shop\n    username: app\n    password: s3cret\n",
    "spring:\n  r2dbc: {url: 'r2dbc:postgresql://db.example.com/shop', username: app, password: s3cret}\n",
    "spring:\n  flyway:\n    url: jdbc:postgresql://db.example.com/shop\n    user: app\n    password: s3cret\n",
    "quarkus:\n  datasource:\n    username: app\n    password: s3cret\n    jdbc:\n      url: jdbc:postgresql://db.example.com/shop\n",
    '{"datasource":{"url":"jdbc:postgresql://db.example.com/shop","username":"app","password":"s3cret"}}',
  ])("%s", (text) => {
    const read = parseConnectionString(text);
    expect(read.ok ? read.value : read.problem).toMatchObject({
      values: { host: "db.example.com", database: "shop", user: "app" },
      password: "s3cret",
    });
  });
});
