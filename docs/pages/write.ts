// `npm run docs`: writes the console's help pages as Markdown, in English.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { helpPages, ownFolders } from "./help-pages.ts";

const root = path.join(import.meta.dirname, "../..");
for (const folder of ownFolders) rmSync(path.join(root, folder), { recursive: true, force: true });
for (const [file, text] of helpPages()) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}
