import { getTranslations } from "next-intl/server";
import { Spinner } from "#components/ui/spinner.tsx";

/** While the server is being reached: what is under way, and the place that the session will take. */
export async function Connecting({ host }: { readonly host: string }) {
  const t = await getTranslations("session");
  return (
    <div>
      <p role="status" className="mb-4 flex h-9 items-center gap-2 text-muted text-sm">
        <Spinner />
        {t("connecting", { host })}
      </p>
      <div aria-hidden className="rounded-lg border border-line bg-surface p-3 shadow-card">
        <div className="h-28 rounded-md bg-sunken motion-safe:animate-pulse" />
        <div className="mt-3 flex gap-3">
          <div className="h-7 w-20 rounded-md bg-sunken motion-safe:animate-pulse" />
          <div className="h-7 w-20 rounded-md bg-sunken motion-safe:animate-pulse" />
        </div>
      </div>
    </div>
  );
}
