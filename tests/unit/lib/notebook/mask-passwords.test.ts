import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskPasswords } from "#lib/notebook/mask-passwords.ts";
import { splitStatements } from "#lib/sql/split-statements.ts";

/** Each holds `hunter2` where a secret is said. */
const kept: readonly (readonly [before: string, after: string])[] = [
  ["alter role app password 'hunter2'", "alter role app password '[secret]'"],
  [
    "ALTER USER app WITH ENCRYPTED PASSWORD 'hunter2' VALID UNTIL '2030-01-01'",
    "ALTER USER app WITH ENCRYPTED PASSWORD '[secret]' VALID UNTIL '2030-01-01'",
  ],
  ["create user app unencrypted password 'hunter2'", "create user app unencrypted password '[secret]'"],
  [
    "create role app login password\n  -- of the app\n  'hunter2' createdb",
    "create role app login password\n  -- of the app\n  '[secret]' createdb",
  ],
  ["create role app password /* ' */ 'hunter2'", "create role app password /* ' */ '[secret]'"],
  ["create role app password E'hun\\x74er2hunter2'", "create role app password '[secret]'"],
  ["create role app password U&'hunter2\\0061'", "create role app password '[secret]'"],
  [`update u set U&"pass\\0077ord" = 'hunter2'`, `update u set U&"pass\\0077ord" = '[secret]'`],
  [`update u set u&"\\+000070assword" = 'hunter2'`, `update u set u&"\\+000070assword" = '[secret]'`],
  [
    `select 1 from u where U&"p!0061ssword" uescape '!' = 'hunter2'`,
    `select 1 from u where U&"p!0061ssword" uescape '!' = '[secret]'`,
  ],
  ["create role app password $$hunter2$$", "create role app password '[secret]'"],
  ["create role app password $q$hunter2$q$ login", "create role app password '[secret]' login"],
  ["create role app password 'hun'\n'ter2hunter2'", "create role app password '[secret]'"],
  ["create role app password 'hunter2", "create role app password '[secret]"],
  ["create role app password 'it''s hunter2'", "create role app password '[secret]'"],
  ["create role app password 'it's hunter2' login", "create role app password '[secret]'"],
  ['create role app password "hunter2"', 'create role app password "[secret]"'],
  ["create role app password hunter2", "create role app password '[secret]'"],
  ["create user app identified by 'hunter2'", "create user app identified by '[secret]'"],
  ["create user app identified by hunter2", "create user app identified by '[secret]'"],
  ["create user app identified with sha by 'hunter2'", "create user app identified with sha by '[secret]'"],
  ["set password = 'hunter2'", "set password = '[secret]'"],
  ["set my.password to 'hunter2'", "set my.password to '[secret]'"],
  [
    "create user mapping for app server far options (user 'app', password 'hunter2')",
    "create user mapping for app server far options (user 'app', password '[secret]')",
  ],
  [
    "alter user mapping for app server far options (set password 'hunter2', add sslpassword 'hunter2')",
    "alter user mapping for app server far options (set password '[secret]', add sslpassword '[secret]')",
  ],
  [
    "create subscription s connection 'host=a user=b password=hunter2 dbname=c' publication p",
    "create subscription s connection 'host=a user=b password=[secret] dbname=c' publication p",
  ],
  [
    "alter subscription s connection 'password=''hunter2 x'' host=a'",
    "alter subscription s connection 'password=''[secret]'' host=a'",
  ],
  [
    "select dblink_connect('c', $$host=a password=hunter2$$)",
    "select dblink_connect('c', $$host=a password=[secret]$$)",
  ],
  [
    "select dblink_connect(E'host=a\\tpass\\x77ord=hunter2')",
    "select dblink_connect(E'host=a\tpassword=[secret]')",
  ],
  [
    "select dblink(U&'p!0061ssword=hunter2' uescape '!', 'select 1')",
    "select dblink(U&'password=[secret]' uescape '!', 'select 1')",
  ],
  [
    "select * from dblink('postgres://app:hunter2@db/shop?sslmode=require', 'select 1') t(a int)",
    "select * from dblink('postgres://app:[secret]@db/shop?sslmode=require', 'select 1') t(a int)",
  ],
  ["select 'postgresql://app:hunter2@x@db/shop'", "select 'postgresql://app:[secret]@db/shop'"],
  ["copy t from program 'curl https://u:hunter2@h/x'", "copy t from program 'curl https://u:[secret]@h/x'"],
  [
    "copy t from program 'curl -H \"Authorization: Bearer hunter2hunter2hunter2\" https://h'",
    "copy t from program 'curl -H \"Authorization: Bearer [secret]\" https://h'",
  ],
  ["-- postgres://app:hunter2@db\nselect 1", "-- postgres://app:[secret]@db\nselect 1"],
  ["/* don't: password 'hunter2' */ select 1", "/* don't: password '[secret]' */ select 1"],
  ["-- alter role app password 'hunter2'", "-- alter role app password '[secret]'"],
  [
    "\\connect postgres://app:hunter2@db/shop\nselect 1",
    "\\connect postgres://app:[secret]@db/shop\nselect 1",
  ],
  [
    "do $$ begin alter role app password 'hunter2'; end $$",
    "do $$ begin alter role app password '[secret]'; end $$",
  ],
  [
    "do $$ begin execute 'alter role app password ''hunter2'''; end $$",
    "do $$ begin execute 'alter role app password ''[secret]'''; end $$",
  ],
  [
    "do $$ begin execute 'alter role app password ' || quote_literal('hunter2'); end $$",
    "do $$ begin execute 'alter role app password ' || quote_literal('[secret]'); end $$",
  ],
  [
    "select format('alter role %I password %L', 'app', 'hunter2')",
    "select format('alter role %I password %L', '[secret]', '[secret]')",
  ],
  [
    "select dblink_connect('host=a password=' || 'hunter2')",
    "select dblink_connect('host=a password=' || '[secret]')",
  ],
  ["select concat('password=', 'hunter2')", "select concat('password=', '[secret]')"],
  [
    "update users set password = 'hunter2', name = 'a' where id = 1",
    "update users set password = '[secret]', name = 'a' where id = 1",
  ],
  [
    "update users set password = crypt('hunter2', gen_salt('bf')) where name = 'a'",
    "update users set password = crypt('[secret]', gen_salt('[secret]')) where name = 'a'",
  ],
  [
    "update users set (name, password) = ('a', 'hunter2')",
    "update users set (name, password) = ('a', '[secret]')",
  ],
  [
    "select * from users where \"Password\" = 'hunter2' and name = 'a'",
    "select * from users where \"Password\" = '[secret]' and name = 'a'",
  ],
  [
    "select * from users u where u.password::text = 'hunter2'",
    "select * from users u where u.password::text = '[secret]'",
  ],
  [
    "select * from users u where lower(u.password) in ('a', 'hunter2') order by 'b'",
    "select * from users u where lower(u.password) in ('[secret]', '[secret]') order by 'b'",
  ],
  [
    "select * from users u where 'hunter2' = u.password",
    "select * from users u where '[secret]' = u.password",
  ],
  [
    "select * from keys where api_key = 'hunter2' or name = 'a'",
    "select * from keys where api_key = '[secret]' or name = 'a'",
  ],
  [
    "insert into users (name, password, n) values ('a', 'hunter2', 1), ('b', 'hunter2', 2)",
    "insert into users (name, password, n) values ('a', '[secret]', 1), ('b', '[secret]', 2)",
  ],
  [
    "insert into users (password, name) select 'hunter2', 'a' from t where x = 'b'",
    "insert into users (password, name) select '[secret]', 'a' from t where x = 'b'",
  ],
  ["select crypt('hunter2', salt) = 'x'", "select crypt('[secret]', salt) = 'x'"],
  ["select pgp_sym_decrypt(body, 'hunter2') from t", "select pgp_sym_decrypt(body, '[secret]') from t"],
  [
    "select set_config('app.password', 'hunter2', true)",
    "select set_config('app.password', '[secret]', true)",
  ],
  [
    "select json_build_object('name', 'a', 'password', 'hunter2')",
    "select json_build_object('name', 'a', 'password', '[secret]')",
  ],
  ['select \'{"password": "hunter2", "n": 1}\'::jsonb', 'select \'{"password": "[secret]", "n": 1}\'::jsonb'],
  ['select $${"password": "hunter2"}$$::jsonb', 'select $${"password": "[secret]"}$$::jsonb'],
  ["select 'password='u&'hunter2\\0041'", "select 'password=' '[secret]'"],
  ["set password for 'app' = 'hunter2'", "set password for '[secret]' = '[secret]'"],
  ["select 'hunter2' as password, 'a' as name", "select '[secret]' as password, 'a' as name"],
  ["select 'hunter2'::text as \"apiKey\"", "select '[secret]'::text as \"apiKey\""],
  [
    "select * from t where data->>'password' = 'hunter2'",
    "select * from t where data->>'password' = '[secret]'",
  ],
  [
    "select * from t where data['password'] = 'hunter2'",
    "select * from t where data['password'] = '[secret]'",
  ],
  [
    "update t set d = jsonb_set(d, '{a,password}', '\"hunter2\"', true)",
    "update t set d = jsonb_set(d, '{a,password}', '[secret]', true)",
  ],
  [
    "select case password when 'hunter2' then 'a' else 'b' end",
    "select case password when '[secret]' then 'a' else 'b' end",
  ],
  [
    "select xmlparse(document '<a><password>hunter2</password></a>')",
    "select xmlparse(document '<a><password>[secret]</password></a>')",
  ],
  ["copy t from 's3://b/k' credentials 'hunter2'", "copy t from 's3://b/k' credentials '[secret]'"],
  [
    "select aws_commons.create_aws_credentials('hunter2', 'hunter2', '')",
    "select aws_commons.create_aws_credentials('[secret]', '[secret]', '[secret]')",
  ],
  [
    "create table t (name text default 'a', password text default 'hunter2')",
    "create table t (name text default 'a', password text default '[secret]')",
  ],
  ["call sign_in(password => 'hunter2', name => 'a')", "call sign_in(password => '[secret]', name => 'a')"],
  ["call sign_in(p_password := 'hunter2')", "call sign_in(p_password := '[secret]')"],
];

/** Known by their looks, wherever they stand. */
const looks: readonly string[] = [
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
  "AKIAIOSFODNN7EXAMPLE",
  "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  `ghp_${"a1B2".repeat(9)}`,
  `sk_live_${"a1B2".repeat(5)}`,
  "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy",
];

/** Nothing of these is a secret. */
const untouched: readonly string[] = [
  "select 1",
  "set password_encryption = 'scram-sha-256'",
  "alter user mapping for app server far options (set password_required 'false')",
  "create role app password null valid until '2030-01-01'",
  "select 'it''s', e'a\\tb', u&'\\0041', $$x$$, b'01' from \"order\" -- 'a' \n where a = 'b'",
  "select column_name from c where column_name in ('password', 'email')",
  "select 'https://example.com/a?b=c', 'a@b.example'",
  "select password, token from users where id = 7",
  "select * from keys where key = 'a' and foreign_key = 'b'",
  "select 'da39a3ee5e6b4b0d3255bfef95601890afd80709'",
  "select * from users where password = $1 and name = 'a'",
  "create function f() returns text language sql as $$ select u.password = n.password from u, n $$",
  'select password "Label" from users',
  "select 'The password of the day'",
  "update t set token_type = 'a', pass_count = 4",
];

describe("a script whose secrets are left out", () => {
  it.each(kept)("%s", (before, after) => {
    expect(maskPasswords(before)).toBe(after);
    expect(maskPasswords(after)).toBe(after);
    expect(maskPasswords(before.toUpperCase().replaceAll("\\X", "\\x"))).not.toContain("HUNTER2");
  });

  it.each(looks)("%s", (secret) => {
    for (const sql of [
      `select '${secret}'`,
      `select $a$${secret}$a$`,
      `-- ${secret}`,
      `/* ${secret}*/ select "${secret}"`,
      `select f(${"'"}x ${secret} y')`,
    ]) {
      expect(maskPasswords(sql)).not.toContain(secret);
      expect(maskPasswords(sql)).toContain("[secret]");
    }
  });

  it.each(untouched)("%s stays as it is", (sql) => {
    expect(maskPasswords(sql)).toBe(sql);
  });

  it("reads backslashes as the session does", () => {
    const sql = "select dblink_connect('pass\\167ord=hunter2')";
    expect(maskPasswords(sql, { standardConformingStrings: false })).toBe(
      "select dblink_connect('password=[secret]')",
    );
    expect(
      maskPasswords("create role a password 'x\\'hunter2' login", { standardConformingStrings: false }),
    ).toBe("create role a password '[secret]' login");
  });

  it("never keeps the secret, and keeps all else, in any company", () => {
    const secret = fc
      .stringMatching(/^[A-Za-z0-9!#%&()*+,./:;<=>?@^_{|}~ -]{6,24}$/)
      .map((text) => `Zq9${text}`);
    const form = fc.constantFrom<(said: string) => string>(
      (said) => `alter role a password '${said}'`,
      (said) => `alter role a /* x */ password -- y\n  E'${said}'`,
      (said) => `create user a password $w$${said}$w$`,
      (said) => `update u set password = '${said}'`,
      (said) => `insert into u (a, password) values ('b', '${said}')`,
      (said) => `do $body$ begin execute 'alter role a password ''${said}'''; end $body$`,
      (said) => `select set_config('x.password', '${said}', false)`,
      (said) => `create user mapping for a server b options (password '${said}')`,
    );
    const company = fc.constantFrom(
      "select 'a''b' -- it's\n",
      "select $x$ ; $x$ /* ; /* ' */ */",
      "select e'\\'' || \"a;b\"",
      "create function f() returns int begin atomic select 1; end",
      "",
    );
    fc.assert(
      fc.property(secret, form, company, company, (said, write, before, after) => {
        const sql = `${before};\n${write(said)};\n${after}`;
        const masked = maskPasswords(sql);
        expect(masked).not.toContain(said);
        expect(masked.startsWith(`${before};\n`)).toBe(true);
        expect(masked.endsWith(`;\n${after}`)).toBe(true);
        expect(splitStatements(masked).length).toBe(splitStatements(sql).length);
        expect(maskPasswords(masked)).toBe(masked);
      }),
      { numRuns: 500 },
    );
  });

  it("takes time in proportion to the text", () => {
    const long = `select '${"password = x ".repeat(2_000)}', '${"a://b:".repeat(4_000)}', ${"(password ".repeat(4_000)}`;
    const started = performance.now();
    maskPasswords(long);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
