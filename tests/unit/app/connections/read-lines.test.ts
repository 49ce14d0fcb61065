import { expect, test } from "vitest";
import { readLines } from "#app/(console)/connections/[id]/sql/read-lines.ts";

test.each([1, 2, 3, 7, 64])(
  "lines cut into pieces of %i bytes, within signs too, come whole",
  async (size) => {
    const lines = ["{}", "", "Größe 数 🦉", "x".repeat(200), '"\\n"'];
    const bytes = new TextEncoder().encode(`${lines.join("\n")}\nno line`);
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const read: string[] = [];
    await readLines(stream, (line) => read.push(line));
    expect(read).toEqual(lines);
  },
);

test("a stream that breaks off is told", async () => {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.error(new Error("cut"));
    },
  });
  await expect(readLines(stream, () => undefined)).rejects.toThrow("cut");
});
