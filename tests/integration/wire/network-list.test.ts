import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testConnection } from "#lib/connect/connect.ts";
import { readNetworkRules } from "#lib/network-rules.ts";
import { networkPolicy } from "#lib/wire/network-policy.ts";
import { wireProfile } from "#tests/support/wire-profile.ts";

/** What the operator's list does to an attempt: a listener counts who came through. */
let server: Server;
let port: number;
let came = 0;

const tls = { mode: "require", trust: "system" } as const;

beforeAll(async () => {
  server = createServer((socket) => {
    came += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test.each([
  ["deny *", "127.0.0.1", false],
  ["deny 127.0.0.0/8", "127.0.0.1", false],
  ["deny localhost", "localhost", false],
  ["deny LOCALHOST.", "localhost", false],
  ["deny elsewhere.example", "localhost", true],
  ["allow 10.0.0.0/8", "127.0.0.1", false],
  ["allow localhost", "localhost", true],
  ["allow localhost", "127.0.0.1", false],
  ["allow 127.0.0.1:PORT", "127.0.0.1", true],
  ["allow 127.0.0.1:1", "127.0.0.1", false],
])("%s: %s comes through: %s", async (text, host, through) => {
  const networks = readNetworkRules(text.replace("PORT", String(port)));
  const network = networkPolicy({ allowLoopback: true, networks });
  const before = came;
  const lookup = async () => ["127.0.0.1"];
  const { problem } = await testConnection(wireProfile({ host, port, tls }), { network, lookup });
  expect([came > before, problem?.code === "net-address-denied"]).toEqual([through, !through]);
});

test("a name is asked about as it is dialled, not as the certificate has it", async () => {
  const network = networkPolicy({ allowLoopback: true, networks: readNetworkRules("allow db.example.com") });
  const profile = wireProfile({ host: "db.example.com", address: "127.0.0.1", port, tls });
  expect((await testConnection(profile, { network })).problem?.code).toBe("net-address-denied");
});

test.each([
  ["127.0.0.1", "vault", "vault", false],
  ["db.example.com", "vault", "db.example.com", false],
  ["another.example.com", "vault", "db.example.com", false],
  ["127.0.0.1", "other", "vault", true],
  // The same one in another spelling, and another address of this machine, where it may listen on all.
  ["::ffff:127.0.0.1", "vault", "vault", false],
  ["64:ff9b::7f00:1", "vault", "vault", false],
  ["127.0.0.2", "vault", "vault", false],
  ["::1", "vault", "vault", false],
  ["127.0.0.1", "vault", "/run/postgresql", false],
  ["::ffff:127.0.0.1", "vault", "/run/postgresql", false],
  ["127.0.0.1", "other", "/run/postgresql", true],
  ["127.0.0.1", "vault", "192.0.2.7", true],
])(
  "%s/%s is the database that keeps the vault at %s: it is dialled: %s",
  async (host, database, at, through) => {
    const vault = { host: at === "vault" ? "127.0.0.1" : at, port, database: "vault" };
    const before = came;
    const lookup = async () => ["127.0.0.1"];
    const network = { allowLoopback: true, vault };
    const { problem } = await testConnection(wireProfile({ host, port, database, tls }), { network, lookup });
    expect([came > before, problem?.facts.kind === "vault"]).toEqual([through, !through]);
  },
);
