import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ordinaryUid, runCli, scratchFolder } from "#tests/support/run-cli.ts";

const repository = path.join(import.meta.dirname, "../../..");
const scratch = scratchFolder();
const root = path.join(scratch.path, "checkout");
const bundles = path.join(root, ".next-commands");
const says = (word: string) =>
  writeFileSync(
    path.join(root, "lib/cli/main.ts"),
    `import "server-only";\nexport const main = async (): Promise<number> => { console.log(${JSON.stringify(word)}); return 3; };\n`,
  );
const run = (uid?: number, where = root) =>
  runCli(["check"], { program: path.join(where, "bin/cloak-db"), ...(uid === undefined ? {} : { uid }) });

/** A checkout of its own, whose only command says a word. */
beforeAll(() => {
  mkdirSync(path.join(root, "lib/cli"), { recursive: true });
  for (const name of ["bin", "messages", "package.json", "package-lock.json", "tsconfig.json"])
    cpSync(path.join(repository, name), path.join(root, name), { recursive: true });
  symlinkSync(path.join(repository, "node_modules"), path.join(root, "node_modules"));
  chmodSync(scratch.path, 0o755);
});
afterAll(scratch.remove);
beforeEach(() => says("first"));

test("the commands are bundled once, and anew when a source has changed", async () => {
  expect(await run()).toMatchObject({ code: 3, stdout: "first\n", stderr: "" });
  const [made] = readdirSync(bundles);
  expect(await run()).toMatchObject({ stdout: "first\n" });
  expect(readdirSync(bundles)).toEqual([made]);
  says("another");
  expect(await run()).toMatchObject({ code: 3, stdout: "another\n" });
  says("again");
  const several = await Promise.all([run(), run(), run()]);
  expect(several.map(({ stdout }) => stdout)).toEqual(["again\n", "again\n", "again\n"]);
  // Nothing half made is left beside them.
  expect(readdirSync(bundles).filter((name) => name.includes("."))).toEqual([]);
});

test("a source that cannot be read leaves nothing behind that would run", async () => {
  writeFileSync(path.join(root, "lib/cli/main.ts"), "export const main = (");
  const broken = await run();
  expect(broken.code).toBe(1);
  expect(broken.stderr).toContain("main.ts");
  says("mended");
  expect(await run()).toMatchObject({ code: 3, stdout: "mended\n" });
});

test.runIf(process.getuid?.() === 0)("whoever may not write there runs what is up to date", async () => {
  says("for everybody");
  await run();
  const uid = ordinaryUid();
  expect(await run(uid)).toMatchObject({ code: 3, stdout: "for everybody\n" });
  says("too new");
  const refused = await run(uid);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toBe(
    `There is no up-to-date build, and this user may not write to ${root}. Run npm run build as the owner of the folder.\n`,
  );
  await run();
  expect(await run(uid)).toMatchObject({ code: 3, stdout: "too new\n" });
});

test.runIf(process.getuid?.() === 0)("a checkout that was moved keeps its bundle", async () => {
  says("wherever it lies");
  await run();
  const moved = path.join(scratch.path, "moved");
  renameSync(root, moved);
  try {
    // Who may not write could not make another.
    expect(await run(ordinaryUid(), moved)).toMatchObject({ code: 3, stdout: "wherever it lies\n" });
  } finally {
    renameSync(moved, root);
  }
});

test("where the sources did not come along, as in an image, the bundle is taken as it is", async () => {
  const image = path.join(scratch.path, "image");
  says("in an image");
  rmSync(bundles, { recursive: true });
  await run();
  for (const name of [".next-commands", "bin", "messages", "package.json"])
    cpSync(path.join(root, name), path.join(image, name), { recursive: true });
  expect(await run(undefined, image)).toMatchObject({ code: 3, stdout: "in an image\n", stderr: "" });
});
