import path from "node:path";

/** The repository, or the installed package. */
export const root = path.join(import.meta.dirname, "..");
