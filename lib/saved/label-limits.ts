/** The most letters of a group's or a tag's name, as UTF-16 counts them. */
export const longestLabel = 40;
/** The most tags of one connection. */
export const mostTags = 8;

/** Two spellings of one name: tags of one connection that differ in case alone would read as a slip. */
export function sameLabel(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
