import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Problem } from "#lib/problems/problem.ts";
import { type LibpqString, parseLibpqString } from "#lib/strings/libpq/parse-libpq-string.ts";

describe("URIs, as libpq 18 reads them", () => {
  test.each<[string, LibpqString["values"]]>([
    [
      "postgres://app@db.example.test:5433/shop?sslmode=verify-full",
      {
        user: "app",
        host: "db.example.test",
        port: "5433",
        database: "shop",
        ssl: true,
        mode: "verify-full",
      },
    ],
    ["postgresql://h/d?sslmode=require", { host: "h", database: "d", ssl: true, mode: "require" }],
    ["POSTGRES://h/d?sslmode=require", { host: "h", database: "d", ssl: true, mode: "require" }],
    ["postgres://h/d?sslmode=disable", { host: "h", database: "d", ssl: false }],
    ["postgres://h/d?ssl=true", { host: "h", database: "d", ssl: true, mode: "require" }],
    ["postgres://h/d?ssl=true&sslmode=verify-ca", { host: "h", database: "d", ssl: true, mode: "verify-ca" }],
    [
      "postgres://[2001:db8::1]:6432/d?sslmode=prefer",
      { host: "2001:db8::1", port: "6432", database: "d", ssl: true, mode: "prefer" },
    ],
    ["postgres://[::1]?sslmode=allow", { host: "::1", ssl: true, mode: "allow" }],
    [
      "postgres://a%40b@h/d%2Fe?sslmode=require",
      { user: "a@b", host: "h", database: "d/e", ssl: true, mode: "require" },
    ],
    [
      "postgres:///shop?host=h&port=6000&user=u&sslmode=require",
      { host: "h", port: "6000", user: "u", database: "shop", ssl: true, mode: "require" },
    ],
    [
      "postgres://first/d?host=second&sslmode=require",
      { host: "second", database: "d", ssl: true, mode: "require" },
    ],
    [
      "postgres://h:5432/?hostaddr=192.0.2.7&sslmode=require&connect_timeout=3&application_name=a%20b&options=-c%20x%3Dy",
      {
        host: "h",
        port: "5432",
        networkAddress: "192.0.2.7",
        ssl: true,
        mode: "require",
        connectTimeout: "3",
        applicationName: "a b",
        options: "-c x=y",
      },
    ],
    ["  postgres://h/d?sslmode=require \n", { host: "h", database: "d", ssl: true, mode: "require" }],
    ["postgres://h:/d?sslmode=require", { host: "h", database: "d", ssl: true, mode: "require" }],
    ["postgres://?sslmode=require", { ssl: true, mode: "require" }],
  ])("%s", (text, values) => {
    const parsed = read(text);
    expect(parsed.form).toBe("uri");
    expect(parsed.values).toEqual(values);
    expect(parsed.unsupported).toEqual([]);
    expect(parsed.unknown).toEqual([]);
  });

  test.each([
    ["postgres://u:p%40ss%2Fw%3F%23%25@h/d", "p@ss/w?#%"],
    ["postgres://u:p?w#x@h/d", "p?w#x"],
    ["postgres://u:a:b@h/d", "a:b"],
    ["postgres://:only@h/d", "only"],
    ["postgres://u@h/d?password=q%26r", "q&r"],
    ["postgres://u:p%C3%A9%F0%9F%94%91@h/d", "pé🔑"],
  ])("the password of %s", (text, password) => {
    expect(read(text).password).toBe(password);
  });

  test.each([
    ["postgres://u:p@ss@h/d", "password-unescaped"],
    ["postgres://u:p/w@h/d", "password-unescaped"],
    ["postgres://u:12/34@h/d", "password-unescaped"],
    ["postgres://u:100%@h/d", "encoding"],
    ["postgres://u:%FF@h/d", "encoding"],
    ["postgres://u:a%00@h/d", "encoding"],
    ["postgres://u:a b@h/d", "encoding"],
    ["postgres://[::1/d", "bracket-open"],
    ["postgres://[]/d", "bracket-empty"],
    ["postgres://[::1]x/d", "bracket-followed"],
    ["postgres://h:54x2/d", "port"],
    ["postgres://h/d?sslmode", "query-no-equals"],
    ["postgres://h/d?options=-csearch_path=x", "query-two-equals"],
    ["postgres://h/d?a%20b=c", "parameter-name"],
    ["postgres://h/d\0", "forbidden-character"],
  ])("%j is malformed: %s", (text, reason) => {
    expect(refused(text)).toMatchObject({ code: "string-malformed", facts: { reason } });
  });
});

describe("keyword strings, as libpq 18 reads them", () => {
  test.each<[string, LibpqString["values"], string?]>([
    [
      "host=h port=5432 dbname=citus user=citus password=geheim sslmode=require",
      { host: "h", port: "5432", database: "citus", user: "citus", ssl: true, mode: "require" },
      "geheim",
    ],
    ["host = h\n\tsslmode =  require", { host: "h", ssl: true, mode: "require" }],
    ["host=h sslmode=require password='a b\\'c\\\\d'", { host: "h", ssl: true, mode: "require" }, "a b'c\\d"],
    ["host=h sslmode=require password=a\\ b\\'c\\\\d", { host: "h", ssl: true, mode: "require" }, "a b'c\\d"],
    ["host=h sslmode=require password=a\\ ", { host: "h", ssl: true, mode: "require" }, "a "],
    ["host=h sslmode=require password=a'b", { host: "h", ssl: true, mode: "require" }, "a'b"],
    ["host='' dbname='' user='' port='' password='' sslmode=require", { ssl: true, mode: "require" }],
    ["host=a host=b sslmode=require sslmode=verify-ca", { host: "b", ssl: true, mode: "verify-ca" }],
    ["host='h'sslmode=require", { host: "h", ssl: true, mode: "require" }],
    ["host=h sslmode=disable", { host: "h", ssl: false }],
    [
      "host=h sslmode=require sslnegotiation=direct channel_binding=require sslsni=0 ssl_min_protocol_version=tlsv1.3 ssl_max_protocol_version=TLSv1.3",
      {
        host: "h",
        ssl: true,
        mode: "require",
        negotiation: "direct",
        channelBinding: "require",
        sni: false,
        minVersion: "TLSv1.3",
        maxVersion: "TLSv1.3",
      },
    ],
  ])("%s", (text, values, password) => {
    const parsed = read(text);
    expect(parsed.form).toBe("keywords");
    expect(parsed.values).toEqual(values);
    expect(parsed.password).toBe(password);
  });

  test.each([
    ["host=h user", "no-equals"],
    ["host=h password='open", "quote-open"],
    ["host=h password='a\\'", "quote-open"],
    ["host=h =x", "parameter-name"],
    ["", "empty"],
    ["  \n", "empty"],
  ])("%j is malformed: %s", (text, reason) => {
    expect(refused(text)).toMatchObject({ code: "string-malformed", facts: { reason } });
  });
});

describe("what else a string can be", () => {
  test.each([
    ["jdbc:postgresql://h:5432/d?user=u&password=geheim", "jdbc"],
    ['psql "host=h password=geheim"', "psql"],
    ["DATABASE_URL=postgres://u:geheim@h/d", "variable"],
    ["mysql://u:geheim@h/d", "other-scheme"],
    ["Server=h;Database=d;Port=5432;User Id=u;Password=geheim;", "ado-net"],
    ["host=h;port=5432;password=geheim", "ado-net"],
    ["'postgres://u:geheim@h/d'", "quoted"],
    ["just some words, geheim", "nothing-known"],
    ["name=value secret=geheim", "nothing-known"],
  ])("%s is no form of ours: %s", (text, looksLike) => {
    const problem = refused(text);
    expect(problem).toMatchObject({ code: "string-unknown-form", facts: { looksLike } });
    expect(JSON.stringify(problem)).not.toContain("geheim");
  });

  test("a text longer than any connection string is refused at once", () => {
    expect(refused(`host=${"h".repeat(70_000)}`)).toMatchObject({ facts: { reason: "too-long" } });
  });
});

describe("C3: sslmode", () => {
  test.each([
    ["require ", undefined],
    ["Require", "require"],
    ["required", "require"],
    ["true", "require"],
    ["no-verify", "require"],
    ["verify_full", "verify-full"],
    ["verifyfull", "verify-full"],
    ["verify-fulll", "verify-full"],
    ["VERIFY-CA", "verify-ca"],
    ["perfer", "prefer"],
    ["disabled", "disable"],
    ["off", "disable"],
  ])("%j is answered with the nearest word", (word, nearest) => {
    const result = parseLibpqString(`host=h sslmode=${word}`);
    if (nearest === undefined) expect(result.ok).toBe(true);
    else
      expect(refused(`host=h sslmode=${word}`)).toMatchObject({
        code: "string-sslmode-unknown",
        facts: { value: word, nearest },
      });
  });

  test.each(["", "hunter2hunter2", "constructor"])("a word near none is not repeated: %j", (word) => {
    expect(refused(`host=h sslmode='${word}'`)).toMatchObject({ code: "string-sslmode-unknown", facts: {} });
    expect(refused(`host=h sslmode='${word}'`).facts).toEqual({});
  });

  test("an absent sslmode keeps the form's own default and says what psql would do", () => {
    const parsed = read("postgres://h/d");
    expect(parsed.values).not.toHaveProperty("mode");
    expect(parsed.values).not.toHaveProperty("ssl");
    expect(parsed.notes).toEqual([{ id: "sslmode-absent-means-prefer" }]);
  });

  test("sslrootcert=system raises the default to verify-full", () => {
    const parsed = read("host=h sslrootcert=system");
    expect(parsed.values).toEqual({ host: "h", trust: "system", ssl: true, mode: "verify-full" });
    expect(parsed.paths).toEqual([]);
    expect(parsed.notes).toEqual([]);
  });

  test.each([
    ["host=h sslrootcert=system sslmode=require", "require", "sslrootcert"],
    ["host=h sslrootcert=system sslmode=disable", "disable", "sslrootcert"],
    ["host=h sslnegotiation=direct sslmode=prefer", "prefer", "sslnegotiation"],
  ])("%s is refused, as libpq does", (text, mode, parameter) => {
    expect(refused(text)).toMatchObject({ code: "trust-weak-mode", facts: { mode, parameter } });
  });
});

describe("what is not carried out is never ignored in silence", () => {
  test.each([
    ["host=a,b", ["host"]],
    ["postgres://a:1,b:2/d", ["host", "port"]],
    ["host=/var/run/postgresql", ["host"]],
    ["postgres://%2Fvar%2Frun/d", ["host"]],
    ["host=@abstract", ["host"]],
    ["host=h hostaddr=192.0.2.1,192.0.2.2", ["hostaddr"]],
    ["host=h target_session_attrs=read-write", ["target_session_attrs"]],
    ["host=h load_balance_hosts=random", ["load_balance_hosts"]],
    ["host=h require_auth=scram-sha-256", ["require_auth"]],
    ["host=h sslcertmode=require", ["sslcertmode"]],
    ["host=h sslcertmode=disable", ["sslcertmode"]],
    ["service=shop", ["service"]],
    ["host=h passfile=/home/app/.pgpass", ["passfile"]],
    ["host=h sslcrldir=/etc/crl", ["sslcrldir"]],
    ["host=h gssencmode=require", ["gssencmode"]],
    ["host=h replication=database", ["replication"]],
    ["host=h client_encoding=LATIN1", ["client_encoding"]],
    ["host=h sslkeylogfile=/tmp/keys", ["sslkeylogfile"]],
  ])("%s", (text, unsupported) => {
    expect(read(text).unsupported).toEqual(unsupported);
    expect(read(text).values).not.toMatchObject({ host: expect.stringMatching(/[,/@]/) });
  });

  test.each([
    "host=h target_session_attrs=any load_balance_hosts=disable sslcertmode=allow gssencmode=prefer",
    "host=h client_encoding=UTF8 replication=false require_auth=''",
  ])("the values that we do carry out are taken: %s", (text) => {
    expect(read(text).unsupported).toEqual([]);
  });

  test("parameters that libpq does not know are shown", () => {
    expect(read("postgres://h/d?pgbouncer=true&schema=public").unknown).toEqual([
      { name: "pgbouncer", value: "true" },
      { name: "schema", value: "public" },
    ]);
    expect(read("host=h keepalives_idle=30").unknown).toEqual([{ name: "keepalives_idle", value: "30" }]);
  });

  test("a misspelt password parameter is named, its value is not", () => {
    expect(read("host=h pasword=geheim").unknown).toEqual([{ name: "pasword", value: "…" }]);
    expect(read("host=h url=postgres://u:geheim@h").unknown).toEqual([{ name: "url", value: "…" }]);
  });

  test("file names come out as paths, and nothing else is done with them", () => {
    const parsed = read(
      "host=h sslmode=verify-ca sslrootcert=/a/ca.pem sslcert=b.crt sslkey=b.key sslcrl=c.crl sslpassword=geheim",
    );
    expect(parsed.paths).toEqual([
      { name: "sslrootcert", value: "/a/ca.pem" },
      { name: "sslcert", value: "b.crt" },
      { name: "sslkey", value: "b.key" },
      { name: "sslcrl", value: "c.crl" },
    ]);
    expect(parsed.values).toEqual({ host: "h", ssl: true, mode: "verify-ca", trust: "own" });
    expect(parsed.keyPassphrase).toBe("geheim");
    expect(JSON.stringify(parsed.libpq)).not.toContain("geheim");
  });

  test.each([
    ["host=h port=0", "port"],
    ["host=h port=65536", "port"],
    ["host=h port=54x2", "port"],
    ["host=h channel_binding=maybe", "channel_binding"],
    ["host=h channel_binding=''", "channel_binding"],
    ["host=h sslnegotiation=tls", "sslnegotiation"],
    ["host=h ssl_min_protocol_version=1.2", "ssl_min_protocol_version"],
    ["host=h connect_timeout=soon", "connect_timeout"],
    ["host=h sslsni=yes", "sslsni"],
  ])("%s is refused", (text, parameter) => {
    expect(refused(text)).toMatchObject({ code: "setting-invalid", facts: { parameter } });
  });

  test("an endless connect_timeout leaves the form's deadline, with a note", () => {
    const parsed = read("host=h connect_timeout=0 sslmode=require");
    expect(parsed.values).not.toHaveProperty("connectTimeout");
    expect(parsed.notes).toEqual([{ id: "connect-timeout-none" }]);
  });

  test("libpq's own names come along for the command line, without the password", () => {
    expect(read("host=h password=geheim sslmode=require target_session_attrs=any").libpq).toEqual({
      host: "h",
      sslmode: "require",
      target_session_attrs: "any",
    });
  });
});

describe("placeholders are no passwords", () => {
  test.each([
    "postgres://u:{your_password}@h/d",
    "postgres://u:%7Byour_password%7D@h/d",
    "postgres://u:<password>@h/d",
    "postgres://u:[YOUR-PASSWORD]@h/d",
    "postgres://u:*****@h/d",
    "postgres://u:your_password@h/d",
    "host=h password={your_password}",
    "host=h password=$PGPASSWORD",
    "host=h password='<your password>'",
  ])("%s", (text) => {
    const parsed = read(text);
    expect(parsed).not.toHaveProperty("password");
    expect(parsed.notes.map((note) => note.id)).toContain("placeholder-password");
  });

  test.each(["password", "{x}", "[abc]", "$ecret", "**", "Passw0rd"])("%s may be a real one", (password) => {
    expect(read(`host=h password=${password}`).password).toBe(password);
  });
});

describe("whatever is pasted", () => {
  const secret = "Zq9Zq9Zq9Zq9";
  const piece = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom(
      "@",
      ":",
      "/",
      "?",
      "&",
      "=",
      ",",
      "[",
      "]",
      "%",
      "%4",
      "'",
      "\\",
      " ",
      ";",
      "#",
      "\n",
      "ssl",
      "port",
      "host=h ",
      "password=",
      "sslmode=",
      "postgres://",
      "postgresql://u:",
      "jdbc:",
      "user",
      "channel_binding=",
    ),
  );

  test("it never throws, and no problem repeats the password", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.array(piece, { maxLength: 8 }), (before, after) => {
        const text = `${before.join("")}${secret}${after.join("")}`;
        const result = parseLibpqString(text);
        if (!result.ok) expect(JSON.stringify(result.problem)).not.toContain("Zq9");
      }),
      { numRuns: 3000 },
    );
  });

  test("a password in its place is found nowhere but in `password`", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("postgres://u:%s@h/d?x=%y", "host=h password='%s' x='%y'"),
        piece,
        (form, x) => {
          const value = form.startsWith("p")
            ? encodeURIComponent(x.replace(/\p{Surrogate}/gu, ""))
            : x.replace(/['\\]/g, "\\$&");
          const result = parseLibpqString(form.replace("%s", secret).replace("%y", () => value));
          if (!result.ok) return;
          const { password, ...rest } = result.value;
          expect(password).toBe(secret);
          expect(JSON.stringify(rest)).not.toContain("Zq9");
        },
      ),
    );
  });

  test.each([
    ["letters", "a".repeat(1_000_000)],
    ["a URI", `postgres://${"@:/?[%".repeat(166_000)}`],
    ["keywords", "host='\\' = ".repeat(90_000)],
    ["semicolons", "a=b;".repeat(250_000)],
    ["just under the limit, a URI", `postgres://h/d?${"a=b&".repeat(16_000)}`],
    ["just under the limit, brackets", `postgres://${"[".repeat(65_000)}`],
    ["just under the limit, keywords", `host=h ${"a = ' ' ".repeat(8_000)}`],
    ["just under the limit, blanks", `host${" ".repeat(65_000)}`],
    ["just under the limit, a word and blanks", `a=${"a ".repeat(32_000)};`],
  ])("junk of a megabyte does not make it backtrack: %s", (_name, text) => {
    parseLibpqString("postgres://h/d");
    const start = performance.now();
    parseLibpqString(text);
    // It takes a few milliseconds; one that backtracks takes minutes.
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

function read(text: string): LibpqString {
  const result = parseLibpqString(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

function refused(text: string): Problem {
  const result = parseLibpqString(text);
  if (result.ok) throw new Error("was accepted");
  return result.problem;
}
