import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { type DemoNotes, readDemoNotes, writeDemoNotes } from "#lib/demo-notes.ts";
import { readEnvironment } from "#lib/env.ts";

const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-demo-notes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const notes: DemoNotes = {
  user: "app",
  password: "sample",
  servers: [{ fault: "expired", connectionId: "c1" }],
  client: { certificate: "pem", key: "pem", passphrase: "sesame" },
};

test("a console knows of a demo only by its setting", () => {
  const dir = (variables: Record<string, string>) => {
    const read = readEnvironment({ HOME: "/home/ada", ...variables } as unknown as NodeJS.ProcessEnv);
    return read.ok ? read.value.demoDir : read.problem;
  };
  expect(dir({})).toBeUndefined();
  expect(dir({ CLOAK_DB_DEMO_DIR: "" })).toBeUndefined();
  expect(dir({ CLOAK_DB_DEMO_DIR: "/tmp/demo" })).toBe("/tmp/demo");
});

test("what the demo wrote is what its console reads", async () => {
  expect(await readDemoNotes(folder)).toBeUndefined();
  await writeDemoNotes(folder, notes);
  expect(await readDemoNotes(folder)).toEqual(notes);
});

test.each(["", "{", "[]", '{"user":"app"}', JSON.stringify({ ...notes, servers: [{ fault: "other" }] })])(
  "what is no note of a demo is none: %s",
  async (text) => {
    writeFileSync(path.join(folder, "demo.json"), text);
    expect(await readDemoNotes(folder)).toBeUndefined();
  },
);
