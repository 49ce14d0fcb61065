import { monitorEventLoopDelay } from "node:perf_hooks";
import { createSecureContext, TLSSocket } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { type ConnectOptions, testConnection } from "#lib/connect/connect.ts";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { StepName } from "#lib/problems/step-names.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import {
  authentication,
  drip,
  endless,
  type Line,
  oneColumn,
  type RogueServer,
  readyForQuery,
  serverMessage,
  startRogue,
} from "#tests/support/rogue-server.ts";
import { type WireSettings, wireProfile } from "#tests/support/wire-profile.ts";

/** A server is not trusted to be a PostgreSQL server: each of these ends in a clear problem, in time. */
const password = "canary-5b1f";
let rogue: RogueServer;
afterEach(() => rogue?.stop());

describe("in place of an answer to the request for TLS", () => {
  test.each<[string, (line: Line) => unknown, ProblemCode, Record<string, unknown>]>([
    ["HTTP", (line) => line.send("HTTP/1.1 400 Bad Request\r\n\r\n"), "net-not-postgres", { spoke: "http" }],
    ["SSH", (line) => line.send("SSH-2.0-OpenSSH_9.2\r\n"), "net-not-postgres", { spoke: "ssh" }],
    [
      "MySQL",
      (line) => line.send(Buffer.from("4a0000000a382e30", "hex")),
      "net-not-postgres",
      { spoke: "mysql" },
    ],
    [
      "a TLS alert",
      (line) => line.send(Buffer.from("15030100020228", "hex")),
      "net-not-postgres",
      { spoke: "tls" },
    ],
    ["noise", (line) => line.send(Buffer.alloc(5000, 7)), "net-not-postgres", { spoke: "unknown" }],
    ["bytes after the yes", (line) => line.send("SX"), "net-not-postgres", { spoke: "bytes-before-tls" }],
    ["an end", (line) => line.socket.end(), "net-closed", {}],
    ["a reset", (line) => line.socket.resetAndDestroy(), "net-reset", {}],
    [
      "no slot",
      (line) => line.send(errorMessage("53300", "sorry, too many clients")),
      "server-full",
      {
        message: "sorry, too many clients",
        sqlstate: "53300",
      },
    ],
    [
      "no process",
      (line) => line.send("Ecould not fork new process\n\0"),
      "server-full",
      {
        message: "could not fork new process\\u{a}",
      },
    ],
    ["starting", (line) => line.send(errorMessage("57P03", "starting up")), "server-starting", {}],
    [
      "too old",
      (line) => line.send(errorMessage("0A000", "unsupported frontend protocol")),
      "tls-not-offered",
      {},
    ],
    ["no", (line) => line.send("N"), "tls-not-offered", {}],
    [
      "an error of 4 GB",
      (line) => {
        line.send(Buffer.from("45fffffff0", "hex"));
        endless(line, Buffer.alloc(4096, 97));
      },
      "server-full",
      {},
    ],
    ["an error that never ends", (line) => drip(line, "E"), "server-full", {}],
  ])("%s", async (_what, answer, code, facts) => {
    rogue = await startRogue(async (line) => {
      await line.read(8);
      answer(line);
    });
    const report = await attempt();
    expect(report.problem).toMatchObject({ code, facts });
    expect(sent()).not.toContain(password);
  });

  test("an error's text is one line, short, with nothing in it that acts", async () => {
    const text = `<b>\u001b[2J\u202e${"x".repeat(5000)}`;
    rogue = await startRogue(async (line) => {
      await line.read(8);
      line.send(errorMessage("53300", text));
    });
    const { problem } = await attempt();
    expect(problem?.facts.message).toMatch(/^<b>\\u\{1b\}\[2J\\u\{202e\}x{400,500}…$/);
  });
});

describe("in place of a handshake", () => {
  test.each<[string, (line: Line) => unknown, ProblemCode]>([
    ["noise", (line) => line.send(Buffer.alloc(5000, 7)), "net-not-postgres"],
    ["an end", (line) => line.socket.end(), "tls-closed"],
    ["a reset", (line) => line.socket.resetAndDestroy(), "tls-closed"],
  ])("%s", async (_what, answer, code) => {
    rogue = await startRogue(async (line) => {
      await line.read(8);
      line.send("S");
      await line.read(1);
      answer(line);
    });
    expectProblem(await attempt(), code, "handshake");
  });

  test("a certificate with 10,000 short names", async () => {
    const dns = Array.from({ length: 10_000 }, (_one, index) => index.toString(36));
    const report = await shownWith(await makeCertificate({ dns }));
    expectProblem(report, "tls-hostname-mismatch", "host-name");
    expect(report.problem?.facts.names).toHaveLength(50);
    expect(report.ms).toBeLessThan(3000);
  });

  test.each<[string, () => Parameters<typeof makeCertificate>[0]]>([
    [
      "with 10,000 long names",
      () => ({ dns: Array.from({ length: 10_000 }, (_one, index) => `host-${index}.example.test`) }),
    ],
    ["of 10 MB", () => ({ dns: Array.from({ length: 2000 }, () => "a".repeat(5000)) })],
  ])("a certificate %s is not read to its end", async (_what, options) => {
    const huge = await makeCertificate(options());
    const before = process.memoryUsage().rss;
    const report = await shownWith(huge, "");
    expectProblem(report, "tls-closed", "handshake");
    expect(report.problem?.facts.reason).toBe("certificates-too-long");
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });

  test("a chain of 200", async () => {
    const root = await makeCertificate({ ca: true, commonNames: ["0"] });
    let issuer = root;
    for (let depth = 1; depth < 200; depth += 1) {
      issuer = await makeCertificate({ ca: true, commonNames: [`${depth}`], issuer });
    }
    const leaf = await makeCertificate({ ip: ["127.0.0.1"], issuer });
    const report = await shownWith({ ...leaf, pem: leaf.chainPem }, root.pem);
    expect(report.problem?.code).toMatch(/^tls-/);
    expect(report.ms).toBeLessThan(4000);
    expect(report.tls?.chain.length ?? 0).toBeLessThanOrEqual(32);
  });

  test("a handshake of one byte at a time ends at the deadline", async () => {
    rogue = await startRogue(async (line) => {
      await line.read(8);
      line.send("S");
      await line.read(1);
      line.send(Buffer.from("1603033fff", "hex"));
      drip(line, "\x02");
    });
    const report = await attempt({ more: { connectTimeoutMs: 400 } });
    expectProblem(report, "net-timeout", "handshake");
    expect(report.ms).toBeLessThan(900);
  });

  test("a new handshake inside TLS 1.2 is not followed", async () => {
    const { pem, keyPem } = await makeCertificate({ ip: ["127.0.0.1"] });
    let renewed = false;
    rogue = await startRogue(async (line) => {
      const secured = await line.secure({ cert: pem, key: keyPem, maxVersion: "TLSv1.2" });
      await secured.message(false);
      const { socket } = secured;
      if (socket instanceof TLSSocket)
        socket.renegotiate({}, (error) => {
          renewed = error === null;
        });
    });
    const report = await attempt({
      tls: { ca: pem, maxVersion: "TLSv1.2" },
      more: { connectTimeoutMs: 2000 },
    });
    expect(report.ok).toBe(false);
    expect(["tls-closed", "net-timeout", "tls-cipher-refused"]).toContain(report.problem?.code);
    expect(report.steps.find(({ name }) => name === "chain")?.state).toBe("passed");
    expect(renewed).toBe(false);
    expect(sent()).not.toContain(password);
  });

  test("a certificate with names that move the cursor", async () => {
    const names = ["\u001b[2J.test", "x".repeat(5000)];
    const report = await shownWith(await makeCertificate({ dns: names }));
    expectProblem(report, "tls-hostname-mismatch", "host-name");
    expect(JSON.stringify(report.problem)).not.toContain("\\u001b");
    expect(JSON.stringify(report.problem).length).toBeLessThan(10_000);
  });

  test("a certificate with 1,000 names", async () => {
    const dns = Array.from({ length: 1000 }, (_one, index) => `h${index}.test`);
    const large = await makeCertificate({ dns });
    rogue = await startRogue(
      async (line) => void (await line.secure({ cert: large.pem, key: large.keyPem })),
    );
    const report = await attempt({ tls: { ca: large.pem } });
    expectProblem(report, "tls-hostname-mismatch", "host-name");
    expect(report.problem?.facts.names).toHaveLength(50);
  });

  test("direct negotiation where nobody chooses the protocol", async () => {
    const leaf = await makeCertificate({ dns: ["localhost"] });
    rogue = await startRogue(async (line) => {
      const { TLSSocket } = await import("node:tls");
      new TLSSocket(line.socket, { isServer: true, cert: leaf.pem, key: leaf.keyPem }).on(
        "error",
        () => undefined,
      );
    });
    const report = await attempt({ host: "localhost", tls: { ca: leaf.pem, negotiation: "direct" } });
    expectProblem(report, "tls-alpn-refused", "handshake");
    expect(sent()).not.toContain("app");
  });
});

describe("at sign-in", () => {
  test.each<[string, Buffer, Record<string, unknown>]>([
    ["a clear-text password", authentication(3), { method: "password" }],
    ["an MD5 password", authentication(5, "salt"), { method: "md5" }],
    ["Kerberos", authentication(2), { method: "other" }],
    ["GSSAPI", authentication(7), { method: "gss" }],
    ["SSPI", authentication(9), { method: "sspi" }],
    ["OAuth", authentication(10, "OAUTHBEARER\0\0"), {}],
    ["an unknown mechanism", authentication(10, "SCRAM-MD5\0\0"), {}],
  ])("it asks for %s", async (_what, request, facts) => {
    rogue = await startRogue(async (line) => {
      await line.message(false);
      line.send(request);
    });
    const report = await attempt({ tls: { mode: "disable" } });
    expectProblem(report, "auth-method-refused", "sign-in");
    expect(report.problem?.facts).toMatchObject(facts);
    expect(sent()).not.toContain(password);
  });

  test("prefer: it says no to TLS and asks for the password", async () => {
    rogue = await startRogue(async (line) => {
      await line.read(8);
      line.send("N");
      await line.message(false);
      line.send(authentication(3));
    });
    expectProblem(await attempt({ tls: { mode: "prefer" } }), "auth-method-refused", "sign-in");
    expect(sent()).not.toContain(password);
  });

  test("SCRAM with ten million rounds is refused, not counted", async () => {
    rogue = await startRogue(async (line) => {
      await line.message(false);
      line.send(authentication(10, "SCRAM-SHA-256\0\0"));
      const nonce = /r=([^,]+)/.exec((await line.message(true)).toString("latin1"))?.[1];
      line.send(authentication(11, `r=${nonce}abc,s=c2FsdA==,i=10000000`));
    });
    const before = process.cpuUsage();
    const report = await attempt({ tls: { mode: "disable" } });
    expectProblem(report, "auth-method-refused", "sign-in");
    expect(report.problem?.facts).toMatchObject({ reason: "scram-iterations", iterations: 10_000_000 });
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
  });

  test("SCRAM with more rounds than there are numbers", async () => {
    rogue = await startRogue(async (line) => {
      await line.message(false);
      line.send(authentication(10, "SCRAM-SHA-256\0\0"));
      const nonce = /r=([^,]+)/.exec((await line.message(true)).toString("latin1"))?.[1];
      line.send(authentication(11, `r=${nonce}abc,s=c2FsdA==,i=${"9".repeat(400)}`));
    });
    expectProblem(await attempt({ tls: { mode: "disable" } }), "auth-method-refused", "sign-in");
  });

  test("what it says in its refusal is shown as text, and short", async () => {
    rogue = await startRogue(async (line) => {
      await line.message(false);
      const text = `<script>alert(1)</script>\u001b]0;x\u0007\u202e${"y".repeat(9000)}`;
      line.send(serverMessage("E", `S<b>\0VFATAL\0C\u001b[31m${"z".repeat(9000)}\0M${text}\0D${text}\0\0`));
    });
    const { problem } = await attempt({ tls: { mode: "disable" } });
    const told = JSON.stringify(problem);
    expect(told).toContain("<script>");
    expect(told).not.toMatch(/\\u001b|\\u0007|\u202e/);
    expect(told.length).toBeLessThan(3000);
  });

  test("what it says of itself is shown as text, and short", async () => {
    rogue = await startRogue(async (line) => {
      await line.message(false);
      const version = serverMessage("S", `server_version\0\u001b[2J${"9".repeat(20_000)}\0`);
      line.send(authentication(0), version, readyForQuery);
      for (;;) {
        await line.message(true);
        line.send(serverMessage("E", "SERROR\0VERROR\0C42883\0Mno such function\0\0"), readyForQuery);
      }
    });
    const report = await attempt({ tls: { mode: "disable" } });
    expect(report.ok).toBe(true);
    expect(report.server?.version).not.toContain("\u001b");
    expect(JSON.stringify(report).length).toBeLessThan(5000);
  });

  test("it lets us in without proving that it knows the password", async () => {
    rogue = await startRogue(async (line) => {
      await line.message(false);
      line.send(authentication(10, "SCRAM-SHA-256\0\0"));
      await line.message(true);
      line.send(authentication(0), readyForQuery);
    });
    const report = await attempt({ tls: { mode: "disable" } });
    expectProblem(report, "auth-method-refused", "sign-in");
    expect(report.problem?.facts).toMatchObject({ reason: "server-not-proved" });
  });

  test("it asks for the password after it has let us in", async () => {
    rogue = await startRogue(async (line) => {
      await line.message(false);
      line.send(authentication(0), readyForQuery);
      await line.message(true);
      line.send(authentication(3));
    });
    expect((await attempt({ tls: { mode: "disable" } })).problem?.code).toBe("auth-method-refused");
    expect(sent()).not.toContain(password);
  });

  test("nothing of our environment is sent", async () => {
    const names = [
      "PGPASSWORD",
      "PGOPTIONS",
      "PGAPPNAME",
      "PGUSER",
      "PGDATABASE",
      "PGREPLICATION",
      "PGSSLNEGOTIATION",
    ];
    for (const name of names) process.env[name] = name === "PGSSLNEGOTIATION" ? "direct" : "canary-env";
    try {
      rogue = await startRogue(async (line) => {
        await line.message(false);
        line.send(authentication(3));
      });
      const given = { tls: { mode: "disable" as const }, more: { allowWeakPassword: true }, password: "" };
      expectProblem(await attempt(given), "auth-password-missing", "sign-in");
    } finally {
      for (const name of names) delete process.env[name];
    }
    expect(sent()).toContain("app");
    expect(sent()).not.toContain("canary-env");
  });
});

describe("floods", () => {
  const letIn = async (line: Line) => {
    await line.message(false);
    line.send(authentication(0));
  };
  const afterQuestion = (answer: (line: Line) => unknown) => async (line: Line) => {
    line.send(readyForQuery);
    await line.message(true);
    answer(line);
  };

  test.each<[string, (line: Line) => unknown, Record<string, unknown>]>([
    ["a message of 4 GB", (line) => line.send(Buffer.from("53fffffff0", "hex")), { reason: "message" }],
    [
      "a message longer than a start may be",
      (line) => line.send(Buffer.from("5300100000", "hex")),
      { reason: "start" },
    ],
    [
      "a message shorter than its header",
      (line) => line.send(Buffer.from("5300000001", "hex")),
      { reason: "malformed" },
    ],
    ["endless settings", (line) => endless(line, serverMessage("S", "name\0value\0")), { reason: "start" }],
    ["endless notices", (line) => endless(line, serverMessage("N", "SNOTICE\0Mhello\0\0")), {}],
    [
      "an error without its end",
      (line) => line.send(serverMessage("E", "SERROR\0Mhello\0")),
      { reason: "malformed" },
    ],
    ["an empty error", (line) => line.send(serverMessage("E", "")), { reason: "malformed" }],
    ["an unknown sign-in", (line) => line.send(authentication(99)), { reason: "malformed" }],
    [
      "2,000 columns",
      afterQuestion((line) => line.send(serverMessage("T", [7, 208]))),
      { reason: "columns" },
    ],
    [
      "minus one columns",
      afterQuestion((line) => line.send(serverMessage("D", [255, 255]))),
      { reason: "columns" },
    ],
    [
      "a row that lies about its length",
      afterQuestion((line) => line.send(oneColumn, serverMessage("D", [0, 2, 255, 255, 255, 0]))),
      { reason: "malformed" },
    ],
    [
      "a row that nobody asked for",
      (line) => line.send(readyForQuery, serverMessage("D", [0, 0])),
      { reason: "malformed" },
    ],
    ["a message of no kind", (line) => line.send(serverMessage("?", "what")), { reason: "malformed" }],
    [
      "endless rows",
      afterQuestion((line) => {
        line.send(oneColumn);
        endless(
          line,
          serverMessage("D", Buffer.concat([Buffer.from([0, 1, 0, 0, 128, 0]), Buffer.alloc(32768, 97)])),
        );
      }),
      { reason: "result" },
    ],
  ])("%s", async (_what, flood, facts) => {
    rogue = await startRogue(async (line) => {
      await letIn(line);
      flood(line);
    });
    const before = process.memoryUsage().rss;
    const report = await attempt({ tls: { mode: "disable" } });
    expect(report.problem).toMatchObject({ code: "net-not-postgres", facts });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });

  test("one byte at a time ends at the deadline", async () => {
    rogue = await startRogue(async (line) => {
      await line.message(false);
      const slow = setInterval(() => line.send("S"), 20);
      line.socket.on("close", () => clearInterval(slow));
      line.send(Buffer.from("530000f000", "hex"));
    });
    const report = await attempt({ tls: { mode: "disable" }, more: { connectTimeoutMs: 400 } });
    expectProblem(report, "net-timeout", "sign-in");
    expect(report.ms).toBeLessThan(900);
  });
});

describe("silence", () => {
  const silences: [StepName, (line: Line) => unknown, WireSettings["tls"]][] = [
    ["tls-request", () => undefined, {}],
    [
      "handshake",
      async (line) => {
        await line.read(8);
        line.send("S");
      },
      {},
    ],
    ["sign-in", () => undefined, { mode: "disable" }],
    [
      "session",
      async (line) => {
        await line.message(false);
        line.send(authentication(0));
      },
      { mode: "disable" },
    ],
  ];

  test.each(silences)("at %s it ends at the deadline", async (step, script, tls) => {
    rogue = await startRogue(async (line) => void (await script(line)));
    const report = await attempt({ ...(tls && { tls }), more: { connectTimeoutMs: 300 } });
    expectProblem(report, "net-timeout", step);
    expect(report.ms).toBeGreaterThanOrEqual(295);
    expect(report.ms).toBeLessThan(900);
  });

  test.each(silences)("at %s it ends at once when it is cancelled", async (step, script, tls) => {
    rogue = await startRogue(async (line) => void (await script(line)));
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 150);
    const report = await attempt({ ...(tls && { tls }) }, { signal: stop.signal });
    expectProblem(report, "cancelled", step);
    expect(report.ms).toBeLessThan(400);
  });

  test("a name that is never answered", async () => {
    rogue = await startRogue(() => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const lookup = () => new Promise<never>(() => undefined);
    const report = await attempt({ host: "slow.test" }, { signal: stop.signal, lookup });
    expectProblem(report, "cancelled", "name");
  });

  test("cancelled before it began", async () => {
    rogue = await startRogue(() => undefined);
    const report = await attempt({}, { signal: AbortSignal.abort() });
    expect(report.problem?.code).toBe("cancelled");
    expect(rogue.accepted()).toBe(0);
  });
});

describe("which address is dialled", () => {
  test("what was checked is what is dialled, whatever the name says next", async () => {
    rogue = await startRogue((line) => line.socket.end());
    const answers = [["127.0.0.1"], ["169.254.169.254"]];
    const lookup = async () => answers.shift() ?? [];
    const report = await attempt({ host: "flips.test" }, { lookup });
    expect(report.steps[1]?.facts.address).toBe("127.0.0.1");
    const second = await attempt({ host: "flips.test" }, { lookup });
    expect(second.problem).toMatchObject({ code: "net-address-denied", facts: { kind: "metadata" } });
  });

  test("this machine itself is closed to a public console", async () => {
    rogue = await startRogue((line) => line.socket.end());
    for (const host of ["127.0.0.1", "localhost", "::ffff:127.0.0.1", "127.1", "0x7f000001", "2130706433"]) {
      const report = await attempt({ host }, { network: { allowLoopback: false } });
      expect(report.problem?.code, host).toBe("net-address-denied");
    }
    expect(rogue.accepted()).toBe(0);
  });

  test("the address that answers is taken; the others' errors are told", async () => {
    rogue = await startRogue((line) => line.socket.end());
    const lookup = async () => ["::1", "127.0.0.1"];
    const report = await attempt({ host: "two.test" }, { lookup });
    expect(report.steps[1]).toMatchObject({ state: "passed", facts: { address: "127.0.0.1" } });
    expect(report.steps[1]?.facts.errors).toHaveLength(1);
  });

  test("nobody listens", async () => {
    rogue = await startRogue(() => undefined);
    const { port } = rogue;
    await rogue.stop();
    const lookup = async () => ["127.0.0.1", "::1"];
    const report = await testConnection(profile({ port, host: "none.test" }), { lookup });
    expectProblem(report, "net-refused", "address");
    expect(report.problem?.facts.errors).toHaveLength(2);
  });

  test("a name that nobody knows", async () => {
    rogue = await startRogue(() => undefined);
    const lookup = async () => {
      throw Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
    };
    expectProblem(await attempt({ host: "nix.test" }, { lookup }), "net-name-unknown", "name");
  });
});

/** Tries a server that shows this certificate, verified in full. */
async function shownWith(
  { pem, keyPem }: { readonly pem: string; readonly keyPem: string },
  ca = pem,
): Promise<AttemptReport> {
  // Made beforehand: the server's own work is none of ours.
  const secureContext = createSecureContext({ cert: pem, key: keyPem });
  rogue = await startRogue(async (line) => void (await line.secure({ secureContext })));
  return attempt({ tls: ca === "" ? { mode: "require" } : { ca } });
}

function errorMessage(code: string, text: string): Buffer {
  return serverMessage("E", `SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
}

function sent(): string {
  return rogue.received().toString("latin1");
}

function profile(settings: WireSettings) {
  return wireProfile({ password, ...settings, tls: { ca: "", mode: "require", ...settings.tls } });
}

/** The process serves others meanwhile: nothing that a server sends may hold it up for half a second. */
async function attempt(
  settings: Partial<WireSettings> = {},
  options?: ConnectOptions,
): Promise<AttemptReport> {
  const heldUp = monitorEventLoopDelay({ resolution: 10 });
  heldUp.enable();
  const report = await testConnection(
    profile({
      port: rogue.port,
      ...settings,
      tls: { ...(settings.tls?.ca ? { mode: "verify-full" } : {}), ...settings.tls },
    }),
    options,
  );
  heldUp.disable();
  expect(heldUp.max / 1e6, "ms without an answer to anybody else").toBeLessThan(500);
  return report;
}

function expectProblem(report: AttemptReport, code: ProblemCode, step: StepName): void {
  expect(report.problem, JSON.stringify(report.problem)).toMatchObject({ code, step });
  expect(report.steps.filter((one) => one.state === "failed").map((one) => one.name)).toEqual([step]);
}
