"use server";

import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { closeClientsThatTrust } from "#app/_server/close-clients-that-trust.ts";
import { actionActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { mostGivenBytes } from "#lib/certificates/sorted-facts.ts";
import { problem } from "#lib/problems/problem.ts";
import { packIds } from "#lib/providers/recognise-provider.ts";
import { rootsOfPack } from "#lib/trust/provider-store.ts";
import { readRoots } from "#lib/trust/read-roots.ts";
import type { ReadPack } from "./read-pack.ts";

const mostFiles = 20;

const givenFiles = z
  .array(
    z.strictObject({
      name: z.string().max(256),
      base64: z.base64().max(Math.ceil((mostGivenBytes * 4) / 3)),
    }),
  )
  .min(1)
  .max(mostFiles);
const rootsId = z.string().refine((id) => packIds.includes(id));
const looked = z.strictObject({ rootsId, files: givenFiles });
const kept = z.strictObject({ rootsId, files: givenFiles, way: z.enum(["add", "replace"]) });

/** What a provider's bundle holds, to be compared before anybody trusts it. Nothing is kept. */
export async function lookAtRoots(input: unknown): Promise<Answer<ReadPack>> {
  const actor = await actionActor("trust:manage");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = looked.safeParse(input);
  if (!parsed.success) return refuse(invalid(parsed.error));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const read = await readRoots(bytesOf(parsed.data.files));
  if (!read.ok) return refuse(read.problem);
  const now = await rootsOfPack(parsed.data.rootsId, opened.value.trustStores, new Date());
  const known = new Set(now.ok ? now.value?.certificates().map((root) => root.fingerprint256) : []);
  const { roots, leftOut } = read.value;
  return answer({ roots: roots.map((root) => ({ ...root, known: known.has(root.sha256) })), leftOut });
}

/** Gives a provider these roots, beside the shipped ones or in their place. */
export async function keepRoots(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("trust:manage");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = kept.safeParse(input);
  if (!parsed.success) return refuse(invalid(parsed.error));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { files, way } = parsed.data;
  const read = await readRoots(bytesOf(files));
  if (!read.ok) return refuse(read.problem);
  const { audit, givenRoots } = opened.value;
  const saved = await audit.during(
    await auditSubject(actor.value),
    { action: "roots-give", object: parsed.data.rootsId },
    () =>
      givenRoots.save(parsed.data.rootsId, {
        way,
        pems: read.value.pems,
        files: files.map(({ name }) => name),
        since: new Date().toISOString(),
        by: actor.value.name,
      }),
  );
  if (!saved.ok) return refuse(saved.problem);
  const closed = await closeClientsThatTrust(opened.value, parsed.data.rootsId);
  return closed.ok ? answer(null) : refuse(closed.problem);
}

/** Takes what was given away: the shipped roots count again. */
export async function dropRoots(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("trust:manage");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = rootsId.safeParse(input);
  if (!parsed.success) return refuse(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { audit, givenRoots } = opened.value;
  const removed = await audit.during(
    await auditSubject(actor.value),
    { action: "roots-drop", object: parsed.data },
    () => givenRoots.remove(parsed.data),
  );
  if (!removed.ok) return refuse(removed.problem);
  const closed = await closeClientsThatTrust(opened.value, parsed.data);
  return closed.ok ? answer(null) : refuse(closed.problem);
}

function bytesOf(files: z.infer<typeof givenFiles>) {
  return files.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, "base64") }));
}

function invalid(error: z.ZodError) {
  return problem("setting-invalid", { field: String(error.issues[0]?.path[0] ?? "form") });
}
