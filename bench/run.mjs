// `npm run bench [name…]`: each measure in turn; figures are ratios against a peer or a floor of the same run.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Every file here but this one is a measure. */
const known = readdirSync(import.meta.dirname)
  .map((file) => /^(?!run\.)([\w-]+)\.(mjs|ts)$/.exec(file))
  .filter((match) => match !== null);
/** `http:runs,pauses`: only these parts of a measure that has some. */
const wanted = new Map(process.argv.slice(2).map((word) => word.split(":", 2)));
const unknown = [...wanted.keys()].filter((name) => !known.some((match) => match[1] === name));
if (unknown.length > 0) {
  console.error(
    `No such measure: ${unknown.join(", ")}. There are ${known.map((match) => match[1]).join(", ")}.`,
  );
  process.exit(2);
}
if (!existsSync(join(import.meta.dirname, "../.next/BUILD_ID"))) {
  console.log("Building first.");
  spawnSync("npx", ["next", "build"], { cwd: join(import.meta.dirname, ".."), stdio: "inherit" });
}
let failed = false;
for (const [file, name, ending] of known) {
  if (wanted.size > 0 && !wanted.has(name)) continue;
  console.log(`\n## ${name}`);
  const typescript = ending === "ts" ? ["--conditions=react-server", "--import", "tsx"] : [];
  const parts = wanted.get(name)?.split(",") ?? [];
  const { status } = spawnSync(process.execPath, [...typescript, join(import.meta.dirname, file), ...parts], {
    stdio: "inherit",
  });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
