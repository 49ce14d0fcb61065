import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "vitest";
import { countedIn, countingIn } from "#tests/support/counting.ts";
import { startRowServer } from "#tests/support/row-vaults.ts";
import { value } from "#tests/support/scratch-vault.ts";

const server = await startRowServer();
afterAll(() => server.stop());

test("three consoles, eight writers of 25 saves, one console killed: none is lost, none doubled", async () => {
  const place = await server.place();
  const [one, other] = [await place.open(), await place.open()];
  const script = join(import.meta.dirname, "../../support/row-writer.ts");
  const settings = JSON.stringify({ setup: place.setup, schema: place.schema, config: place.config });
  const child = spawn(
    process.execPath,
    ["--conditions=react-server", "--import", "tsx", script, settings, "killed", "1000"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const acknowledged: string[] = [];
  const lines = createInterface({ input: child.stdout });
  await once(lines, "line");
  lines.on("line", (line) => {
    acknowledged.push(line);
    if (acknowledged.length === 25) child.kill("SIGKILL");
  });
  const ended = once(child, "close");

  const saves = await Promise.all(
    Array.from({ length: 7 }, async (_, writer) => {
      const save = countingIn(writer % 2 === 0 ? one : other);
      const made: string[] = [];
      for (let n = 0; n < 25; n += 1) {
        value(await save(`w${writer}-${n}`));
        made.push(`w${writer}-${n}`);
      }
      return made;
    }),
  );
  await ended;

  const { marks, count } = await countedIn(await place.open());
  expect(marks).toEqual(expect.arrayContaining([...saves.flat(), ...acknowledged]));
  // What it had sent when it was killed may be there: once.
  const unanswered = marks.length - saves.flat().length - acknowledged.length;
  expect([0, 1]).toContain(unanswered);
  expect(count).toBe(marks.length);
  const [head] = await place.sql("select rev::int as rev from cloak_head where rev > 0");
  expect(head?.rev).toBe(count + 1);
});
