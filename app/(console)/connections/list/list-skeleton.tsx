import { getTranslations } from "next-intl/server";
import { rowClasses } from "./list-looks.ts";

/** The place that the list will take, while it is read: what narrows it, and a page of rows of their usual height. */
export async function ListSkeleton({ rows }: { readonly rows: number }) {
  const t = await getTranslations("shell");
  return (
    <div className="animate-late">
      <p role="status" className="sr-only">
        {t("loading")}
      </p>
      <div aria-hidden>
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <div className={`${shape} h-9 w-full sm:w-72 pointer-coarse:h-11`} />
          <div className={`${shape} h-9 w-24 pointer-coarse:h-11`} />
          <div className={`${shape} ml-auto h-9 w-24 pointer-coarse:h-11`} />
        </div>
        <div className="overflow-clip rounded-lg border border-line bg-surface shadow-card">
          <div className="h-10 bg-sunken max-lg:hidden" />
          {Array.from({ length: rows }, (_, row) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
              key={row}
              className={`${rowClasses} border-l-4 border-l-transparent lg:px-4 lg:py-(--row-pad)`}
            >
              <div className="col-start-2 -col-end-1 flex flex-col gap-2 py-1 max-lg:min-h-20 lg:min-h-10">
                <div className={`${shape} h-3.5 w-2/5 lg:w-1/5`} />
                <div className={`${shape} h-3 w-3/5 lg:w-1/3`} />
              </div>
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

const shape = "rounded-sm bg-sunken motion-safe:animate-pulse";
