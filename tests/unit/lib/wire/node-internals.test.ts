import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { beforeData, beforeNodeChecks, keptPeerCertificate } from "#lib/wire/node-internals.ts";

/** What this console replaces of Node's sockets: see `lib/wire/node-internals.ts`. */
const changed = `Node ${process.versions.node} has changed: see node-internals.ts`;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

describe("beforeData", () => {
  test.each(["in plain text", "over TLS"])("every chunk passes it first, once, %s", async (transport) => {
    const socket = transport === "over TLS" ? (await overTls()).socket : await plainly();
    const seen: string[] = [];
    const heard: string[] = [];
    beforeData(socket, (chunk, passOn) => {
      seen.push(chunk.toString());
      return chunk.includes("secret") ? false : passOn();
    });
    // The driver listens later, and by more than one way.
    socket.on("data", (chunk: Buffer) => heard.push(chunk.toString()));
    for (const text of ["one", "secret", "two"]) {
      const came = seen.length;
      socket.write(text);
      while (seen.length === came) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seen, `${changed}: 'data' does not come through emit any more`).toEqual(["one", "secret", "two"]);
    expect(heard, `${changed}: a listener hears what was held back`).toEqual(["one", "two"]);
  });
});

describe("in the handshake", () => {
  test("we look before Node checks, also where Node then throws the socket away", async () => {
    const order: string[] = [];
    const certificate = await makeCertificate({ dns: ["db.example.test"] });
    const server = await tlsServer(certificate);
    const socket = tls.connect({ port: server, host: "127.0.0.1", servername: "db.example.test", ca: [] });
    closing.push(() => socket.destroy());
    beforeNodeChecks(socket, () => order.push(`seen ${socket.getPeerCertificate().subjectaltname}`));
    const [error] = await once(socket, "close").then(
      () => [undefined],
      (caught: Error) => [caught],
    );
    order.push(error === undefined ? "taken" : "refused");
    expect(order, `${changed}: it checks the certificate before we have seen it`).toEqual([
      "seen DNS:db.example.test",
      "refused",
    ]);
  });

  test("the certificate is laid out once", async () => {
    const { socket } = await overTls();
    const peer = keptPeerCertificate(socket);
    expect(peer.subjectaltname).toBe("DNS:localhost");
    expect(socket.getPeerCertificate(true), `${changed}: the kept certificate is not given`).toBe(peer);
    expect(socket.getPeerCertificate()).toBe(peer);
  });
});

async function plainly(): Promise<net.Socket> {
  const server = net.createServer((peer) => peer.on("error", () => undefined).pipe(peer));
  const socket = net.connect(await listening(server), "127.0.0.1");
  closing.push(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}

async function overTls(): Promise<{ readonly socket: tls.TLSSocket }> {
  const certificate = await makeCertificate({ dns: ["localhost"] });
  const port = await tlsServer(certificate);
  const socket = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  closing.push(() => socket.destroy());
  await once(socket, "secureConnect");
  return { socket };
}

async function tlsServer(certificate: {
  readonly chainPem: string;
  readonly keyPem: string;
}): Promise<number> {
  const server = tls.createServer({ cert: certificate.chainPem, key: certificate.keyPem }, (peer) =>
    peer.on("error", () => undefined).pipe(peer),
  );
  server.on("tlsClientError", () => undefined);
  return listening(server);
}

async function listening(server: net.Server): Promise<number> {
  closing.push(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
