import { plainPem } from "./plain-pem.ts";

/** What stands between a BEGIN line and its END line, as it was found. */
export interface PemFrame {
  /** The words after BEGIN as they should be written: `RSA PRIVATE KEY`. */
  readonly label: string;
  /** The words after END; undefined when nothing ends it. */
  readonly endLabel: string | undefined;
  /** What is between, one line after the other, without what was put before the lines. */
  readonly inside: string;
  /** Which line of the text the block begins in, from 1 on. */
  readonly line: number;
}

/**
 * Every frame in a text, in its order: what `plainPem` undoes is undone, the words may be in any case, and the hyphens
 * more or fewer than five, or with blanks between.
 * @param most where to stop
 */
export function pemFrames(text: string, most: number): readonly PemFrame[] {
  if (!mayBegin.test(text)) return [];
  const plain = plainPem(text);
  const begins: RegExpExecArray[] = [];
  for (const found of plain.matchAll(beginning)) if (begins.push(found) > most) break;
  let line = 1;
  let counted = 0;
  return begins.map((begin, index) => {
    for (; counted < begin.index; counted += 1) if (plain.charCodeAt(counted) === 10) line += 1;
    const from = begin.index + begin[0].length;
    const rest = plain.slice(from, begins[index + 1]?.index ?? plain.length);
    const end = ending.exec(rest);
    const before = plain.slice(
      Math.max(plain.lastIndexOf("\n", begin.index) + 1, begin.index - 100),
      begin.index,
    );
    return {
      label: labelOf(begin[1] ?? begin[2] ?? ""),
      endLabel: end === null ? undefined : labelOf(end[1] ?? end[2] ?? ""),
      inside: undecorated(end === null ? rest : rest.slice(0, end.index), before),
      line,
    };
  });
}

/** Whether the text has a piece of a frame, though perhaps no whole one. */
export function hasFrame(text: string): "begin" | "end" | undefined {
  const plain = plainPem(text);
  if (/-{2}\s{0,5}BEGIN|BEGIN [A-Z0-9 ]{1,40}-/i.test(plain)) return "begin";
  return /-{2}\s{0,5}END\b|END [A-Z0-9 ]{1,40}-/i.test(plain) ? "end" : undefined;
}

/** Also with signs between that nobody sees, and in wide letters. */
const mayBegin = /B\W{0,2}E\W{0,2}G\W{0,2}I\W{0,2}N|[\uff22\uff42]/i;

const dashes = "(?:-[ \\t]{0,3}){2,12}";
const words = "[A-Z0-9][A-Z0-9 \\t]{0,59}?";
/** A line of its own may have lost its hyphens: a text that was made up as a heading, or a cell of a table. */
const bareLine = (word: string) =>
  `^[ \\t>|"]{0,9}${word}[ \\t]{1,8}((?:[A-Z0-9]{1,9}[ \\t]{1,3}){0,2}(?:CERTIFICATE|KEY|CRL|PKCS7))[ \\t|"]{0,9}$`;
const beginning = new RegExp(
  `${dashes}BEGIN[ \\t]{0,8}(${words})[ \\t]{0,8}${dashes}|${bareLine("BEGIN")}`,
  "gim",
);
const ending = new RegExp(
  `(?:^(?<!.|\\n)|${dashes})END[ \\t]{0,8}(${words})(?=[ \\t]{0,8}(?:-|$))|${bareLine("END")}`,
  "im",
);

/** In capitals, with one blank between words, also where they were lost. */
function labelOf(words: string): string {
  const label = words.trim().replace(/\s+/g, " ").toUpperCase();
  const known = knownLabels.exec(label.replaceAll(" ", ""));
  return known === null ? label : known.slice(1).filter(Boolean).join(" ");
}

const knownLabels =
  /^(?:(X509|TRUSTED)?(CERTIFICATE)|(NEW)?(CERTIFICATE)(REQUEST)|(RSA|EC|DSA|ENCRYPTED|OPENSSH)?(PRIVATE|PUBLIC)(KEY)|(X509)(CRL)|(EC|DH|DSA)(PARAMETERS))$/;

/**
 * Takes from each line what quoting, a log, a comparison or line numbers put before it: where every line has what
 * stands before BEGIN, whatever its figures. A program's quotation marks, with what joins them, go too.
 */
function undecorated(inside: string, before: string): string {
  const mark = before.trim();
  const lines = inside.split("\n");
  const bare = /^["']*$/.test(mark) ? lines : withoutMark(lines, mark);
  return (
    bare
      .map((line) =>
        line
          .replace(/^[ >|]+/, "")
          .replace(/^[ ]*[+.&][ ]*(?=["'])/, "")
          .replace(/(["'])[ ]*[+.&,;\\)]*[ ]*$/, "$1")
          .replace(/\$$/, ""),
      )
      .join("\n")
      // Quoted-printable, of a text that needed no filling up.
      .replace(/=\n(?=[A-Za-z0-9+/])/g, "")
  );
}

function withoutMark(lines: readonly string[], mark: string): readonly string[] {
  const shape = mark.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&").replace(/\d+/g, "\\d+");
  const marked = new RegExp(`^ *${shape} ?`);
  // What stands before the first newline is on BEGIN's own line, and an empty line need not be quoted.
  const [first = "", ...rest] = lines;
  return rest.every((line) => line.trim() === "" || marked.test(line))
    ? [first, ...rest.map((line) => line.replace(marked, ""))]
    : lines;
}
