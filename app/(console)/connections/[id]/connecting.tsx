import { getTranslations } from "next-intl/server";
import { Spinner } from "#components/ui/spinner.tsx";

/** While the server is being reached: what is under way, and the place that the session and its panes will take. */
export async function Connecting({ host }: { readonly host: string }) {
  const t = await getTranslations("session");
  return (
    <>
      <p role="status" className="mb-2 flex min-h-9.5 animate-late items-center gap-2 text-muted text-sm">
        <Spinner />
        {t("connecting", { host })}
      </p>
      <div
        aria-hidden
        className="flex min-h-96 flex-1 animate-late rounded-t-lg border border-line bg-surface desk:border-b-0"
      >
        <div className="flex w-60 shrink-0 flex-col gap-3.5 border-line border-r p-3 max-desk:hidden">
          <div className={`${shape} h-8`} />
          {lines.map((width, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they never change
            <div key={line} className={`${shape} h-3.5 ${width}`} />
          ))}
        </div>
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="flex h-9 items-center gap-3 border-line border-b bg-canvas/50 px-3">
            <div className={`${shape} h-4 w-16`} />
          </div>
          <div className="flex flex-col gap-3 p-3">
            <div className={`${shape} h-28`} />
            <div className="flex gap-3">
              <div className={`${shape} h-7 w-20`} />
              <div className={`${shape} h-7 w-20`} />
            </div>
          </div>
        </div>
      </div>
    </>
  );
}

const shape = "rounded-md bg-sunken motion-safe:animate-pulse";

/** As long as names of tables are. */
const lines = ["w-3/5", "w-4/5", "w-2/5", "w-3/4", "w-1/2", "w-2/3"] as const;
