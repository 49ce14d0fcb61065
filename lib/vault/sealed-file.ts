import "server-only";
import { constants } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { replaceFile } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { boxSchema, largestFile, openBox } from "./document.ts";
import type { FileStore } from "./file-store.ts";
import type { Snapshot } from "./inspect.ts";
import { closedPathProblem, privateFileProblem } from "./permissions.ts";
import { type Place, seal } from "./seal.ts";

/** One sealed JSON document beside the configuration. It is replaced as a whole. */
export interface SealedFile {
  /**
   * What was written last, as plain JSON; undefined when nothing was.
   * @returns `vault-damaged` or `vault-unsafe-permissions` with `path`, and whatever keeps the vault from being read
   */
  read(): Promise<Result<unknown>>;
  /** Replaces the document. @returns `vault-write-failed` with `path`, `step` and `saved` */
  write(value: unknown): Promise<Result<void>>;
  /** Reads, changes and writes with no other writer in between, in this process or another. */
  change(edit: (value: unknown) => unknown): Promise<Result<void>>;
}

interface Setting {
  readonly folder: string;
  readonly store: FileStore;
  readonly disk: Disk;
  read(): Promise<Result<Snapshot>>;
}

/** A sealed document of that name: lower-case letters and hyphens. */
export function sealedFile(name: string, setting: Setting): SealedFile {
  if (!/^[a-z][a-z-]{0,31}$/.test(name) || name === "config") throw new RangeError(`no file name: ${name}`);
  const path = join(setting.folder, `${name}.json`);
  let latest: { readonly stamp: string; readonly json: string } | undefined;

  async function read(): Promise<Result<unknown>> {
    const snapshot = await setting.read();
    if (!snapshot.ok) return snapshot;
    const found = await readSealed(setting.disk, path, latest?.stamp);
    if (!found.ok) return found;
    if (found.value === undefined) return ok(undefined);
    if (found.value === "unchanged") return ok(latest === undefined ? undefined : JSON.parse(latest.json));
    const json = openContent(found.value.text, name, snapshot.value);
    if (json === undefined) return failed(problem("vault-damaged", { reason: "content", path }));
    latest = { stamp: found.value.stamp, json };
    return ok(JSON.parse(json));
  }

  async function write(value: unknown): Promise<Result<void>> {
    const snapshot = await setting.read();
    if (!snapshot.ok) return snapshot;
    try {
      await replaceFile(setting.disk, path, contentText(JSON.stringify(value), name, snapshot.value));
      return ok(undefined);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      return failed(problem("vault-write-failed", { path, step: "write", error: code, saved: false }));
    }
  }

  return {
    read,
    write: (value) => setting.store.exclusively(() => write(value)),
    change: (edit) =>
      setting.store.exclusively(async () => {
        const before = await read();
        return before.ok ? write(edit(before.value)) : before;
      }),
  };
}

const contentSchema = z.strictObject({
  format: z.literal("cloak-sealed"),
  v: z.literal(2),
  storeId: z.string(),
  name: z.string(),
  box: boxSchema,
});

function placeOfFile(storeId: string, name: string): Place {
  return { storeId, kind: "file", recordId: name, field: "content" };
}

function contentText(json: string, name: string, { document, keyring }: Snapshot): string {
  const place = placeOfFile(document.storeId, name);
  const box = seal(Buffer.from(json, "utf8"), place, 1, keyring.active);
  const content: z.infer<typeof contentSchema> = {
    format: "cloak-sealed",
    v: 2,
    storeId: document.storeId,
    name,
    box,
  };
  return `${JSON.stringify(content)}\n`;
}

function openContent(text: string, name: string, { document, keyring }: Snapshot): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = contentSchema.safeParse(json);
  if (!parsed.success) return undefined;
  return openBox(parsed.data.box, placeOfFile(document.storeId, name), keyring)?.toString("utf8");
}

async function readSealed(
  disk: Disk,
  path: string,
  known: string | undefined,
): Promise<Result<{ readonly text: string; readonly stamp: string } | "unchanged" | undefined>> {
  try {
    const found = await disk.lstat(path, { bigint: true });
    const unsafe = privateFileProblem(path, { mode: Number(found.mode), uid: Number(found.uid) });
    if (unsafe !== undefined) return failed(unsafe);
    if (!found.isFile() || found.size > BigInt(largestFile)) {
      return failed(problem("vault-damaged", { reason: "not-a-file", path }));
    }
    const stampOf = (stats: typeof found) => `${stats.dev}:${stats.ino}:${stats.size}:${stats.ctimeNs}`;
    if (stampOf(found) === known) return ok("unchanged");
    const handle = await disk.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const stamp = stampOf(await handle.stat({ bigint: true }));
      return ok({ text: await handle.readFile("utf8"), stamp });
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT") return ok(undefined);
    if (code === "EACCES" || code === "EPERM") return failed(closedPathProblem(dirname(path), code));
    throw error;
  }
}
