import { getTranslations } from "next-intl/server";
import { dismissImportNote } from "#app/(console)/settings/actions.ts";
import { Alert } from "#components/ui/alert.tsx";
import type { ProfileView } from "#lib/profiles/view.ts";
import { LateDismissNote } from "../late-parts.tsx";

/** Where a connection that was taken over does something else than in the old program. */
export async function ImportedNote({ view }: { readonly view: ProfileView }) {
  const { imported: note } = view;
  if (note === undefined) return null;
  const t = await getTranslations("form.imported");
  const words = await getTranslations("import");
  return (
    <Alert tone="info" role="note" title={t("title")} className="mb-5">
      {note.differences.length > 0 && (
        <ul className="mt-1 flex list-disc flex-col gap-1 pl-4 text-[0.8125rem]">
          {note.differences.map((id) => words.has(id as never) && <li key={id}>{words(id as never)}</li>)}
        </ul>
      )}
      {note.unparsed !== undefined && (
        <p className="mt-2 text-[0.8125rem]">
          {t("unparsed")} <code className="break-all">{note.unparsed}</code>
        </p>
      )}
      {note.leftOver !== undefined && note.leftOver.length > 0 && (
        <p className="mt-2 text-[0.8125rem]">
          {t("leftOver")} <code className="break-all">{note.leftOver.join(", ")}</code>
        </p>
      )}
      <LateDismissNote id={view.id} rev={view.rev} dismiss={dismissImportNote} />
    </Alert>
  );
}
