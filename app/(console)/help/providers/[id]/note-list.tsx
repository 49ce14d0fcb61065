import { getFormatter, getTranslations } from "next-intl/server";
import { factsOf } from "#lib/providers/facts-of.ts";
import type { Provider } from "#lib/providers/list.ts";

/** What the form says beside a host of this provider, in the same words, and where that was read. */
export async function NoteList({ provider }: { readonly provider: Provider }) {
  const t = await getTranslations("providers");
  const words = await getTranslations("guides.page");
  const format = await getFormatter();
  const facts = factsOf(provider);
  const months = new Map(facts.sources.map(({ page, asOf }) => [page, asOf]));
  return (
    <>
      <ul className="flex max-w-[70ch] list-disc flex-col gap-1.5 pl-5 marker:text-muted">
        {provider.noteIds.map((id) => (
          <li key={id}>{t(id)}</li>
        ))}
      </ul>
      {months.size === 0 ? null : (
        <p className="max-w-[70ch] text-[0.8125rem] text-muted">
          {words("notesFrom")}{" "}
          {[...months].map(([page, asOf], index) => (
            <span key={page ?? ""}>
              {index === 0 ? "" : "; "}
              {page === null ? (
                words("commonKnowledge")
              ) : (
                <a
                  href={`https://${page}`}
                  rel="noreferrer"
                  className="rounded-sm text-accent underline underline-offset-2 [overflow-wrap:anywhere]"
                >
                  {page}
                </a>
              )}{" "}
              (
              <time dateTime={asOf}>
                {format.dateTime(new Date(`${asOf}-01`), { year: "numeric", month: "long", timeZone: "UTC" })}
              </time>
              )
            </span>
          ))}
        </p>
      )}
    </>
  );
}
