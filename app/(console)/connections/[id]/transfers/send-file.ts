import type { ImportAsk } from "#lib/transfer/ask.ts";
import type { ImportBegun, ImportStand } from "#lib/transfer/shapes.ts";
import { postTo, type Refused, refusedOf } from "../ask-connection.ts";

/** What has become of an import. */
export type Sent =
  | { readonly type: "ended"; readonly stand: ImportStand }
  | { readonly type: "refused"; readonly refused: Refused }
  /** The console was not reached, or does not know it any more: nothing was imported. */
  | { readonly type: "lost" }
  /** The same, after all was sent: nobody knows whether it was. */
  | { readonly type: "untold" };

/** One piece is one request: the framework in front of the console keeps no longer bodies. */
const pieceBytes = 1_000_000;
const atOnce = 2;
const askEachMs = 500;
/** How often a console that does not answer is asked again, once it may have imported the whole. */
const patience = 20;

/**
 * Sends a file, piece after piece, and waits for its end. The page never holds more than a piece.
 * @param onBytes told what the server has been given; the whole, when it is at work on the rest
 */
export async function sendFile(
  connectionId: string,
  file: File,
  ask: Omit<ImportAsk, "bytes">,
  signal: AbortSignal,
  onBegun: () => void,
  onBytes: (bytes: number) => void,
): Promise<Sent> {
  const answer = await postTo(connectionId, "imports", { ...ask, bytes: file.size });
  const told: unknown = await answer?.json().catch(() => undefined);
  if (!answer?.ok)
    return {
      type: "refused",
      refused: answer === undefined ? { why: "lost" } : refusedOf(told, answer.status),
    };
  const { id } = told as ImportBegun;
  onBegun();
  const act = (what: "look" | "finish" | "cancel") =>
    standOf(postTo(connectionId, `imports/${id}`, { act: what }));
  const cancel = () => void act("cancel");
  signal.addEventListener("abort", cancel, { once: true });
  const isSent = await sendPieces(connectionId, id, file, signal, onBytes);
  if (!isSent) {
    cancel();
    return { type: "lost" };
  }
  let isFinishing = false;
  let misses = 0;
  for (let what: "look" | "finish" = signal.aborted ? "look" : "finish"; ; ) {
    isFinishing ||= what === "finish";
    const stand = await act(what);
    misses = stand === undefined ? misses + 1 : 0;
    if (stand === undefined && !isFinishing) return { type: "lost" };
    if (misses > patience) return { type: "untold" };
    if (stand !== undefined && stand.state !== "running") return { type: "ended", stand };
    if (signal.aborted) what = "look";
    await new Promise((resolve) => setTimeout(resolve, askEachMs));
  }
}

/** Several are on their way at once: while the server copies one, the next ones come. @returns whether all were taken */
async function sendPieces(
  connectionId: string,
  id: string,
  file: File,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<boolean> {
  const count = Math.ceil(file.size / pieceBytes);
  let next = 0;
  let isOpen = true;
  async function sendSome(): Promise<void> {
    while (next < count && isOpen && !signal.aborted) {
      const piece = next;
      next += 1;
      // A file that has changed on the disk meanwhile cannot be read on: it is not whole then.
      const bytes = await file.slice(piece * pieceBytes, (piece + 1) * pieceBytes).arrayBuffer();
      const address = `/api/connections/${encodeURIComponent(connectionId)}/imports/${id}?piece=${piece}`;
      const headers = { "Content-Type": "application/octet-stream" };
      const stand = await standOf(fetch(address, { method: "PUT", headers, body: bytes, cache: "no-store" }));
      if (stand === undefined) throw new Error("a piece was not taken");
      onBytes(stand.bytes);
      // What the server has refused, it needs no more of.
      if (stand.state !== "running") isOpen = false;
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, sendSome));
    return true;
  } catch {
    isOpen = false;
    return false;
  }
}

async function standOf(answer: Promise<Response | undefined>): Promise<ImportStand | undefined> {
  try {
    const response = await answer;
    return response?.ok ? ((await response.json()) as ImportStand) : undefined;
  } catch {
    return undefined;
  }
}
