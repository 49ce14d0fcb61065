import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";

/** Something that may hold a secret, and where it came from. */
export interface Place {
  readonly from: string;
  readonly body: string;
}

/**
 * Where secrets are told that must not be: as they are, and as they would look in a URL, in base64, in hex, and
 * backwards.
 * @returns one line for each find; empty when all is well
 */
export function foundIn(places: readonly Place[], secrets: readonly string[]): readonly string[] {
  const spelled = secrets.flatMap(spellings);
  return places.flatMap(({ from, body }) =>
    spelled.filter((one) => body.includes(one)).map((one) => `${from} holds ${one}`),
  );
}

/** Every answer that the page gets from now on, headers and body: pages, RSC payloads, streams, scripts. */
export function answersTo(page: Page): readonly Place[] {
  const answers: Place[] = [];
  page.on("response", async (response) => {
    const body = await response.body().catch(() => Buffer.alloc(0));
    answers.push({
      from: response.url(),
      body: `${JSON.stringify(response.headers())}\n${body.toString("latin1")}`,
    });
  });
  return answers;
}

/** Every file under a folder. */
export function filesOf(folder: string): readonly Place[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ from: file, body: readFileSync(file, "latin1") }));
}

function spellings(text: string): string[] {
  const bytes = Buffer.from(text);
  return [
    text,
    encodeURIComponent(text),
    bytes.toString("base64").replace(/=+$/, "").slice(0, -1),
    bytes.toString("hex"),
    [...text].reverse().join(""),
  ];
}
