/**
 * Refuses at the very door what no browser asks of this console, and what Next would answer before `proxy.ts` is asked:
 * an absolute or double-slashed target is redirected to by Next itself, an unknown method is an error of its own.
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @returns {boolean} true when it was refused, and answered
 */
export function refuseOdd(request, response) {
  const status = !methods.has(request.method) ? 405 : isOrdinaryTarget(request.url) ? undefined : 400;
  if (status === undefined) return false;
  response.writeHead(status, headers).end();
  return true;
}

/** Nothing here speaks another protocol, and an upgrade that nobody answers would hold its socket open. */
export function refuseUpgrade(_request, socket) {
  socket.destroy();
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

const headers = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** RFC 9112, 3.2.1: an origin-form target. "//host" would be read as another host's address. */
function isOrdinaryTarget(target) {
  return target.startsWith("/") && !/^\/[/\\]/.test(target);
}
