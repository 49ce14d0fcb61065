import "server-only";
import type net from "node:net";
import type tls from "node:tls";

/**
 * Everything of Node's sockets that this console replaces, which Node allows and does not promise (20, 22, 24).
 * `node-internals.test.ts` fails first when a new version has changed one of them.
 */

/**
 * Stands before every listener of a socket's 'data', those to come included: `receive` is given each chunk once and in
 * order, and passes it on to the listeners or does not. All of them hang on the one call of `emit` in Readable.
 * @param receive gives what `emit` gives: whether anybody listened
 */
export function beforeData(
  socket: net.Socket,
  receive: (chunk: Buffer, passOn: () => boolean) => boolean,
): void {
  const emit = socket.emit.bind(socket);
  socket.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    const [chunk] = values;
    if (event !== "data" || !Buffer.isBuffer(chunk)) return emit(event, ...values);
    return receive(chunk, () => emit(event, chunk));
  };
}

/** Calls before Node's own listener of 'secure', which checks the certificate and may destroy the socket. */
export function beforeNodeChecks(secured: tls.TLSSocket, then: () => void): void {
  secured.prependOnceListener("secure", then);
}

/**
 * The certificates that the server showed, laid out once: Node asks the same of the same handshake a moment later, for
 * its own check, and the driver for channel binding, each time half a millisecond. To be called in the handshake,
 * before Node's own check.
 */
export function keptPeerCertificate(secured: tls.TLSSocket): tls.DetailedPeerCertificate {
  const peer = secured.getPeerCertificate(true);
  secured.getPeerCertificate = () => peer;
  return peer;
}
