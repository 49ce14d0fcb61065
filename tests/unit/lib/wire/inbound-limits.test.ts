import net from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultInboundLimits, meterSocket, SocketBreach } from "#lib/wire/inbound-limits.ts";
import { authentication, readyForQuery, serverMessage } from "#tests/support/rogue-server.ts";

const limits = {
  ...defaultInboundLimits,
  startBytes: 1000,
  messageBytes: 400,
  resultBytes: 2000,
  notices: 3,
};

describe("guardSocket", () => {
  test("lets through what a server says, in any pieces", () => {
    const talk = Buffer.concat([
      authentication(0),
      serverMessage("S", "server_version\x0018\0"),
      serverMessage("N", "SNOTICE\0Mhello\0\0"),
      serverMessage("E", "SERROR\0Mno\0\0"),
      serverMessage("E", "\0"),
      serverMessage("2", ""),
      serverMessage("D", [0, 1, 0, 0, 0, 0]),
      readyForQuery,
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sizes) => {
        const { feed, heard, inbound } = guarded();
        for (let at = 0, turn = 0; at < talk.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          feed(talk.subarray(at, at + size));
          at += size;
        }
        expect(inbound.breach).toBeNull();
        expect(Buffer.concat(heard)).toEqual(talk);
        expect(inbound.received).toBe(talk.length);
        expect(inbound.authentication).toBe(0);
      }),
    );
  });

  test.each([
    ["too much before the session is ready", Buffer.alloc(1001, serverMessage("S", "a\0b\0")), "start"],
    ["a message too long", Buffer.from("5300000191", "hex"), "message"],
    ["a length that cannot be", Buffer.from("5300000003", "hex"), "malformed"],
    ["an error that does not end", serverMessage("E", "SERROR\0"), "malformed"],
    ["a notice that does not end", serverMessage("N", "x"), "malformed"],
    ["too many columns", serverMessage("T", [0x06, 0x81]), "columns"],
    ["a negative number of columns", serverMessage("D", [0xff, 0xff]), "columns"],
    ["too many notices", Buffer.concat(Array(4).fill(serverMessage("N", "\0"))), "notices"],
  ])("stops %s", (_what, bytes, reason) => {
    const whole = guarded();
    whole.feed(bytes);
    expect(whole.inbound.breach?.reason).toBe(reason);
    expect(whole.heard).toEqual([]);
    const pieces = guarded();
    for (const byte of bytes) pieces.feed(Buffer.of(byte));
    expect(pieces.inbound.breach?.reason).toBe(reason);
    expect(pieces.socket.destroyed).toBe(true);
  });

  test("after the start, each result has its own limit", () => {
    const { feed, inbound } = guarded();
    const row = serverMessage("D", Buffer.alloc(200));
    inbound.ready();
    for (let count = 0; count < 9; count += 1) feed(row);
    inbound.startResult(1000);
    for (let count = 0; count < 4; count += 1) feed(row);
    expect(inbound.breach).toBeNull();
    feed(row);
    expect(inbound.breach).toMatchObject({ reason: "result", limit: 1000 });
  });

  test("a listener that throws ends the connection, not the process", () => {
    const { feed, inbound, socket } = guarded();
    socket.on("data", () => {
      throw new RangeError("Invalid array length");
    });
    expect(() => feed(readyForQuery)).not.toThrow();
    expect(inbound.breach).toBeInstanceOf(SocketBreach);
    expect(inbound.breach?.cause).toBeInstanceOf(RangeError);
  });

  test("other events go through", () => {
    const { socket } = guarded();
    let ended = false;
    socket.on("end", () => {
      ended = true;
    });
    socket.emit("end");
    expect(ended).toBe(true);
  });
});

function guarded() {
  const socket = new net.Socket();
  socket.on("error", () => undefined);
  const inbound = meterSocket(socket, limits);
  const heard: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => heard.push(chunk));
  return { socket, inbound, heard, feed: (bytes: Buffer) => socket.emit("data", bytes) };
}
