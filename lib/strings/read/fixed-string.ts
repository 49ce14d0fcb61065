import type { Problem } from "#lib/problems/problem.ts";

/**
 * The text that was most likely meant, where one sign is missing or was written as HTML writes it.
 * @returns undefined where it takes a person to know
 */
export function mendedString(text: string, problem: Problem): string | undefined {
  if (problem.code !== "string-malformed") return undefined;
  const fix = (fixesFor as Readonly<Record<string, (text: string) => string>>)[String(problem.facts.reason)];
  const fixed = fix?.(text);
  return fixed === text ? undefined : fixed;
}

/** The reasons that can be fixed; what the click does stands in words under `strings.fixes`. */
export type MendId = "question-mark-missing" | "html-ampersand" | "ipv6-brackets" | "user-unescaped";

const fixesFor: Readonly<Record<MendId, (text: string) => string>> = {
  // Behind the first sign that stands where `?` belongs, the rest is parted as a query is.
  "question-mark-missing": (text) => {
    const first = /[;&][ \t]*(?=[\w.]{1,60}=)/.exec(text);
    if (first === null) return text;
    const rest = text.slice(first.index + first[0].length).replace(/[;&?][ \t]*(?=[\w.]{1,60}=)/g, "&");
    return `${text.slice(0, first.index)}?${rest}`;
  },
  "html-ampersand": (text) => text.replaceAll("&amp;", "&"),
  "ipv6-brackets": (text) =>
    text.replace(
      /(:\/\/(?:[^/@\s]*@)?)([\da-f:.]{2,45}?)(:\d{4,5})?(?=[/?\s"']|$)/i,
      (_, head, address, port) =>
        // The last group may be a port or a piece of the address: four digits of eight groups are no port.
        isWhole(`${address}${port ?? ""}`)
          ? `${head}[${address}${port ?? ""}]`
          : `${head}[${address}]${port ?? ""}`,
    ),
  "user-unescaped": (text) => text.replace(/(:\/\/[^:@/]+)@/, "$1%40"),
};

/** Eight groups, or `::` and a last group that could not be a usual port. */
function isWhole(address: string): boolean {
  const groups = address.split(":");
  return (
    groups.length === 8 || (address.includes("::") && !/:(?:5432|5433|6432|6543|25060|26257)$/.test(address))
  );
}
