import { register } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Lets this process import the house's TypeScript: tsx takes the types away, and `server-only`, which only a bundler
 * understands, is empty. Nothing is written to disk, unless TSX_DISABLE_CACHE is set to nothing, as by tests that run
 * hundreds of commands; a tsconfig.json in the caller's folder plays no part.
 */
export async function readTypeScript() {
  // First: the thread that resolves modules is born with the first hook and sees the environment of that moment.
  process.env.TSX_DISABLE_CACHE ??= "1";
  register("./server-only-hook.js", import.meta.url);
  const tsx = await import("tsx/esm/api");
  tsx.register({ tsconfig: fileURLToPath(new URL("../tsconfig.json", import.meta.url)) });
}
