import "server-only";

/**
 * How many rounds of SCRAM a server may ask for (its `scram_iterations`): what fits into the time of the attempt at a
 * pace that a slow, busy machine keeps, and never more than a thread should be taken for. libpq has no bound, but its
 * caller waits alone; here one server must not take the threads of everybody.
 */
export function mostRounds(connectTimeoutMs: number): number {
  return Math.min(10_000_000, Math.max(usualMost, Math.floor(connectTimeoutMs * roundsPerMs)));
}

const roundsPerMs = 400;

/** Takes 0.1 s at most, so that nobody has to wait for anybody. */
const usualMost = 100_000;

/** The rounds in a server's first message (RFC 5802 section 7); null where it names none, which the driver refuses. */
export function roundsAsked(serverFirst: string): number | null {
  const rounds = /(?:^|,)i=([1-9]\d*)(?:,|$)/.exec(serverFirst)?.[1];
  return rounds === undefined ? null : Math.min(Number(rounds), Number.MAX_SAFE_INTEGER);
}

/**
 * Runs a derivation; those of many rounds one after the other. The driver derives on Node's own threads, of which
 * there are four for everything: name look-ups, files, people's passwords.
 * @param derive is not called any more when `signal` is aborted before its turn comes
 */
export async function deriveInTurn(
  rounds: number,
  signal: AbortSignal,
  derive: () => Promise<unknown>,
): Promise<void> {
  if (rounds <= usualMost) {
    await derive();
    return;
  }
  const mine = last.then(async () => {
    if (!signal.aborted) await derive();
  });
  last = mine.catch(() => undefined);
  await mine;
}

let last: Promise<void> = Promise.resolve();
