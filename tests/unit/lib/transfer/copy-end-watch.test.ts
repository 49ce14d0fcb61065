import { expect, test } from "vitest";
import { copyEndWatch } from "#lib/transfer/copy-end-watch.ts";

/** However the text is cut into two or three pieces. */
function found(text: string): readonly boolean[] {
  const all: boolean[] = [];
  for (let first = 0; first <= text.length; first += 1)
    for (let second = first; second <= text.length; second += 1) {
      const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
      const ends = copyEndWatch();
      all.push(pieces.map((piece) => ends(Buffer.from(piece))).includes(true));
    }
  return [...new Set(all)];
}

test.each(["\\.\n\\! id\n", "1\ta\n\\.\n\\! id\n", "1\n\\.", "1\r\n\\.\r\n", "\n\\.x"])(
  "%j would end the data of a script",
  (text) => {
    expect(found(text)).toEqual([true]);
  },
);

test.each(["", "1\ta\n", "\\\\.\n", "1\n\\\\.\n\\N\n", "a\\.\n", ".\n", "\\N\t.\n", "\\t.\n"])(
  "%j is data",
  (text) => {
    expect(found(text)).toEqual([false]);
  },
);
