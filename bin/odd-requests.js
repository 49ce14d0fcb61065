import { isIPv4, isIPv6 } from "node:net";

/**
 * Refuses at the very door what no browser asks of this console, and what Next would answer before `proxy.ts` is asked,
 * with bare answers or redirects: a target that can be read in two ways, one that cannot be decoded, a host that is none,
 * an unknown method.
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @returns {boolean} true when it was refused, and answered
 */
export function refuseOdd(request, response) {
  const status = oddness(request);
  if (status === undefined) return false;
  response.writeHead(status, headers).end();
  return true;
}

function oddness({ method, url, headers: { host }, rawHeaders }) {
  if (!methods.has(method)) return 405;
  if (hostsIn(rawHeaders) !== 1 || !isHost(host) || !isOrdinaryTarget(url)) return 400;
  const path = pathOf(url);
  // Next reads these as the page or handler that they belong to; only what it asks itself, by GET, comes like this.
  const isNextsOwn = /\.rsc$|^\/_next\//.test(path) && method !== "GET" && method !== "HEAD";
  return isWrittenOneWay(path) && !isNextsOwn ? undefined : 404;
}

/** Of several Node keeps the first: whoever stands in front may have looked at another (RFC 9112, 3.2). */
function hostsIn(rawHeaders) {
  return rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name)).length;
}

/** Nothing here speaks another protocol, and an upgrade that nobody answers would hold its socket open. */
export function refuseUpgrade(_request, socket) {
  socket.destroy();
}

/** What is asked of the server in advance (`Expect`) is nothing that it does. */
export function refuseExpectation(_request, response) {
  response.writeHead(417, headers).end();
}

/** What Node's parser does not take for a request, or takes too long: its own answer, with our headers. */
export function refuseUnreadable(error, socket) {
  if (!socket.writable || socket.bytesWritten > 0) return socket.destroy();
  const status = unreadable[error.code] ?? "400 Bad Request";
  const lines = Object.entries({ ...headers, Connection: "close", "Content-Length": "0" });
  socket.end(`HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
}

const unreadable = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

const headers = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/**
 * A host and port that a URL can be made of: Next makes one of every request. Parsing alone would let too much in:
 * `127.1` and `%6cocalhost` are this machine to a URL, and what looks like a user or a path is left aside.
 */
function isHost(host) {
  const [, name = "", port = "80"] = /^(\[[0-9a-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(host ?? "") ?? [];
  if (Number(port) > 65_535) return false;
  if (name.startsWith("[")) return isIPv6(name.slice(1, -1));
  // A name that ends in a number is an address (WHATWG URL, host parsing), and then a whole one.
  return /(^|\.)(\d+|0x[0-9a-f]*)\.?$/i.test(name)
    ? isIPv4(name)
    : name !== "" && URL.canParse(`http://${name}`);
}

/** RFC 9112, 3.2.1: an origin-form target that decodes. "//host" would be read as another host's address. */
function isOrdinaryTarget(target) {
  if (!target.startsWith("/") || /^\/[/\\]/.test(target)) return false;
  try {
    decodeURIComponent(pathOf(target));
    return true;
  } catch {
    return false;
  }
}

/** Without doubled, trailing, encoded or reversed slashes, dots for folders, or signs that end a text elsewhere. */
function isWrittenOneWay(path) {
  const odd = /\/\/|.\/$|\\|%2f|%5c|%[01][0-9a-f]|%7f|(?:^|\/)(?:\.|%2e){1,2}(?=\/|$)/i;
  return !odd.test(path);
}

function pathOf(target) {
  return target.split("?", 1)[0];
}
