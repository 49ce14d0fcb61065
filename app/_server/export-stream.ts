import "server-only";
import { createHash } from "node:crypto";
import { CutFile } from "#lib/transfer/cut-file.ts";
import type { TransferTrouble } from "#lib/transfer/shapes.ts";
import { TransferStop } from "#lib/transfer/transfer-stop.ts";
import { endTransfer, type Transfer } from "#lib/transfer/transfers.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import { serverText } from "#lib/wire/server-text.ts";

/** A browser that takes nothing for so long is gone, though its connection may still stand, ms. */
const stallMs = 60_000;

/**
 * The bytes of an export as an answer's body, with its books kept. The next piece is asked for when the browser has taken
 * the last. Where it breaks off, so does the answer: no browser takes that for a whole file.
 * @param signal aborts when it is to end, whoever wants that
 * @param onEnd  told once
 */
export function exportStream(
  transfer: Transfer,
  file: { readonly pieces: AsyncGenerator<Buffer, void, void>; rows(): number },
  signal: AbortSignal,
  onEnd: () => Promise<void>,
): ReadableStream<Uint8Array> {
  const hash = createHash("sha256");
  let stall: NodeJS.Timeout | undefined;
  let isOver = false;
  let onAbort: (() => void) | undefined;

  async function end(error?: unknown): Promise<void> {
    isOver = true;
    clearTimeout(stall);
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
    transfer.rows = file.rows();
    if (error === undefined) {
      transfer.sha256 = hash.digest("hex");
      endTransfer(transfer, "done");
    } else if (error instanceof TransferStop && error.why === "cancelled") endTransfer(transfer, "cancelled");
    else endTransfer(transfer, "failed", troubleOf(error));
    await onEnd();
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // It may be the browser that takes nothing: then nobody asks for the piece that would fail.
        onAbort = () => {
          if (isOver) return;
          const ended = end(signal.reason instanceof TransferStop ? signal.reason : new TransferStop("left"));
          controller.error(new CutFile("the export was stopped"));
          void ended.finally(() => file.pieces.return());
        };
        if (signal.aborted) onAbort();
        else signal.addEventListener("abort", onAbort, { once: true });
      },
      async pull(controller) {
        clearTimeout(stall);
        try {
          const { done, value } = await file.pieces.next();
          if (isOver) return;
          if (done) {
            await end();
            controller.close();
            return;
          }
          hash.update(value);
          transfer.bytes += value.length;
          transfer.rows = file.rows();
          controller.enqueue(value);
        } catch (error) {
          if (isOver) return;
          await end(error);
          controller.error(new CutFile("the export broke off"));
          return;
        }
        stall = setTimeout(() => transfer.stop.abort(new TransferStop("stalled")), stallMs);
        stall.unref();
      },
      async cancel() {
        if (isOver) return;
        const ended = end(new TransferStop("left"));
        transfer.stop.abort(new TransferStop("left"));
        await ended;
        await file.pieces.return().catch(() => undefined);
      },
    },
    { highWaterMark: 1 },
  );
}

/** Why a transfer failed, as its page is told: the server's own words where it has said some. */
export function troubleOf(error: unknown): TransferTrouble {
  if (error instanceof TransferStop && error.why !== "cancelled")
    return { why: error.why, sqlstate: "", message: "" };
  if (isServerError(error))
    return { why: "server", sqlstate: error.code ?? "", message: serverText(error.message) };
  return { why: "lost", sqlstate: "", message: "" };
}
