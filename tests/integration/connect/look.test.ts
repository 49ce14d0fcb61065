import { afterAll, beforeAll, expect, test } from "vitest";
import { lookAtServer } from "#lib/connect/connect.ts";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import type { AttemptEvent } from "#lib/wire/report.ts";
import { type RogueServer, startRogue } from "#tests/support/rogue-server.ts";
import { type WireSettings, wireProfile } from "#tests/support/wire-profile.ts";

// Whatever the profile holds: nobody is signed in, and nothing but the handshake leaves.

let root: SampleCertificate;
let client: SampleCertificate;
let server: RogueServer;
let shown: SampleCertificate;
const clientChains: number[] = [];
const ends: Promise<void>[] = [];

beforeAll(async () => {
  root = await makeCertificate({ ca: true, commonNames: ["Look Root"] });
  client = await makeCertificate({ commonNames: ["app"], issuer: root });
  shown = await makeCertificate({ commonNames: ["db.test"], dns: ["db.test"], issuer: root });
  server = await startRogue(async (line) => {
    const { pem, keyPem } = shown;
    const secured = await line.secure({
      cert: pem,
      key: keyPem,
      requestCert: true,
      rejectUnauthorized: false,
    });
    ends.push(new Promise((resolve) => secured.socket.once("close", () => resolve())));
    const peer: unknown = Reflect.get(secured.socket, "getPeerCertificate").call(secured.socket);
    clientChains.push(Object.keys(peer as object).length);
  });
});
afterAll(() => server?.stop());

function look(settings: Partial<WireSettings> = {}, onEvent?: (event: AttemptEvent) => void) {
  const profile = wireProfile({
    port: server.port,
    host: "db.test",
    address: "127.0.0.1",
    password: "a-password",
    clientKey: client.keyPem,
    ...settings,
    tls: { ca: root.pem, clientCertificate: client.chainPem, ...settings.tls },
  });
  return lookAtServer(profile, onEvent === undefined ? {} : { onEvent });
}

const states = (report: Awaited<ReturnType<typeof look>>) =>
  report.steps.map(({ name, state }) => `${name} ${state}`).slice(-4);

test("a server that passes: up to its name and no further", async () => {
  const events: AttemptEvent[] = [];
  const report = await look({}, (event) => events.push(event));
  expect(report).toMatchObject({ ok: true, problem: null, server: null, fallback: null });
  expect(states(report)).toEqual(["chain passed", "host-name passed", "sign-in skipped", "session skipped"]);
  expect(report.tls).toMatchObject({ verified: "full", sni: "db.test", clientCertificate: null });
  expect(report.tls?.chain[0]?.sha256).toBe(shown.x509.fingerprint256);
  expect(events.at(-1)).toEqual({ type: "done", report });
});

test("a server that does not: everything that is wrong with it, and what to do", async () => {
  const stranger = await makeCertificate({ ca: true, commonNames: ["Another Root"] });
  const report = await look({ host: "other.test", tls: { ca: stranger.pem } });
  expect(report.problem).toMatchObject({ code: "tls-unknown-ca", also: ["tls-hostname-mismatch"] });
  expect(states(report)).toEqual(["chain failed", "host-name skipped", "sign-in skipped", "session skipped"]);
  expect(report.tls?.chain).toHaveLength(1);
});

test("without a check: what would have been refused is said", async () => {
  const report = await look({ host: "other.test", tls: { mode: "require", trust: "system" } });
  expect(report).toMatchObject({ ok: true, tls: { verified: "none" } });
  expect(report.tls?.unverifiedReason).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
});

test("neither a startup message nor a certificate was sent in any of them", async () => {
  await Promise.all(ends);
  expect(server.accepted()).toBe(3);
  // Of each caller the request for TLS, and nothing after it.
  expect(server.received().toString("latin1").length % 8).toBe(0);
  expect(server.received()).not.toContain("app");
  expect(clientChains.every((parts) => parts === 0)).toBe(true);
});

test("a server without TLS", async () => {
  const plain = await startRogue(async (line) => {
    await line.read(8);
    line.send("N");
  });
  const report = await look({ port: plain.port });
  expect(report.problem?.code).toBe("tls-not-offered");
  expect(plain.received()).toHaveLength(8);
  await plain.stop();
});
