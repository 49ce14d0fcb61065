import "server-only";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";

/** Where a service file may lie. */
export interface ServicePlaces {
  /** `PGSERVICEFILE`: in place of the one at home. */
  readonly file?: string | undefined;
  readonly home: string;
  /** `PGSYSCONFDIR`: looked at when the service is not in the first file. */
  readonly systemFolder?: string | undefined;
}

/**
 * Looks a service up as libpq does (its manual, "The Connection Service File"; `parseServiceInfo`).
 * @returns its parameters by name; else `setting-invalid` with the facts `parameter`, `reason`
 *   ("service-unknown", "service-nested", "service-syntax", "file-missing") and `file`: the file or the service
 */
export async function readService(
  service: string,
  { file, home, systemFolder = "/etc/postgresql-common" }: ServicePlaces,
): Promise<Result<ReadonlyMap<string, string>>> {
  const first = await textOf(file ?? path.join(home, ".pg_service.conf"));
  if (first === undefined && file !== undefined) return failed(wrong("file-missing", file));
  for (const text of [first, await textOf(path.join(systemFolder, "pg_service.conf"))]) {
    const found = text === undefined ? undefined : parametersOf(service, text);
    if (found !== undefined) return found;
  }
  return failed(wrong("service-unknown", service));
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Blanks around a line do not count, those around `=` do; the first of two equal names wins. */
function parametersOf(service: string, text: string): Result<ReadonlyMap<string, string>> | undefined {
  let found: Map<string, string> | undefined;
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      if (found !== undefined) return ok(found);
      if (line.startsWith(`[${service}]`)) found = new Map();
    } else if (found !== undefined) {
      const equals = line.indexOf("=");
      const name = line.slice(0, equals);
      if (equals < 0) return failed(wrong("service-syntax", service));
      if (name === "service") return failed(wrong("service-nested", service));
      if (!found.has(name)) found.set(name, line.slice(equals + 1));
    }
  }
  return found && ok(found);
}

function wrong(reason: string, file: string): Problem {
  return problem("setting-invalid", { parameter: "service", reason, file });
}
