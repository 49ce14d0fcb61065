import "server-only";

/**
 * Parses JSON that somebody else may have written over ours. `JSON.parse` makes an object of every bracket: 16 MB of them
 * take seconds and a gigabyte. So the text is walked through first, which makes nothing.
 * @param deepest how many brackets may be open at once
 * @returns undefined for what is no JSON, or more of it than any of our files holds
 */
export function parseBoundedJson(text: string, deepest = 8): { readonly json: unknown } | undefined {
  if (!isModest(text, deepest)) return undefined;
  try {
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Of a sealed file most is text in quotes: one sign of structure for eight others is twice what any holds. */
function isModest(text: string, deepest: number): boolean {
  const most = 1000 + text.length / 8;
  let open = 0;
  let signs = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote: {
        at = endOfString(text, at);
        if (at === -1) return false;
        break;
      }
      case openBrace:
      case openBracket:
        open += 1;
        signs += 1;
        if (open > deepest || signs > most) return false;
        break;
      case closeBrace:
      case closeBracket:
        open -= 1;
        break;
      case comma:
        signs += 1;
        if (signs > most) return false;
        break;
    }
  }
  return true;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Where the quote stands that ends the string; -1 when there is none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}
