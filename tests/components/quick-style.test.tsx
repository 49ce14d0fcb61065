import { expect, test } from "vitest";
import { jsdomStyle, quickStyle } from "#tests/support/quick-style.ts";

/** Of every kind of element that is drawn or not, and of what hides one. */
const markup = `
  <head><title>t</title><meta name="m"><link rel="l"><style></style><script></script></head>
  <body>
    <div hidden><span>in</span></div><div style="display: none"><b>in</b></div>
    <p hidden style="display: block">shown all the same</p>
    <div style="visibility: hidden"><i>in</i><i style="visibility: visible">shown</i></div>
    <dialog><p>closed</p></dialog><dialog open>open</dialog><template>t</template>
    <input type="hidden"><input><select><option>o</option></select><textarea></textarea><button disabled>b</button>
    <details><summary>s</summary><p>closed</p></details><datalist><option>o</option></datalist>
    <table><tbody><tr><td>c</td></tr></tbody></table><ul><li>l</li></ul><svg><path></path></svg><noscript>n</noscript>
    <a href="#" style="pointer-events: none">a</a><object></object><area><map><area></map><img alt="">
    ${"a abbr article aside b blockquote br button canvas cite code col dd del dfn dl dt em fieldset figure footer form h1"
      .concat(
        " h2 h3 h4 h5 h6 header hr i iframe img input ins kbd label legend li main mark menu meter nav ol optgroup",
      )
      .concat(
        " option output p pre progress q ruby s samp search section select slot small span strong sub summary sup",
      )
      .concat(" textarea time u ul var video wbr")
      .split(" ")
      .map((name) => `<${name}></${name}>`)
      .join("")}
  </body>`;

test("tells what jsdom tells: what is hidden, and what takes the pointer", () => {
  document.documentElement.innerHTML = markup;
  const told = (style: CSSStyleDeclaration | undefined) => ({
    display: ["none", "inline"].find((display) => style?.display === display) ?? "apart",
    visibility: style?.visibility,
    takesPointer: style?.pointerEvents !== "none",
  });
  const every = [...document.documentElement.querySelectorAll("*")];
  const all = (of: (element: Element) => CSSStyleDeclaration | undefined) =>
    every.map((element) => [element.outerHTML.slice(0, 60), told(of(element))]);
  expect(all(quickStyle)).toEqual(all((element) => jsdomStyle?.(element)));
});
