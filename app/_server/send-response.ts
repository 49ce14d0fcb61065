import "server-only";
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { acceptsCoding } from "./accepts-coding.ts";

/**
 * Sends a handler's answer as the framework does: piece by piece, as fast as it is taken, compressed where it is text that
 * may be transformed. Where the browser goes the answer's stream is cancelled.
 * @param always headers of every answer
 * @param accepted what the request says of encodings
 */
export async function sendResponse(
  outgoing: ServerResponse,
  { status, headers, body }: Response,
  always: Readonly<Record<string, string>>,
  accepted: string | null,
): Promise<void> {
  if (outgoing.destroyed) return void (await body?.cancel());
  const isText = headers.get("content-type")?.startsWith("text/") === true;
  const mayZip =
    isText &&
    !headers.has("content-encoding") &&
    !/\bno-transform\b/.test(headers.get("cache-control") ?? "");
  const isZipped = mayZip && body !== null && acceptsCoding("gzip", accepted);
  outgoing.writeHead(status, {
    ...always,
    ...Object.fromEntries(headers),
    ...(mayZip ? { Vary: "Accept-Encoding" } : {}),
    ...(isZipped ? { "Content-Encoding": "gzip" } : {}),
  });
  if (body === null) return void outgoing.end();
  const reader = body.getReader();
  // Also while the next piece is waited for: then nobody waits for what makes it.
  outgoing.once("close", () => void reader.cancel().catch(() => undefined));
  if (isZipped) await zipped(reader, outgoing);
  else await plain(reader, outgoing);
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function plain(reader: Reader, outgoing: ServerResponse): Promise<void> {
  let wake: () => void = () => undefined;
  const awake = () => wake();
  outgoing.on("drain", awake).once("close", awake);
  for await (const piece of pieces(reader)) {
    if (outgoing.destroyed) return;
    // Head, rows and end that are there together go out together. Not the answer itself is corked: Node 24 would send the
    // end of a corked one before its last pieces.
    const { socket } = outgoing;
    socket?.cork();
    setImmediate(() => socket?.uncork());
    const goesOn = new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (!outgoing.write(piece)) await goesOn;
  }
  outgoing.end();
}

/** Flushed after each piece, so that the first rows do not wait for more. */
async function zipped(reader: Reader, outgoing: ServerResponse): Promise<void> {
  try {
    await pipeline(pieces(reader), createGzip({ flush: constants.Z_SYNC_FLUSH }), outgoing);
  } catch (error) {
    // The browser has gone: nobody is left to be told.
    if (!outgoing.destroyed) throw error;
  }
}

async function* pieces(reader: Reader): AsyncGenerator<Uint8Array, void, void> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
