/**
 * Reads a stream of text line by line, as it comes; what stands after the last line feed is no line.
 * @throws what the stream throws, and what `onLine` does
 */
export async function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  /** Of the line that is not there whole: joined once, however many pieces it came in. */
  let parts: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const piece = decoder.decode(value, { stream: true });
    let from = 0;
    for (let at = piece.indexOf("\n"); at >= 0; at = piece.indexOf("\n", from)) {
      parts.push(piece.slice(from, at));
      from = at + 1;
      onLine(parts.join(""));
      parts = [];
    }
    parts.push(piece.slice(from));
  }
}
