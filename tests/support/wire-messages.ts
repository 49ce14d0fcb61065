/** A message of PostgreSQL's protocol as it goes by. */
export interface WireMessage {
  /** Its kind, a letter; `start` for a client's first one, which has none. */
  readonly kind: string;
  readonly bytes: Buffer;
}

/**
 * Takes what comes over a connection apart into messages (PostgreSQL's documentation, 54.7).
 * @param isClient the first message has no kind
 * @returns gives the messages that a chunk has made whole
 */
export function wireMessages(isClient: boolean): (chunk: Buffer) => WireMessage[] {
  let rest = Buffer.alloc(0);
  let isStart = isClient;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const whole: WireMessage[] = [];
    for (;;) {
      const head = isStart ? 0 : 1;
      if (rest.length < head + 4) return whole;
      const length = head + rest.readInt32BE(head);
      if (rest.length < length) return whole;
      const bytes = rest.subarray(0, length);
      rest = rest.subarray(length);
      whole.push({ kind: isStart ? "start" : String.fromCharCode(bytes[0] ?? 0), bytes });
      isStart = false;
    }
  };
}
