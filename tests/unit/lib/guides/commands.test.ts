import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { installRoot } from "#lib/guides/install-root.ts";
import type { Command } from "#lib/guides/platform-guide.ts";
import { psqlCommands } from "#lib/guides/psql-commands.ts";
import { hostFirst, trustSteps } from "#lib/guides/trust-steps.ts";
import { providers } from "#lib/providers/list.ts";
import { providerGuides } from "#lib/providers/pages.ts";
import { publicRootFiles } from "#lib/providers/public-root-files.ts";
import { parseConnectionString } from "#lib/strings/read/parse-connection-string.ts";

const allGuides = providers.map(({ id }) => ({ id, ...providerGuides[id] }));
const commands = allGuides.flatMap((guide): Command[] => [
  ...psqlCommands(guide.psql),
  ...guide.trust.flatMap((trust) =>
    trustSteps(trust, guide).flatMap(({ steps }) => steps.flatMap((step) => step.commands)),
  ),
]);
const of = (shell: Command["shell"]) => [
  ...new Set(commands.filter((command) => command.shell === shell).map(({ text }) => text)),
];

describe("every command of every guide", () => {
  test("for sh is one that sh can read, alone and line by line", () => {
    expect(of("sh").length).toBeGreaterThan(30);
    const script = of("sh").join("\n");
    expect(() => execFileSync("sh", ["-n"], { input: script, stdio: "pipe" })).not.toThrow();
    for (const line of new Set(script.split("\n"))) {
      expect(() => execFileSync("sh", ["-n", "-c", line], { stdio: "pipe" }), line).not.toThrow();
    }
  });

  test("for sh begins with a programme that people have", () => {
    const first = new Set(
      of("sh")
        .join("\n")
        .split("\n")
        .map((line) => line.split(" ")[0]),
    );
    expect([...first].sort()).toEqual(
      ["cp", "curl", "export", "mkdir", "openssl", "psql", "security", "sudo", "trust"].sort(),
    );
  });

  test.each(["cmd", "powershell"] as const)("for %s closes every quote and bracket in its line", (shell) => {
    expect(of(shell).length).toBeGreaterThan(5);
    for (const line of of(shell).join("\n").split("\n")) {
      const bare = line.replace(/'[^']*'/g, "''");
      expect((bare.match(/"/g) ?? []).length % 2, line).toBe(0);
      for (const [open, close] of ["()", "[]", "{}"].map((pair) => [...pair])) {
        expect(bare.split(open ?? "").length, line).toBe(bare.split(close ?? "").length);
      }
      expect(line).not.toMatch(/[“”‘’]|\t/);
    }
  });

  test("for cmd never has a percent sign that cmd would read as something else", () => {
    for (const line of of("cmd").join("\n").split("\n")) {
      expect(line.replaceAll("%APPDATA%", "").replaceAll("%i", ""), line).not.toContain("%");
    }
  });

  test("D9: on Windows never hands psql the system's store", () => {
    for (const text of [...of("cmd"), ...of("powershell")]) expect(text).not.toMatch(/=\s*'?"?system\b/);
  });

  test("holds no secret and no place for one in clear text", () => {
    for (const { text } of commands) expect(text).not.toMatch(/\bpassword=|your_pass|<[a-z]+>/);
  });
});

describe("psql", () => {
  test.each(allGuides.map((guide) => [guide.id, guide.psql] as const))(
    "%s: the example holds nothing that a shell would read otherwise",
    (_id, example) => {
      const { tokenCommand, ...plain } = example;
      for (const value of Object.values(plain)) expect(value).toMatch(/^[A-Za-z0-9._-]+$/);
      expect(tokenCommand ?? "").toMatch(/^[A-Za-z0-9./:_ -]*$/);
    },
  );

  test.each(allGuides.map((guide) => [guide.id, guide] as const))(
    "%s: sh gives psql what the guide says, and the file where the guide keeps it",
    (_id, guide) => {
      const [{ text } = { text: "" }] = psqlCommands(guide.psql);
      const { tokenCommand, mode, host, rootCert = "" } = guide.psql;
      // psql and aws as functions, that say what they were given.
      const shown = execFileSync(
        "sh",
        [
          "-c",
          `aws() { echo "token for $*"; }; psql() { printf '%s\\n' "$@"; echo "PGPASSWORD=$PGPASSWORD PGSSLMODE=$PGSSLMODE PGSSLROOTCERT=$PGSSLROOTCERT"; }; ${text}`,
        ],
        { encoding: "utf8", env: { ...process.env, HOME: "/home/some one" } },
      );
      const file = rootCert === "system" ? "system" : `/home/some one/.postgresql/${rootCert}`;
      expect(shown).toContain(`host=${host}`);
      if (tokenCommand === undefined) {
        expect(shown).toContain(`sslmode=${mode} sslrootcert=${file === "system" ? file : `'${file}'`} `);
        expect(shown.trim().split("\n")).toHaveLength(2);
      } else {
        expect(shown).toContain(`PGPASSWORD=token for ${tokenCommand.replace(/^aws /, "")}`);
        expect(shown).toContain(`PGSSLMODE=${mode} PGSSLROOTCERT=${file}`);
      }
    },
  );

  test("D8: Aurora DSQL's token comes from the AWS command line, with region, host and expiry", () => {
    const dsql = allGuides.find(({ id }) => id === "aurora-dsql");
    if (dsql === undefined) throw new Error("no guide");
    const shells = psqlCommands(dsql.psql);
    expect(shells.map(({ shell }) => shell)).toEqual(["sh", "cmd", "powershell"]);
    for (const { text } of shells) {
      expect(text).toMatch(
        /aws dsql generate-db-connect-admin-auth-token --region us-east-1 --expires-in 3600 --hostname \S+\.on\.aws/,
      );
      expect(text).toMatch(/PGSSLMODE( = '|=)verify-full/);
      expect(text).toContain("PGPASSWORD");
    }
    expect(shells[1]?.text).toContain('set "PGSSLROOTCERT=%APPDATA%\\postgresql\\AmazonRootCA1.pem"');
    expect(shells[2]?.text).toContain('$env:PGSSLROOTCERT = "$env:APPDATA\\postgresql\\AmazonRootCA1.pem"');
  });

  test("H4: Citus has the keyword string of its own documentation", () => {
    const citus = allGuides.find(({ id }) => id === "azure-citus");
    expect(citus && psqlCommands(citus.psql)[0]?.text).toBe(
      'psql "sslmode=verify-full sslrootcert=system host=c-shop.12345678901234.postgres.cosmos.azure.com port=5432 dbname=citus user=citus"',
    );
  });

  // The guides and "Copy as" are two writers; what both mean is held together by the one reader.
  test.each(allGuides.flatMap((guide) => psqlCommands(guide.psql).map((each) => ({ guide, ...each }))))(
    "H4 $guide.id: the command for $shell is read back as the guide's connection",
    ({ guide, shell, text }) => {
      const read = parseConnectionString(text);
      if (!read.ok) throw new Error(JSON.stringify(read.problem));
      const { psql } = guide;
      expect(read.value.values).toMatchObject({
        host: psql.host,
        port: psql.port,
        database: psql.database,
        user: psql.user,
        mode: psql.mode,
        ...(psql.tokenCommand === undefined
          ? {}
          : { signIn: "aurora-dsql-token", tokenRegion: "us-east-1", tokenExpiry: "3600" }),
        ...(psql.rootCert === "system" && shell === "sh" ? { trust: "system" } : {}),
        ...(psql.channelBinding === undefined ? {} : { channelBinding: psql.channelBinding }),
      });
    },
  );

  test("its example host is recognised as the provider's own", () => {
    const wrong = allGuides.filter(({ id, psql }) => {
      const provider = providers.find((one) => one.id === id);
      return provider?.hosts != null && !provider.hosts.test(psql.host);
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
});

describe("D4: the root's way into the system's store", () => {
  const root = publicRootFiles.AmazonRootCA1;
  const guides = installRoot([root], root.file);
  const text = (platform: string) =>
    guides
      .find((guide) => guide.platform === platform)
      ?.steps.flatMap(({ commands: all }) => all.map((one) => one.text))
      .join("\n") ?? "";

  test.each([
    ["redhat", "/etc/pki/ca-trust/source/anchors/", "sudo update-ca-trust", "trust list | grep"],
    [
      "debian",
      "/usr/local/share/ca-certificates/AmazonRootCA1.crt",
      "sudo update-ca-certificates",
      "openssl verify",
    ],
    ["suse", "/etc/pki/trust/anchors/", "sudo update-ca-certificates", "trust list | grep"],
    [
      "alpine",
      "/usr/local/share/ca-certificates/AmazonRootCA1.crt",
      "sudo update-ca-certificates",
      "openssl verify",
    ],
    ["arch", "AmazonRootCA1.pem", "sudo trust anchor --store", "trust list | grep"],
    ["macos", "/Library/Keychains/System.keychain", "security add-trusted-cert", "security find-certificate"],
    ["windows", "Cert:\\LocalMachine\\Root", "Import-Certificate", "certutil -store Root"],
  ])("%s: the place, the command, the check", (platform, place, install, check) => {
    expect(text(platform)).toContain(place);
    expect(text(platform)).toContain(install);
    expect(text(platform)).toContain(check);
    // First whether it is needed, last whether it worked.
    const ids = guides.find((guide) => guide.platform === platform)?.steps.map(({ id }) => id) ?? [];
    expect(ids).toContain("there-already");
    expect(ids.indexOf("check")).toBeGreaterThan(ids.indexOf("fetch"));
  });

  test("each download is followed by the fingerprint it must have", () => {
    for (const { steps } of guides) {
      const fetched = steps.find(({ id }) => id === "fetch");
      expect(fetched?.expect?.join().replaceAll(/[^0-9A-F]/g, "")).toContain(root.sha256.replaceAll(":", ""));
    }
  });

  test("this host's system comes first, the others after it", () => {
    const { here, others } = hostFirst(guides, "debian");
    expect(here?.platform).toBe("debian");
    expect(others.map(({ platform }) => platform)).toEqual([
      "redhat",
      "suse",
      "alpine",
      "arch",
      "macos",
      "windows",
    ]);
    expect(hostFirst(guides, undefined).here).toBeUndefined();
  });
});

describe("D5: a CA file for one client", () => {
  test("is kept beside libpq's files, never as root.crt, and never put into the system's store", () => {
    for (const guide of allGuides)
      for (const trust of guide.trust) {
        if (trust.kind !== "ca-file") continue;
        expect(trust.file.keptAs).not.toBe("root.crt");
        const all = trustSteps(trust, guide).flatMap(({ steps }) => steps.flatMap((step) => step.commands));
        const text = all.map((one) => one.text).join("\n");
        expect(text).toContain(`~/.postgresql/${trust.file.keptAs}`);
        expect(text).toContain("-fingerprint -sha256");
        expect(text).not.toMatch(/update-ca|add-trusted-cert|Import-Certificate|addstore/);
      }
  });
});
