import "server-only";

/**
 * Gives the one value of this name in this process, making it at the first call.
 *
 * Next loads a module once for each of its bundles (pages, handlers, `proxy.ts`, `instrumentation.ts`), so a variable
 * at the top of a file is not one variable; `globalThis` is.
 */
export function processWide<T extends object>(name: string, make: () => T): T {
  const holder = globalThis as unknown as Record<symbol, T | undefined>;
  const key = Symbol.for(`cloak-db.${name}`);
  const found = holder[key] ?? make();
  holder[key] = found;
  return found;
}
