/** What programs and people make of PEM on its way, each the same for a machine that knows of it. */
export const pemVariants: Readonly<Record<string, (pem: string) => string>> = {
  "as it was": (pem) => pem,

  // Line ends.
  CRLF: ends("\r\n"),
  "CR alone": ends("\r"),
  "a line separator": ends("\u2028"),
  "next line": ends("\u0085"),
  "&#10;": ends("&#10;"),
  "&#xA;": ends("&#xA;"),
  "&#x0d;&#x0a;": ends("&#x0d;&#x0a;"),
  "&#13;": ends("&#13;\n"),
  "&NewLine;": ends("&NewLine;"),
  "&amp;#10;": ends("&amp;#10;"),
  "<br>": ends("<br>"),
  "<br/>": ends("<br/>"),
  "<br /> and a line end": ends("<br />\n"),
  "<BR CLEAR=all>": ends("<BR CLEAR=all>"),
  "<p>": (pem) => `<p>${pem.trimEnd().replaceAll("\n", "</p><p>")}</p>`,
  "<div>": (pem) => `<div>${pem.trimEnd().replaceAll("\n", "</div>\n<div>")}</div>`,
  "\\n": ends("\\n"),
  "\\r\\n": ends("\\r\\n"),
  "\\r": ends("\\r"),
  "\\\\n, escaped twice": ends("\\\\n"),
  "\\\\\\\\r\\\\\\\\n": ends("\\\\\\\\r\\\\\\\\n"),
  "\\u000a": ends("\\u000a"),
  "\\u000D\\u000A": ends("\\u000D\\u000A"),
  "\\x0a": ends("\\x0a"),
  "\\u{a}": ends("\\u{a}"),
  "\\012": ends("\\012"),
  "#012, of a log": ends("#012"),
  "^M": ends("^M\n"),
  "PowerShell's `n": ends("`n"),
  "PowerShell's `r`n": ends("`r`n"),
  "signs for line ends": ends("↵\n"),
  "a pilcrow": ends("¶"),
  blanks: ends(" "),
  nothing: (pem) => pem.replace(/(?<!\n)\n(?!\n)/g, (end, at) => (isHeader(pem, at) ? end : "")),
  "two of each": ends("\n\n"),
  "cat -A's $": ends("$\n"),

  // Query strings, forms and JSON.
  "%0A": ends("%0A"),
  "%0d%0a": ends("%0d%0a"),
  encodeURIComponent: encodeURIComponent,
  "encodeURIComponent, twice": (pem) => encodeURIComponent(encodeURIComponent(pem)),
  "a form's +": (pem) => new URLSearchParams({ ca: pem }).toString(),
  JSON: (pem) => JSON.stringify(pem),
  "JSON in JSON": (pem) => JSON.stringify(JSON.stringify(pem)),
  "JSON with escaped signs": (pem) =>
    JSON.stringify(pem).replaceAll("+", "\\u002b").replaceAll("/", "\\/").replaceAll("=", "\\u003d"),
  "a list of lines": (pem) => JSON.stringify(pem.trimEnd().split("\n"), null, 2),
  "JSON in HTML": (pem) => JSON.stringify(pem).replaceAll('"', "&quot;").replaceAll("+", "&#43;"),
  "HTML in JSON": (pem) =>
    JSON.stringify(pem.replaceAll("\n", "<br>")).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"),
  "quoted-printable": (pem) =>
    pem
      .replace(/(.{40})/g, "$1\r")
      .replaceAll("=", "=3D")
      .replaceAll("\r", "=\r\n"),

  // Dashes.
  "em dashes": dashes("—", "—"),
  "an em and an en dash": dashes("—–", "—–"),
  "en dashes": dashes("–––––", "–––––"),
  "no-break hyphens": dashes("‑‑‑‑‑", "‑‑‑‑‑"),
  "hyphens of typography": dashes("‐‐‐‐‐", "‐‐‐‐‐"),
  "minus signs": dashes("−−−−−", "−−−−−"),
  "wide hyphens": dashes("－－－－－", "－－－－－"),
  "figure dashes": dashes("‒‒‒‒‒", "‒‒‒‒‒"),
  "a mixture": dashes("-—–", "–—-"),
  "lines of a box": dashes("─────", "─────"),
  "&mdash;": dashes("&mdash;&ndash;", "&mdash;&ndash;"),
  "soft hyphens between": dashes("-\u00ad----", "-----"),
  four: dashes("----", "----"),
  six: dashes("------", "------"),
  "blanks between": dashes("- - - - -", "- - - - -"),
  "none, as a heading": (pem) => pem.replace(/-----/g, ""),

  // Words.
  "Begin, End": (pem) =>
    pem.replace(
      /-----(BEGIN|END) ([A-Z0-9 ]+)-----/g,
      (_, word, label) => `-----${capital(word)} ${label.split(" ").map(capital).join(" ")}-----`,
    ),
  "small letters": (pem) => pem.replace(/-----(BEGIN|END) [A-Z0-9 ]+-----/g, (line) => line.toLowerCase()),
  "two blanks": (pem) =>
    pem.replace(/-----(BEGIN|END) [A-Z0-9 ]+-----/g, (line) => line.replaceAll(" ", "  ")),
  "no-break blanks": (pem) =>
    pem.replace(/-----(BEGIN|END) [A-Z0-9 ]+-----/g, (line) => line.replaceAll(" ", "\u00a0")),
  "a tab": (pem) => pem.replace(/-----(BEGIN|END) [A-Z0-9 ]+-----/g, (line) => line.replaceAll(" ", "\t")),
  "blanks beside the hyphens": (pem) =>
    pem.replace(/-----((?:BEGIN|END) [A-Z0-9 ]+)-----/g, "----- $1 -----"),
  "no blanks": (pem) => pem.replace(/-----(BEGIN|END) [A-Z0-9 ]+-----/g, (line) => line.replaceAll(" ", "")),

  // What stands before the lines and behind them.
  "> ": before("> "),
  ">": before(">"),
  ">> ": before(">> "),
  "> > ": before("> > "),
  "| ": before("| "),
  "&gt; ": before("&gt; "),
  "a table's cells": (pem) => pem.replace(/^(?=.)/gm, "| ").replace(/(?<=.)$/gm, " |"),
  "line numbers": numbered((line) => `${line}: `),
  "line numbers of cat -n": numbered((line) => `${String(line).padStart(6)}\t`),
  "line numbers and a bar": numbered((line) => `${line} | `),
  "line numbers alone": numbered((line) => `${line} `),
  "grep -n": numbered((line) => `ca.pem:${line}:`),
  "a comparison's +": before("+"),
  "# ": before("# "),
  "// ": before("// "),
  " * ": before(" * "),
  "a log": numbered((line) => `2026-11-26T10:00:${10 + (line % 50)}.123Z stdout F `),
  "a container's log": before("web_1  | "),
  indentation: before("    "),
  tabs: before("\t"),
  "trailing blanks": (pem) => pem.replace(/$/gm, "  "),
  "backslashes at the ends": ends(" \\\n"),
  "no-break blanks before": before("\u00a0"),
  "ideographic blanks": before("\u3000"),
  "a list's -": (pem) => `- |\n${before("  ")(pem)}`,
  "YAML's |": (pem) => `ca: |\n${before("  ")(pem)}`,
  "YAML's >-": (pem) => `  ca: >-\n${before("    ")(pem)}`,
  "YAML's quoted text": (pem) => `ca: ${JSON.stringify(pem)}`,
  "an environment file": (pem) => `DB_SSL_CA="${pem.trimEnd().replaceAll("\n", "\\n")}"`,
  "a dump's head": (pem) => `Certificate:\n    Data:\n        Version: 3 (0x2)\n${pem}`,

  // Quotation marks and what joins texts in programs.
  quotes: (pem) => `"${pem.trimEnd()}"`,
  "typographic quotes": (pem) => `“${pem.trimEnd()}”`,
  guillemets: (pem) => `« ${pem.trimEnd()} »`,
  backticks: (pem) => `\`${pem.trimEnd()}\``,
  "a fence": (pem) => `\`\`\`\n${pem}\`\`\``,
  "a comma": (pem) => `"${pem.trimEnd()}",`,
  "quoted lines": (pem) => pem.trimEnd().replace(/^.*$/gm, '"$&\\n"'),
  "quoted lines and +": (pem) => pem.trimEnd().replace(/^.*$/gm, '"$&\\n" +'),
  "+ and quoted lines": (pem) => pem.trimEnd().replace(/^.*$/gm, '  + "$&\\n"'),
  "quoted lines and .": (pem) => pem.trimEnd().replace(/^.*$/gm, "'$&' ."),
  "quoted lines and &": (pem) => pem.trimEnd().replace(/^.*$/gm, '"$&" & _').replaceAll(" _", ""),
  "quoted lines and commas": (pem) => pem.trimEnd().replace(/^.*$/gm, '  "$&",'),

  // What nobody sees.
  "a byte-order mark": (pem) => `\ufeff${pem}`,
  "zero-width blanks": (pem) => pem.replace(/(.{17})/g, "$1\u200b"),
  "word joiners": (pem) => pem.replace(/(.{23})/g, "$1\u2060"),
  "soft hyphens": (pem) => pem.replace(/(.{40})/g, "$1\u00ad"),
  "marks of direction": (pem) => `\u202a${pem}\u202c`,
  "an object replacement in HTML": (pem) => `<pre>${pem}</pre>`,
  "colours of a terminal": (pem) => pem.replace(/^(.+)$/gm, "\u001b[0;32m$1\u001b[0m"),
  "wide letters": (pem) =>
    pem.replace(/[A-Za-z0-9]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
  "without the signs that fill up": (pem) => pem.replace(/=+(?=\n-)/g, ""),
  "base64 of it in a frame": (pem) => {
    const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1];
    const lines =
      Buffer.from(pem)
        .toString("base64")
        .match(/.{1,64}/g) ?? [];
    return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
  },
};

function ends(end: string) {
  return (pem: string) => pem.replaceAll("\n", end);
}

function before(mark: string) {
  return (pem: string) => pem.replace(/^(?=.)/gm, mark);
}

function numbered(mark: (line: number) => string) {
  return (pem: string) =>
    pem
      .trimEnd()
      .split("\n")
      .map((line, index) => `${mark(index + 8)}${line}`)
      .join("\n");
}

function dashes(left: string, right: string) {
  return (pem: string) => pem.replace(/-----((?:BEGIN|END) [A-Z0-9 ]+)-----/g, `${left}$1${right}`);
}

function capital(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase();
}

/** The old encryption's two lines need their ends: nothing else tells where the vector stops. */
function isHeader(pem: string, at: number): boolean {
  return (
    /(?:Proc-Type|DEK-Info)[^\n]*$/.test(pem.slice(0, at)) ||
    /^\n?(?:Proc-Type|DEK-Info|\n)/.test(pem.slice(at))
  );
}
