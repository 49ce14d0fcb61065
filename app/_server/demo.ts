import "server-only";
import { type DemoNotes, readDemoNotes } from "#lib/demo-notes.ts";
import { readEnvironment } from "#lib/env.ts";

/** What this console knows of the demo it belongs to; undefined for every other console. */
export async function demoNotes(): Promise<DemoNotes | undefined> {
  const env = readEnvironment();
  if (!env.ok || env.value.demoDir === undefined) return undefined;
  return readDemoNotes(env.value.demoDir);
}
