/** What a file may be altered with, besides itself. */
export interface Others {
  /** The same file as it was before. */
  readonly earlier: readonly Buffer[];
  /** Other files of this vault, and the same file of another one. */
  readonly strange: readonly Buffer[];
}

/** A way to alter a file; undefined where there is nothing in it to alter like that. */
type Alteration = (bytes: Buffer, others: Others, below: (count: number) => number) => Buffer | undefined;

/** The ways, by the name that they are told with. */
export const alterations: Readonly<Record<string, Alteration>> = {
  "bits flipped": (bytes, _, below) => {
    const altered = Buffer.from(bytes);
    for (let flips = 1 + below(3); flips > 0 && altered.length > 0; flips -= 1) {
      const at = below(altered.length);
      altered[at] = (altered[at] ?? 0) ^ (1 << below(8));
    }
    return altered;
  },
  "a letter for another": (bytes, _, below) => {
    const altered = Buffer.from(bytes);
    altered[below(bytes.length)] = letters.charCodeAt(below(letters.length));
    return altered;
  },
  "cut off": (bytes, _, below) => bytes.subarray(0, below(bytes.length)),
  "beginning gone": (bytes, _, below) => bytes.subarray(1 + below(bytes.length)),
  "a piece gone": (bytes, _, below) => {
    const [from, to] = range(bytes.length, below);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  "a piece twice": (bytes, _, below) => {
    const [from, to] = range(bytes.length, below);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  "a piece of nothing": (bytes, _, below) => {
    const [from, to] = range(bytes.length, below);
    return Buffer.from(bytes).fill(0, from, to);
  },
  "all of it twice": (bytes) => Buffer.concat([bytes, bytes]),
  emptied: () => Buffer.alloc(0),
  "white space": (bytes, _, below) => {
    const at = below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(" \n"), bytes.subarray(at)]);
  },
  "an earlier one": (_, { earlier }, below) => earlier[below(earlier.length)],
  "a strange one": (_, { strange }, below) => strange[below(strange.length)],
  "half an earlier one": (bytes, { earlier }, below) => {
    const before = earlier[below(earlier.length)];
    const at = below(bytes.length);
    return before && Buffer.concat([bytes.subarray(0, at), before.subarray(at)]);
  },
  "boxes swapped": (bytes, _, below) => {
    const text = bytes.toString("latin1");
    const boxes = [...text.matchAll(/\{"k":[^{}]*\}/g)];
    const [one, other] = two(boxes, below);
    if (one === undefined || other === undefined) return undefined;
    return Buffer.from(
      text.slice(0, one.index) +
        other[0] +
        text.slice(one.index + one[0].length, other.index) +
        one[0] +
        text.slice(other.index + other[0].length),
      "latin1",
    );
  },
  "an earlier box": (bytes, { earlier }, below) => {
    const text = bytes.toString("latin1");
    const old = earlier[below(earlier.length)]?.toString("latin1").match(/\{"k":[^{}]*\}/g) ?? [];
    const boxes = [...text.matchAll(/\{"k":[^{}]*\}/g)];
    const [box, put] = [boxes[below(boxes.length)], old[below(old.length)]];
    if (box === undefined || put === undefined) return undefined;
    return Buffer.from(text.slice(0, box.index) + put + text.slice(box.index + box[0].length), "latin1");
  },
  "an element gone": inLists((list, below) => list.toSpliced(below(list.length), 1)),
  "an element twice": inLists((list, below) => [...list, list[below(list.length)]]),
  "another order": inLists((list, below) => {
    const at = below(list.length);
    return [...list.slice(at), ...list.slice(0, at)];
  }),
  "a line gone": inLines((lines, below) => lines.toSpliced(below(lines.length), 1)),
  "a line twice": inLines((lines, below) =>
    lines.toSpliced(below(lines.length), 0, lines[below(lines.length)] ?? ""),
  ),
  "lines swapped": inLines((lines, below) => {
    const at = below(lines.length);
    return [...lines.slice(at), ...lines.slice(0, at)];
  }),
  "a key twice": (bytes, _, below) => {
    const text = bytes.toString("latin1");
    const members = [...text.matchAll(/"[A-Za-z]+":(?:"[^"]*"|\d+)/g)];
    const member = members[below(members.length)];
    if (member === undefined) return undefined;
    const doubled = `${member[0]},${member[0].replace(/\d+$/, "7")}`;
    return Buffer.from(
      text.slice(0, member.index) + doubled + text.slice(member.index + member[0].length),
      "latin1",
    );
  },
  "a huge number": (bytes, _, below) => {
    const text = bytes.toString("latin1");
    const numbers = [...text.matchAll(/(?<=:)\d+/g)];
    const number = numbers[below(numbers.length)];
    if (number === undefined) return undefined;
    const put = hugeNumbers[below(hugeNumbers.length)] ?? "0";
    return Buffer.from(
      text.slice(0, number.index) + put + text.slice(number.index + number[0].length),
      "latin1",
    );
  },
  "deep nesting": (bytes, _, below) => {
    const text = bytes.toString("latin1");
    const values = [...text.matchAll(/(?<=:)(?:"[^"]*"|\d+)/g)];
    const value = values[below(values.length)];
    const depth = 10 ** (1 + below(5));
    const [open, close] = below(2) === 0 ? ["[", "]"] : ['{"a":', "}"];
    const nest = open.repeat(depth) + (below(2) === 0 ? `1${close.repeat(depth)}` : "");
    const [from, length] = value === undefined ? [0, text.length] : [value.index, value[0].length];
    return Buffer.from(text.slice(0, from) + nest + text.slice(from + length), "latin1");
  },
  "a long text": (bytes, _, below) => {
    const text = bytes.toString("latin1");
    const at = text.indexOf('"', below(text.length));
    return Buffer.from(
      `${text.slice(0, at + 1)}${"A".repeat(10 ** (3 + below(4)))}${text.slice(at + 1)}`,
      "latin1",
    );
  },
};

const letters = 'ABab01-_{}[]",:';
const hugeNumbers = [
  "0",
  "-1",
  "1.5",
  "1e308",
  "1e999",
  "9007199254740993",
  "9".repeat(400),
  "999999999999999",
];

function range(length: number, below: (count: number) => number): readonly [number, number] {
  const from = below(length);
  return [from, from + 1 + below(Math.min(length - from, 200) || 1)];
}

function two<T extends { readonly index: number }>(items: readonly T[], below: (count: number) => number) {
  if (items.length < 2) return [];
  const at = below(items.length - 1);
  return [items[at], items[at + 1 + below(items.length - at - 1)]];
}

/** Some list in the JSON that a file is. */
function inLists(
  change: (list: readonly unknown[], below: (count: number) => number) => readonly unknown[],
): Alteration {
  return (bytes, _, below) => {
    try {
      const json: Record<string, unknown> = JSON.parse(bytes.toString("utf8"));
      const names = Object.keys(json).filter((name) => Array.isArray(json[name]));
      const name = names[below(names.length)];
      const list = name === undefined ? [] : (json[name] as readonly unknown[]);
      if (name === undefined || list.length === 0) return undefined;
      return Buffer.from(`${JSON.stringify({ ...json, [name]: change(list, below) })}\n`);
    } catch {
      return undefined;
    }
  };
}

function inLines(
  change: (lines: string[], below: (count: number) => number) => readonly string[],
): Alteration {
  return (bytes, _, below) => {
    const lines = bytes.toString("latin1").split("\n");
    lines.pop();
    return lines.length < 2
      ? undefined
      : Buffer.from(
          change(lines, below)
            .map((line) => `${line}\n`)
            .join(""),
          "latin1",
        );
  };
}
