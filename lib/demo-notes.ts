import "server-only";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

/** What is wrong with a server of the demo. */
export const demoFaults = ["none", "self-signed", "expired", "wrong-name", "client-certificate"] as const;
export type DemoFault = (typeof demoFaults)[number];

/** What the console of a demo knows of it. Sample data, made for this one run: nothing in it is secret. */
export type DemoNotes = z.infer<typeof notes>;

const notes = z.strictObject({
  /** Who signs in to every sample server. */
  user: z.string(),
  password: z.string(),
  servers: z.array(z.strictObject({ fault: z.enum(demoFaults), connectionId: z.string() })),
  /** What the server with the fault `client-certificate` lets in. */
  client: z.strictObject({ certificate: z.string(), key: z.string(), passphrase: z.string() }),
});

/** Leaves the notes in a folder of the demo's own, where its console finds them. */
export async function writeDemoNotes(folder: string, content: DemoNotes): Promise<void> {
  await writeFile(fileIn(folder), JSON.stringify(content), { mode: 0o600 });
}

/** @returns the notes; undefined while the demo has not written them, and when they are none */
export async function readDemoNotes(folder: string): Promise<DemoNotes | undefined> {
  let text: string;
  try {
    text = await readFile(fileIn(folder), "utf8");
  } catch {
    return undefined;
  }
  try {
    return notes.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function fileIn(folder: string): string {
  return path.join(folder, "demo.json");
}
