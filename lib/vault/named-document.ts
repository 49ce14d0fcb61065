import "server-only";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { parseBoundedJson } from "./bounded-json.ts";
import { boxSchema, openBox } from "./document.ts";
import type { Snapshot } from "./inspect.ts";
import { type Place, seal } from "./seal.ts";
import type { StoredDocument } from "./store.ts";

/** One sealed JSON document beside the records. It is replaced as a whole. */
export interface NamedDocument {
  /**
   * What was written last, as plain JSON; undefined when nothing was. The same object until it is written again, and
   * frozen.
   * @returns `vault-damaged` or `vault-unsafe-permissions` with `path`, and whatever keeps the vault from being read
   */
  read(): Promise<Result<unknown>>;
  /** Replaces the document and waits for no other writer. @returns `vault-write-failed` with `path`, `step`, `saved` */
  write(value: unknown): Promise<Result<void>>;
  /** Reads, changes and writes with no other change in between, in this process or another. */
  change(edit: (value: unknown) => unknown): Promise<Result<void>>;
}

/**
 * A sealed document of that name: lower-case letters and hyphens.
 * @param snapshot the vault as it is now: its keys and its id
 */
export function namedDocument(
  name: string,
  stored: StoredDocument,
  snapshot: () => Promise<Result<Snapshot>>,
): NamedDocument {
  let latest: { readonly version: string; readonly content: unknown } | undefined;

  async function read(): Promise<Result<unknown>> {
    const vault = await snapshot();
    if (!vault.ok) return vault;
    const found = await stored.read(latest?.version);
    if (!found.ok) return found;
    if (found.value === undefined) return ok(undefined);
    if (found.value === "unchanged") return ok(latest?.content);
    const json = openContent(found.value.text, name, vault.value);
    if (json === undefined) {
      return failed(problem("vault-damaged", { reason: "content", path: stored.place }));
    }
    latest = { version: found.value.version, content: frozen(JSON.parse(json)) };
    return ok(latest.content);
  }

  async function sealed(value: unknown): Promise<Result<string>> {
    const vault = await snapshot();
    return vault.ok ? ok(contentText(JSON.stringify(value), name, vault.value)) : vault;
  }

  return {
    read,
    write: async (value) => {
      const text = await sealed(value);
      return text.ok ? stored.write(text.value) : text;
    },
    change: (edit) =>
      stored.change(async () => {
        const before = await read();
        return before.ok ? sealed(edit(before.value)) : before;
      }),
  };
}

function frozen(json: unknown): unknown {
  if (typeof json === "object" && json !== null) {
    for (const part of Object.values(json)) frozen(part);
    Object.freeze(json);
  }
  return json;
}

const contentSchema = z.strictObject({
  format: z.literal("cloak-sealed"),
  v: z.literal(2),
  storeId: z.string(),
  name: z.string(),
  box: boxSchema,
});

function placeOfDocument(storeId: string, name: string): Place {
  return { storeId, kind: "file", recordId: name, field: "content" };
}

function contentText(json: string, name: string, { document, keyring }: Snapshot): string {
  const place = placeOfDocument(document.storeId, name);
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
  const parsed = contentSchema.safeParse(parseBoundedJson(text)?.json);
  if (!parsed.success) return undefined;
  return openBox(parsed.data.box, placeOfDocument(document.storeId, name), keyring)?.toString("utf8");
}
