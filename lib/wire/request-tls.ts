import "server-only";
import type net from "node:net";
import type { AttemptSteps } from "./attempt-steps.ts";
import { WireProblem } from "./evidence.ts";
import { serverText } from "./server-text.ts";

/** What a server may say before TLS: longer is no PostgreSQL server. */
const longestAnswer = 8 * 1024;
/** How long the rest of an error message may take; its first byte has told enough. */
const restMs = 300;

/**
 * Asks for TLS in PostgreSQL's way (SSLRequest,
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-SSL) and reads the one byte of the answer.
 * @returns whether the server goes on in TLS; false when it has none ('N')
 * @throws WireProblem `net-not-postgres` for another protocol, or for bytes after the answer, which somebody
 *         between may have put there (CVE-2021-23222); `ServerRefusal` when the server answers with an error
 */
export async function requestTls(steps: AttemptSteps, socket: net.Socket): Promise<boolean> {
  steps.begin("tls-request");
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(80_877_103, 4);
  const answer = steps.within(firstChunk(socket));
  socket.write(request);
  const chunk = await answer;
  const byte = String.fromCharCode(chunk[0] ?? 0);
  const known = byte === "S" || byte === "N" || byte === "E";
  steps.note({ answer: known ? byte : `0x${(chunk[0] ?? 0).toString(16).padStart(2, "0")}` });
  if (byte === "E") {
    const refusal = await readRefusal(steps, socket, chunk);
    steps.note({ message: refusal.message, sqlstate: serverText(refusal.code) });
    throw refusal;
  }
  if (!known) throw new WireProblem("net-not-postgres", { spoke: protocolOf(chunk) });
  if (chunk.length > 1) {
    const spoke = protocolOf(chunk);
    throw new WireProblem("net-not-postgres", { spoke: spoke === "unknown" ? "bytes-before-tls" : spoke });
  }
  return byte === "S";
}

/** An ErrorResponse in place of an answer: the server's own words, before there is a session. */
export class ServerRefusal extends Error {
  /** SQLSTATE; empty for servers older than protocol 3, and for those that cannot fork. */
  readonly code: string;
  /** Empty where there is none. */
  readonly detail: string;

  constructor(code: string, text: string, detail = "") {
    super(serverText(text));
    this.name = "ServerRefusal";
    this.code = code;
    this.detail = serverText(detail);
  }
}

/** Which protocol those bytes belong to, as far as a first glance tells. The bytes themselves are not shown. */
export function protocolOf(bytes: Buffer): string {
  const text = bytes.toString("latin1", 0, 16);
  if (/^(HTTP\/|<!|<html)/i.test(text)) return "http";
  if (text.startsWith("SSH-")) return "ssh";
  // A MySQL or MariaDB greeting: packet 0, protocol version 10 (or an error, 255).
  if (bytes.length > 4 && bytes[3] === 0 && (bytes[4] === 10 || bytes[4] === 255)) return "mysql";
  // A TLS record: alert or handshake.
  if ((bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 3) return "tls";
  if (/^(220|\+OK|\* OK)/.test(text)) return "mail";
  if (/^[-+:$]/.test(text)) return "redis";
  return "unknown";
}

/** The first bytes, and not one more: what follows is left in the socket for TLS. */
function firstChunk(socket: net.Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = () => {
      socket.off("data", onData);
      socket.off("error", onError);
      socket.off("close", onClose);
      socket.off("end", onClose);
      socket.pause();
    };
    const onData = (chunk: Buffer) => {
      done();
      resolve(chunk);
    };
    const onError = (error: Error) => {
      done();
      reject(error);
    };
    const onClose = () => {
      done();
      reject(new WireProblem("net-closed"));
    };
    socket.on("data", onData);
    socket.on("error", onError);
    socket.on("close", onClose);
    socket.on("end", onClose);
    socket.resume();
  });
}

async function readRefusal(steps: AttemptSteps, socket: net.Socket, first: Buffer): Promise<ServerRefusal> {
  let bytes = first;
  const until = performance.now() + restMs;
  while (bytes.length < longestAnswer && !isWhole(bytes) && performance.now() < until) {
    const more = await steps.within(
      Promise.race([firstChunk(socket), wait(until - performance.now())]).catch(() => null),
    );
    if (more === null) break;
    bytes = Buffer.concat([bytes, more]).subarray(0, longestAnswer);
  }
  return parseRefusal(bytes);
}

function wait(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), Math.max(0, ms)).unref());
}

/** Protocol 3: type, length, fields. Before it, and where the server cannot fork: type, text, NUL. */
function isWhole(bytes: Buffer): boolean {
  return (
    bytes.length >= 5 && (isVersion3(bytes) ? bytes.length > bytes.readInt32BE(1) : bytes.includes(0, 1))
  );
}

function isVersion3(bytes: Buffer): boolean {
  if (bytes.length < 5) return false;
  const length = bytes.readInt32BE(1);
  return length >= 5 && length < longestAnswer;
}

function parseRefusal(bytes: Buffer): ServerRefusal {
  if (!isVersion3(bytes)) {
    const end = bytes.indexOf(0, 1);
    return new ServerRefusal("", bytes.toString("utf8", 1, end === -1 ? bytes.length : end));
  }
  const fields = new Map<string, string>();
  for (const field of bytes.toString("utf8", 5).split("\0")) {
    const kind = field[0];
    if (kind !== undefined && !fields.has(kind)) fields.set(kind, field.slice(1));
  }
  return new ServerRefusal(fields.get("C") ?? "", fields.get("M") ?? "", fields.get("D") ?? "");
}
