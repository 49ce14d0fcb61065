import "server-only";
import { diagnose } from "#lib/diagnosis/diagnose.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { AttemptSteps } from "#lib/wire/attempt-steps.ts";
import { noEvidence } from "#lib/wire/evidence.ts";
import { networkPolicy } from "#lib/wire/network-policy.ts";
import { openChannel } from "#lib/wire/open-channel.ts";
import type { ConnectOptions, LiveConnection } from "./connect.ts";

/**
 * Asks the server to end what a connection is running (CancelRequest,
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS), over a second channel
 * to the same address with the same checks: the secret key in it is worth as much as the session.
 * @returns ok when the server took the request; whether anything was running it does not say
 */
export async function cancelBackend(
  profile: ProfileDraft,
  connection: Pick<LiveConnection, "backend" | "socket" | "report">,
  options: Omit<ConnectOptions, "onEvent" | "lookup"> = {},
): Promise<Result<void>> {
  const steps = new AttemptSteps({ wholeMs: profile.connectTimeoutMs, signal: options.signal });
  const evidence = noEvidence(profile, new Date());
  evidence.transport = connection.report.tls === null ? "plaintext" : "tls";
  // A name may lead to several servers; the request is for the one that runs the statement.
  const address = connection.socket.remoteAddress;
  try {
    const channel = await openChannel(steps, evidence, {
      network: options.network ?? networkPolicy(),
      lookup: address === undefined ? undefined : async () => [address],
      trustStore: options.trustStore,
      withoutTls: "fail",
    });
    const { socket } = channel;
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    // As libpq does, not `end`: PgBouncer takes a half-closed connection for one that has gone, and passes nothing on.
    socket.write(cancelRequest(connection.backend));
    socket.resume();
    // The server closes when it has passed the request on.
    await steps.within(closed);
    return ok(undefined);
  } catch (error) {
    evidence.step = steps.step;
    return failed(diagnose(error, evidence));
  } finally {
    steps.end();
  }
}

function cancelRequest({ pid, secretKey }: LiveConnection["backend"]): Buffer {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80_877_102, 4);
  message.writeInt32BE(pid, 8);
  message.writeInt32BE(secretKey, 12);
  return message;
}
