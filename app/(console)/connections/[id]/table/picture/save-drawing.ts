/** What a drawing looks like is said by the page's style sheet: in a file of its own each shape has to say it itself. */
const looks = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
] as const;

/** Gives a drawing to the person as an SVG file, in the colours it has on the screen. */
export function saveDrawing(drawing: SVGSVGElement, name: string): void {
  const text = drawingFile(drawing);
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${name.replace(/[^\p{L}\p{N}._-]+/gu, "_")}.svg`;
  link.click();
  URL.revokeObjectURL(address);
}

/** The text of such a file: without what only a page needs. */
export function drawingFile(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const shapes = [drawing, ...drawing.querySelectorAll("*")];
  for (const [at, shape] of [copy, ...copy.querySelectorAll("*")].entries()) {
    const shown = getComputedStyle(shapes[at] as Element);
    for (const look of looks) {
      const value = shown.getPropertyValue(look);
      if (value !== "") shape.setAttribute(look, value);
    }
    for (const { name } of [...shape.attributes]) {
      if (name === "class" || name === "tabindex" || name === "role" || name.startsWith("aria-"))
        shape.removeAttribute(name);
    }
  }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}
