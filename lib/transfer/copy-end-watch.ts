import "server-only";

/**
 * Watches the data of a script's COPY for a line that begins with `\.`: no server writes one, and behind it psql would take
 * what follows for commands of its own, those of its shell among them. A script is to be safe from the server, too, that it
 * was taken from (as with pg_dump, CVE-2025-8714).
 * @returns whether a piece holds such a line, begun in the piece before or not
 */
export function copyEndWatch(): (piece: Buffer) => boolean {
  // The first line begins as if another had ended.
  let tail = Buffer.from("\n");
  return (piece) => {
    const seam = Buffer.concat([tail, piece.subarray(0, mark.length - 1)]);
    const isFound = seam.includes(mark) || piece.includes(mark);
    const whole = piece.length < mark.length ? Buffer.concat([tail, piece]) : piece;
    tail = Buffer.from(whole.subarray(-(mark.length - 1)));
    return isFound;
  };
}

const mark = Buffer.from("\n\\.");
