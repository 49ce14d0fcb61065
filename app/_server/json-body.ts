import "server-only";
import type { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";

/**
 * Reads a handler's JSON body and checks it against a schema.
 * @param most largest body taken, in bytes; reading stops there
 * @returns the parsed body, or `setting-invalid` with `{ field: "body", reason: "too-large" | "not-json" | "wrong-shape" }`
 */
export async function jsonBody<S extends z.ZodType>(
  { body }: { readonly body: AsyncIterable<Uint8Array> | null },
  schema: S,
  most = 16 * 1024,
): Promise<Result<z.output<S>>> {
  const text = await readAtMost(body, most);
  if (text === undefined) return invalid("too-large");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold a password.
    return invalid("not-json");
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? ok(parsed.data) : invalid("wrong-shape");
}

function invalid(reason: string): Result<never> {
  return failed(problem("setting-invalid", { field: "body", reason }));
}

async function readAtMost(body: AsyncIterable<Uint8Array> | null, most: number): Promise<string | undefined> {
  if (body === null) return "";
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.byteLength;
    // To leave the loop cancels a stream.
    if (size > most) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
