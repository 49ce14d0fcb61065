import { getTranslations } from "next-intl/server";
import type { Provider } from "#lib/providers/provider.ts";

/** What the form says beside a host of this provider, in the same words. */
export async function NoteList({ provider }: { readonly provider: Provider }) {
  const t = await getTranslations("providers");
  return (
    <ul className="flex max-w-3xl list-disc flex-col gap-1.5 pl-5 marker:text-muted">
      {provider.noteIds.map((id) => (
        <li key={id}>{t(id)}</li>
      ))}
    </ul>
  );
}
