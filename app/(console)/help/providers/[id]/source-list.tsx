import { getFormatter, getTranslations } from "next-intl/server";
import { type Source, type SourceId, sources } from "#lib/providers/sources.ts";

/** Where the page's statements were read, and when. */
export async function SourceList({ numbers }: { readonly numbers: ReadonlyMap<SourceId, number> }) {
  const t = await getTranslations("guides.page");
  const format = await getFormatter();
  const day = (date: string) => format.dateTime(new Date(date), { dateStyle: "medium", timeZone: "UTC" });
  if (numbers.size === 0) return <p className="text-muted">{t("noSources")}</p>;
  return (
    <>
      <p className="max-w-[70ch] text-muted">{t("sourcesLead")}</p>
      <ol className="flex list-decimal flex-col gap-1.5 pl-6 marker:text-muted">
        {[...numbers].map(([id, number]) => {
          const { title, address, dated, read }: Source = sources[id];
          return (
            <li
              key={id}
              id={`source-${number}`}
              className="scroll-mt-16 [overflow-wrap:anywhere] target:bg-accent-soft"
            >
              <a
                href={address}
                rel="noreferrer"
                className="rounded-sm text-accent underline underline-offset-2"
              >
                {title}
              </a>
              <span className="text-muted">
                {dated === undefined ? "" : `, ${t("dated", { date: day(dated) })}`},{" "}
                {t("read", { date: day(read) })}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}
