/**
 * The best of the offered languages for an `Accept-Language` header (RFC 9110, 12.5.4; RFC 4647 lookup): the highest
 * weight first; "fr-CA" takes "fr", and "zh-Hant" and "zh-HK" take "zh-TW", which is written in the same script.
 * @returns undefined when none is wanted
 */
export function preferredLocale<L extends string>(
  header: string | null,
  offered: readonly L[],
): L | undefined {
  const wanted = (header ?? "")
    .slice(0, 512)
    .split(",")
    .map((entry) => {
      const [tag = "", ...parameters] = entry.trim().split(";");
      const weight = parameters.map((text) => /^\s*q=([\d.]{1,5})\s*$/.exec(text)?.[1]).find(Boolean);
      return { tag: tag.toLowerCase(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => tag !== "" && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { tag } of wanted) {
    const found = offered.find((locale) => matches(tag, locale.toLowerCase()));
    if (found !== undefined) return found;
  }
  return undefined;
}

function matches(tag: string, locale: string): boolean {
  if (tag === locale || tag.startsWith(`${locale}-`)) return true;
  return locale === "zh-tw" && /^zh-(hant|hk|mo)(-|$)/.test(tag);
}
