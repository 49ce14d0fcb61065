import { createServer } from "node:http";
import { createRequire } from "node:module";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";

const require = createRequire(import.meta.url);
const { refuseOdd } = require("../../../bin/odd-requests.js");

const server = createServer({ requireHostHeader: false }, (request, response) => {
  if (!refuseOdd(request, response)) response.end("taken");
});
beforeAll(() => new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening)));
afterAll(() => server.close());

/** Of several the parser keeps the first, and whoever stands in front may have looked at another (RFC 9112, 3.2). */
test.each([
  [200, ["Host: localhost"]],
  [400, ["Host: localhost", "Host: evil.example"]],
  [400, ["Host: localhost", "host: localhost"]],
  [400, ["Host: localhost", "X: y", "HOST:"]],
  [400, []],
])("%i for %j", async (status, lines) => {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.end(["GET / HTTP/1.1", ...lines, "Connection: close", "", ""].join("\r\n"));
  expect(await text(socket)).toMatch(`HTTP/1.1 ${status} `);
});
