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
  request: Request,
  schema: S,
  most = 16 * 1024,
): Promise<Result<z.output<S>>> {
  const text = await readAtMost(request, most);
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

async function readAtMost(request: Request, most: number): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  if (reader === undefined) return "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > most) {
      await reader.cancel();
      return undefined;
    }
    parts.push(value);
  }
  return Buffer.concat(parts).toString("utf8");
}
