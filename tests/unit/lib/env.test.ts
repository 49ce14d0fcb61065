import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  childEnvironment,
  formerVariables,
  libpqEnvironment,
  readEnvironment,
  scrubEnvironment,
} from "#lib/env.ts";
import { Secret } from "#lib/secret.ts";

/** Next declares NODE_ENV as always present; these variables are all that is set. */
const read = (variables: Record<string, string>) => readEnvironment(variables as NodeJS.ProcessEnv);

function environment(variables: Record<string, string>) {
  const result = read(variables);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

function problemOf(variables: Record<string, string>) {
  const result = read(variables);
  if (result.ok) throw new Error("expected a problem");
  return result.problem;
}

describe("where things lie (C9)", () => {
  test("in the home, without settings", () => {
    expect(environment({ HOME: "/home/ada" })).toMatchObject({
      configDir: "/home/ada/.config/cloak-db",
      stateDir: "/home/ada/.local/state/cloak-db",
      key: { from: "generated", path: "/home/ada/.local/state/cloak-db/vault.key" },
      trustedProxies: 0,
      insecureHttp: false,
      allowLoopback: undefined,
      publicUrl: undefined,
      logLevel: "info",
    });
  });

  test("the home of the account where HOME is not set", () => {
    expect(environment({}).configDir).toBe(join(homedir(), ".config/cloak-db"));
  });

  test.each([
    [{ XDG_CONFIG_HOME: "/x/c", XDG_STATE_HOME: "/x/s" }, "/x/c/cloak-db", "/x/s/cloak-db"],
    // XDG Base Directory Specification: relative paths are to be ignored, empty is as unset.
    [{ XDG_CONFIG_HOME: "rel", XDG_STATE_HOME: "" }, "/h/.config/cloak-db", "/h/.local/state/cloak-db"],
    [{ CLOAK_DB_CONFIG_DIR: "/scratch/one" }, "/scratch/one", "/scratch/one-state"],
    [{ CLOAK_DB_CONFIG_DIR: "/scratch/one", XDG_STATE_HOME: "/x/s" }, "/scratch/one", "/scratch/one-state"],
    [{ CLOAK_DB_CONFIG_DIR: "/a", CLOAK_DB_STATE_DIR: "/b" }, "/a", "/b"],
    [{ CLOAK_DB_STATE_DIR: "/b" }, "/h/.config/cloak-db", "/b"],
  ])("%j", (variables, configDir, stateDir) => {
    expect(environment({ HOME: "/h", ...variables })).toMatchObject({ configDir, stateDir });
  });

  test.each([["/a"], ["/a/state"], ["/a/"]])(
    "a state folder %s inside the config folder is refused: a backup of one folder would carry key and data",
    (stateDir) => {
      expect(problemOf({ CLOAK_DB_CONFIG_DIR: "/a", CLOAK_DB_STATE_DIR: stateDir })).toMatchObject({
        code: "setting-invalid",
        facts: { variables: ["CLOAK_DB_STATE_DIR", "CLOAK_DB_CONFIG_DIR"] },
      });
    },
  );
});

describe("the key's source", () => {
  test("a file", () => {
    expect(environment({ CLOAK_DB_KEY_FILE: "/run/secrets/key" }).key).toEqual({
      from: "file",
      path: "/run/secrets/key",
    });
  });

  test("a command is a list of words", () => {
    expect(environment({ CLOAK_DB_KEY_COMMAND: '["pass","show","cloak-db"]' }).key).toEqual({
      from: "command",
      argv: ["pass", "show", "cloak-db"],
    });
  });

  test.each([["pass show cloak-db"], ["[]"], ['[""]'], ['["pass",1]'], ['{"a":1}']])(
    "%s is no command",
    (value) => {
      expect(problemOf({ CLOAK_DB_KEY_COMMAND: value }).facts.variables).toEqual(["CLOAK_DB_KEY_COMMAND"]);
    },
  );

  test("a variable becomes a secret", () => {
    const { key } = environment({ CLOAK_DB_KEY: "correct horse battery" });
    expect(key.from === "variable" && key.value).toBeInstanceOf(Secret);
    expect(JSON.stringify(key)).not.toContain("horse");
  });

  test.each([
    [{ CLOAK_DB_KEY: "k", CLOAK_DB_KEY_FILE: "/f" }, ["CLOAK_DB_KEY_FILE", "CLOAK_DB_KEY"]],
    [{ CLOAK_DB_KEY: "k", CLOAK_DB_KEY_COMMAND: '["a"]' }, ["CLOAK_DB_KEY_COMMAND", "CLOAK_DB_KEY"]],
    [
      { CLOAK_DB_KEY: "k", CLOAK_DB_KEY_FILE: "/f", CLOAK_DB_KEY_COMMAND: '["a"]' },
      ["CLOAK_DB_KEY_FILE", "CLOAK_DB_KEY_COMMAND", "CLOAK_DB_KEY"],
    ],
  ])("two sources are a problem that names them", (variables, names) => {
    expect(problemOf(variables)).toMatchObject({ code: "setting-invalid", facts: { variables: names } });
  });

  test("an empty variable is as unset", () => {
    expect(environment({ CLOAK_DB_KEY: "", CLOAK_DB_KEY_FILE: "/f" }).key.from).toBe("file");
  });
});

describe("the other settings", () => {
  test.each([
    [{ CLOAK_DB_PUBLIC_URL: "https://db.example.test/" }, { publicUrl: "https://db.example.test" }],
    [{ CLOAK_DB_PUBLIC_URL: "http://10.0.0.7:3000" }, { publicUrl: "http://10.0.0.7:3000" }],
    [{ CLOAK_DB_TRUSTED_PROXIES: "2" }, { trustedProxies: 2 }],
    [{ CLOAK_DB_INSECURE_HTTP: "1" }, { insecureHttp: true }],
    [{ CLOAK_DB_INSECURE_HTTP: "0" }, { insecureHttp: false }],
    [{ CLOAK_DB_ALLOW_LOOPBACK: "0" }, { allowLoopback: false }],
    [{ CLOAK_DB_ALLOW_LOOPBACK: "1" }, { allowLoopback: true }],
    [{}, { networks: [] }],
    [
      { CLOAK_DB_NETWORKS: "deny *:22" },
      { networks: [{ act: "deny", target: { kind: "any" }, ports: [22, 22] }] },
    ],
    [{ CLOAK_DB_LOG_LEVEL: "DEBUG" }, { logLevel: "debug" }],
  ])("%j gives %j", (variables, expected) => {
    expect(environment(variables)).toMatchObject(expected);
  });

  test.each([
    [{ CLOAK_DB_PUBLIC_URL: "db.example.test" }],
    [{ CLOAK_DB_PUBLIC_URL: "ftp://db.example.test" }],
    [{ CLOAK_DB_PUBLIC_URL: "https://ada:pw@db.example.test" }],
    [{ CLOAK_DB_PUBLIC_URL: "https://db.example.test/?a=1" }],
    [{ CLOAK_DB_TRUSTED_PROXIES: "-1" }],
    [{ CLOAK_DB_TRUSTED_PROXIES: "many" }],
    [{ CLOAK_DB_INSECURE_HTTP: "yes" }],
    [{ CLOAK_DB_ALLOW_LOOPBACK: "true" }],
    [{ CLOAK_DB_NETWORKS: "10.0.0.0/33" }],
    [{ CLOAK_DB_AUDIT_STATEMENTS: "some" }],
    [{ CLOAK_DB_AUDIT_TEXT: "yes" }],
    [{ CLOAK_DB_HISTORY_DAYS: "366" }],
    [{ CLOAK_DB_HISTORY_DAYS: "-1" }],
    [{ CLOAK_DB_BACKUP_DAYS: "-5" }],
    [{ CLOAK_DB_BACKUP_DAYS: "3651" }],
    [{ CLOAK_DB_SESSIONS_PER_CONNECTION: "0" }],
    [{ CLOAK_DB_SESSIONS_PER_CONNECTION: "many" }],
    [{ CLOAK_DB_LOG_LEVEL: "chatty" }],
  ])("%j is refused by name, without repeating the value", (variables) => {
    const { code, facts } = problemOf(variables);
    expect(code).toBe("setting-invalid");
    expect(facts.variables).toEqual(Object.keys(variables));
    expect(JSON.stringify(facts)).not.toContain(Object.values(variables)[0]);
  });

  test("all mistakes come together", () => {
    const { facts } = problemOf({ CLOAK_DB_INSECURE_HTTP: "yes", CLOAK_DB_LOG_LEVEL: "chatty" });
    expect(facts.variables).toEqual(["CLOAK_DB_INSECURE_HTTP", "CLOAK_DB_LOG_LEVEL"]);
  });
});

describe("this process's environment", () => {
  const before = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });

  test("loses what no later code may see, and is remembered", () => {
    Object.assign(process.env, {
      PGHOST: "elsewhere",
      PGSSLMODE: "disable",
      PGPASSFILE: "/x",
      CLOAK_DB_KEY: "a passphrase of some length",
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
    });
    scrubEnvironment();
    expect(Object.keys(process.env).filter((name) => /^PG|^CLOAK_DB_KEY$|^NODE_TLS/.test(name))).toEqual([]);
    const remembered = readEnvironment();
    expect(remembered.ok && remembered.value.key.from).toBe("variable");
  });

  describe("a name of before", () => {
    test.each([
      ["CLOAK_KEY", "CLOAK_DB_KEY", "k"],
      ["CLOAK_KEY_FILE", "CLOAK_DB_KEY_FILE", "/f"],
      ["CLOAK_KEY_COMMAND", "CLOAK_DB_KEY_COMMAND", '["a"]'],
      ["CLOAK_PUBLIC_URL", "CLOAK_DB_PUBLIC_URL", "https://db.example.test"],
      ["CLOAK_TRUSTED_PROXIES", "CLOAK_DB_TRUSTED_PROXIES", "2"],
      ["CLOAK_INSECURE_HTTP", "CLOAK_DB_INSECURE_HTTP", "1"],
    ])("%s is read as %s, and named", (former, name, value) => {
      expect(environment({ [former]: value })).toEqual(environment({ [name]: value }));
      expect(formerVariables({ [former]: value } as unknown as NodeJS.ProcessEnv)).toEqual([
        { former, name },
      ]);
    });

    test("does not count beside the new one", () => {
      const both = { CLOAK_PUBLIC_URL: "https://old.test", CLOAK_DB_PUBLIC_URL: "https://new.test" };
      expect(environment(both).publicUrl).toBe("https://new.test");
      expect(formerVariables(both as unknown as NodeJS.ProcessEnv)).toEqual([]);
    });
  });

  test("knows for how many days runs are kept: as many as are said, none at 0, and the default else", () => {
    expect(environment({}).historyDays).toBeUndefined();
    expect(environment({ CLOAK_DB_HISTORY_DAYS: "" }).historyDays).toBeUndefined();
    expect(environment({ CLOAK_DB_HISTORY_DAYS: "0" }).historyDays).toBe(0);
    expect(environment({ CLOAK_DB_HISTORY_DAYS: "365" }).historyDays).toBe(365);
  });

  test("knows which statements are noted: those that may write on Production, unless it is said", () => {
    expect(environment({}).auditStatements).toEqual({ which: "production", text: false });
    expect(environment({ CLOAK_DB_AUDIT_STATEMENTS: "" }).auditStatements.which).toBe("production");
    for (const which of ["none", "production", "writes", "all"] as const)
      expect(environment({ CLOAK_DB_AUDIT_STATEMENTS: which }).auditStatements.which).toBe(which);
    expect(environment({ CLOAK_DB_AUDIT_TEXT: "1" }).auditStatements.text).toBe(true);
  });

  test("gives the command line the PG variables", () => {
    expect(
      libpqEnvironment({ PGHOST: "h", PGPORT: "1", PG: "no", HOME: "/h" } as unknown as NodeJS.ProcessEnv),
    ).toEqual({ PGHOST: "h", PGPORT: "1" });
  });

  test("gives a child process the path and a key service's settings, and nothing else", () => {
    const given = {
      PATH: "/bin",
      HOME: "/h",
      AWS_REGION: "eu-west-1",
      CLOAK_DB_KEY: "k",
      NODE_OPTIONS: "--inspect",
      PGPASSWORD: "p",
      LD_PRELOAD: "/x",
    };
    expect(childEnvironment(given as unknown as NodeJS.ProcessEnv)).toEqual({
      PATH: "/bin",
      HOME: "/h",
      AWS_REGION: "eu-west-1",
    });
  });
});
