import "server-only";
import { join } from "node:path";

/** Where the notebooks lie. */
export function notebookFolder(configDir: string): string {
  return join(configDir, "notebook");
}

/** Whether a file's name is that of a notebook. */
export function isNotebook(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}\.jsonl$/.test(name);
}
