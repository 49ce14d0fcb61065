/** The page's own box to search in, where it has one. */
export function searchBox(): HTMLInputElement | undefined {
  const boxes = document.querySelectorAll<HTMLInputElement>("#content input[type=search]");
  return [...boxes].find((box) => box.checkVisibility() && !box.disabled);
}
