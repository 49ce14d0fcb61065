import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SetupToken } from "#lib/team/setup-token.ts";
import { offerSetup } from "../../../app/_server/offer-setup.ts";

const require = createRequire(import.meta.url);
const { setupLink }: { setupLink(say: (line: string) => void): { ready(url: string): void } } =
  require("../../../bin/setup-link.js");

const tokens = ["a", "b"].map((letter) => letter.repeat(32));
const kept = globalThis as unknown as Record<symbol, unknown>;
const environment = Symbol.for("cloak-db.environment");
const printer = Symbol.for("cloak-db.setup-link");

let stateDir: string;
let written = 0;

/** A token that writes the next text each time. */
const token: SetupToken = {
  get path() {
    return path.join(stateDir, "setup-token");
  },
  renew: async () => writeFileSync(path.join(stateDir, "setup-token"), `${tokens[written++]}\n`),
  renewIfOver: async () => {
    await token.renew();
    return true;
  },
} as SetupToken;

beforeEach(() => {
  stateDir = mkdtempSync(path.join(tmpdir(), "cloak-link-"));
  written = 0;
});

afterEach(() => {
  delete kept[environment];
  delete kept[printer];
  rmSync(stateDir, { recursive: true });
});

test.each([
  [undefined, "http://127.0.0.1:3000"],
  ["https://db.example.test", "https://db.example.test"],
])("with the public address %s the link begins with %s, and is printed once", async (publicUrl, begin) => {
  kept[environment] = { environment: { value: { stateDir, publicUrl } } };
  const printed: string[] = [];
  const link = setupLink((line) => printed.push(line));
  await offerSetup(token, "renew");
  expect(printed).toEqual([]);
  link.ready("http://127.0.0.1:3000");
  const said = (which: number) =>
    `No account exists yet. This link makes you the owner: ${begin}/setup#token=${tokens[which]}`;
  expect(printed).toEqual([said(0)]);
  // The old one is over: what is printed is another link.
  await offerSetup(token, "if-over");
  expect(printed).toEqual([said(0), said(1)]);
});

test("with somebody in the console there is no link to print", () => {
  kept[environment] = { value: { stateDir, publicUrl: undefined } };
  const printed: string[] = [];
  setupLink((line) => printed.push(line)).ready("http://127.0.0.1:3000");
  expect(printed).toEqual([]);
});
