/**
 * What of a computed style testing-library asks for, read from the elements: no test here loads a stylesheet, and jsdom
 * matches all rules of its own one for each element and question, which took more than half of the component tests' time.
 * A test compares the two.
 */
export function quickStyle(element: Element, pseudo?: string | null): CSSStyleDeclaration {
  const read = (name: string) => (pseudo ? "" : answerFor(element, name));
  const style = { getPropertyValue: read } as CSSStyleDeclaration;
  return new Proxy(style, {
    get: (target, key) =>
      key === "getPropertyValue"
        ? target.getPropertyValue
        : typeof key === "string"
          ? read(cssName(key))
          : undefined,
  });
}

/** What stood there before. */
export const jsdomStyle = typeof window === "undefined" ? undefined : window.getComputedStyle;

function answerFor(element: Element, name: string): string {
  const own = inlineOf(element, name);
  if (name === "display")
    return isNotDrawn(element) ? "none" : own || (apart.has(element.localName) ? "block" : "inline");
  if (name !== "visibility" || own !== "") return own;
  return element.parentElement === null ? "visible" : answerFor(element.parentElement, name);
}

function isNotDrawn(element: Element): boolean {
  const own = inlineOf(element, "display");
  if (own !== "") return own === "none";
  if (element.hasAttribute("hidden") || undrawn.has(element.localName)) return true;
  if (element.localName === "input") return element.getAttribute("type")?.toLowerCase() === "hidden";
  return element.localName === "dialog" && !element.hasAttribute("open");
}

/** By the HTML standard's own stylesheet (Rendering, 15.3.1). */
const undrawn: ReadonlySet<string> = new Set(
  "area base basefont datalist head link meta noembed noframes param rp script style template title".split(
    " ",
  ),
);

/** Not in a line with what stands beside it: a name made of their texts has a space between. */
const apart: ReadonlySet<string> = new Set(
  `html body address article aside blockquote button caption center col colgroup dd details dialog dir div dl
   dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr input legend li listing main
   menu nav ol p plaintext pre ruby rt search section slot summary table tbody td tfoot th thead tr ul xmp`.split(
    /\s+/,
  ),
);

function inlineOf(element: Element, name: string): string {
  return "style" in element ? (element as HTMLElement).style.getPropertyValue(name) : "";
}

/** `pointerEvents` is `pointer-events`. */
function cssName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
