import "server-only";
import { type DemoNotes, readDemoNotes } from "#lib/demo-notes.ts";
import { readEnvironment } from "#lib/env.ts";
import { processWide } from "#lib/process-wide.ts";

/** What this console knows of the demo it belongs to; undefined for every other console. */
export async function demoNotes(): Promise<DemoNotes | undefined> {
  const env = readEnvironment();
  if (!env.ok || env.value.demoDir === undefined) return undefined;
  return readDemoNotes(env.value.demoDir);
}

/** Ids of users who have put the demo's card away. A demo ends with its process, and so does this. */
export function demoDismissals(): Set<string> {
  return processWide("demo-dismissals", () => new Set<string>());
}
