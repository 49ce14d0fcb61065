import { type AbstractIntlMessages, createTranslator } from "use-intl/core";
import { english } from "#messages/load-messages.ts";

const { markup } = createTranslator({
  locale: "en",
  timeZone: "UTC",
  // By keys that are known at run time only.
  messages: english as unknown as AbstractIntlMessages,
  onError: (error) => {
    throw error;
  },
});

type Values = Readonly<Record<string, string | number>>;

/** A message in English as Markdown; `<code>` becomes code, other tags what `links` says. */
export function say(
  key: string,
  values: Values = {},
  links: Readonly<Record<string, (text: string) => string>> = {},
): string {
  // What is to be code is taken out first: nothing in it is escaped.
  const kept: string[] = [];
  const keep = (text: string) => `\uE000${kept.push(text) - 1}\uE001`;
  const tags = {
    code: (text: Chunks) => keep(code(joined(text))),
    ...Object.fromEntries(
      Object.entries(links).map(([tag, link]) => [tag, (text: Chunks) => keep(link(joined(text)))]),
    ),
  };
  const said = (markup as (key: string, values: object) => string)(key, { ...values, ...tags });
  return plain(said).replace(/\uE000(\d+)\uE001/g, (_, at: string) => kept[Number(at)] ?? "");
}

/** What stands between tags may come in pieces. */
type Chunks = string | readonly string[];

function joined(text: Chunks): string {
  return typeof text === "string" ? text : text.join("");
}

/** A text whose signs mean nothing in Markdown. */
export function plain(text: string): string {
  return text.replace(/[\\*<>|[\]`]|(?<!\w)_|_(?!\w)/g, "\\$&").replaceAll("\n", " ");
}

/** A short text as code. */
export function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text.replaceAll("\n", " ")}${space}${fence}`;
}

/** Lines as they are. */
export function block(text: string, language = "text"): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** A page of parts with a blank line between them; empty ones are left out. */
export function page(title: string, source: string, ...parts: readonly string[]): string {
  const made = `<!-- Made by \`npm run docs\` from ${source}. Change those, not this file. -->`;
  return `${[`# ${plain(title)}`, made, ...parts].filter((part) => part !== "").join("\n\n")}\n`;
}

export function list(lines: readonly string[], ordered = false): string {
  return lines.map((line, at) => `${ordered ? `${at + 1}.` : "-"} ${line}`).join("\n");
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
