import type { Explained } from "#app/_server/answer.ts";
import type { Exportable, ImportAnswered } from "./carry-answers.ts";

/** What a door answered: what was asked for, why not, or that it could not be asked. */
export type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly explained: Explained | undefined };

export function askExportable(): Promise<Asked<{ readonly connections: readonly Exportable[] }>> {
  return asked("export", undefined, (answer) => answer.json());
}

/** The file, as it is to be saved. */
export function askExport(body: object): Promise<Asked<Blob>> {
  return asked("export", body, (answer) => answer.blob());
}

export function askRecipient(): Promise<Asked<{ readonly recipient: string }>> {
  return asked("import", undefined, (answer) => answer.json());
}

export function askImport(body: object): Promise<Asked<ImportAnswered>> {
  return asked("import", body, (answer) => answer.json());
}

async function asked<T>(
  door: "export" | "import",
  body: object | undefined,
  read: (answer: Response) => Promise<T>,
): Promise<Asked<T>> {
  try {
    const answer = await fetch(`/api/carry/${door}`, {
      ...(body !== undefined && {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
      cache: "no-store",
    });
    if (answer.ok) return { ok: true, value: await read(answer) };
    const { explained } = (await answer.json()) as { readonly explained?: Explained };
    return { ok: false, explained };
  } catch {
    return { ok: false, explained: undefined };
  }
}
