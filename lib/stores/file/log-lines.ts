import "server-only";
import type { FileHandle } from "node:fs/promises";

/** Longest line, in bytes: what is noted is facts, not documents. */
export const longestLine = 8 * 1024;

/** So much is read at once going forward: what is done with that many lines keeps nobody else waiting. */
const forwardChunk = 32 * 1024;
const longestChunk = 256 * 1024;

/** The last whole line, and where it ends. */
export async function endOf(
  handle: FileHandle,
  size: number,
): Promise<{ readonly line: string | undefined; readonly whole: number }> {
  const start = Math.max(0, size - 2 * longestLine);
  const text = (await readAt(handle, start, size)).toString("latin1");
  const whole = text.lastIndexOf("\n") + 1;
  if (whole === 0) return { line: undefined, whole: start === 0 ? 0 : size };
  const lineStart = text.lastIndexOf("\n", whole - 2) + 1;
  const line = Buffer.from(text.slice(lineStart, whole - 1), "latin1").toString("utf8");
  return { line, whole: start + whole };
}

/**
 * Whole lines in order.
 * @param withRest whether what follows the last of them comes as a line, too: nobody goes on with it
 * @param pause    waited for between one piece of lines and the next
 */
export async function* linesForward(
  handle: FileHandle,
  size: number,
  withRest: boolean,
  pause?: () => Promise<void>,
): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for (let at = 0; at < size; at += forwardChunk) {
    const part = await readAt(handle, at, Math.min(size, at + forwardChunk));
    const bytes = rest.length === 0 ? part : Buffer.concat([rest, part]);
    let from = 0;
    for (let to = bytes.indexOf(10, from); to !== -1; to = bytes.indexOf(10, from)) {
      yield bytes.toString("utf8", from, to);
      from = to + 1;
    }
    rest = bytes.subarray(from);
    // Nobody wrote a line as long as that.
    if (rest.length > longestChunk) break;
    if (at + forwardChunk < size) await pause?.();
  }
  if (rest.length > longestChunk || (withRest && rest.length > 0)) yield "";
}

/** Whole lines from the last to the first, each with the place where it begins. */
export async function* linesBackwards(
  handle: FileHandle,
  end: number,
): AsyncGenerator<{ readonly text: string; readonly start: number }> {
  let bytes: Buffer = Buffer.alloc(0);
  let at = end;
  // Most want a few lines alone, and a page of them stands in the second piece at the latest.
  for (let chunk = 2 * longestLine; ; chunk = Math.min(4 * chunk, longestChunk)) {
    let to = bytes.lastIndexOf(10);
    while (to !== -1) {
      const from = to === 0 ? -1 : bytes.lastIndexOf(10, to - 1);
      if (from === -1 && at > 0) break;
      yield { text: bytes.toString("utf8", from + 1, to), start: at + from + 1 };
      bytes = bytes.subarray(0, from + 1);
      to = bytes.lastIndexOf(10);
    }
    if (at === 0 || bytes.length > longestChunk) return;
    const start = Math.max(0, at - chunk);
    bytes = Buffer.concat([await readAt(handle, start, at), bytes]);
    at = start;
  }
}

async function readAt(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  let got = 0;
  while (got < bytes.length) {
    const { bytesRead } = await handle.read(bytes, got, bytes.length - got, from + got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return bytes.subarray(0, got);
}
