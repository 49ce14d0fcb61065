/** A file's text: UTF-8, or UTF-16 where a byte-order mark says so; undefined for what is no text, as DER is none. */
export function textOfBytes(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  const isDer = bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80 && (bytes[1] ?? 0) <= 0x84;
  return isDer || bytes.includes(0) ? undefined : new TextDecoder().decode(bytes);
}
