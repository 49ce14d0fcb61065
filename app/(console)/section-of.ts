/** The parts of the console that the header leads to, by the first step of their paths. */
export type Section = "connections" | "settings" | "help";

/**
 * Where a page belongs, for the header to mark. A connection's form stands at `/settings/connections/…`, and belongs
 * to the connection all the same.
 *
 * @returns `undefined` for what belongs nowhere
 */
export function sectionOf(path: string): Section | undefined {
  const [, first, second, third] = path.split("/");
  if (first === "settings") return second === "connections" && third ? "connections" : "settings";
  return first === "connections" || first === "help" ? first : undefined;
}
