import { getTranslations } from "next-intl/server";
import { Card } from "#components/ui/card.tsx";

/** The place that a section will take, while it is read: its title, and as many rows as it has at least. */
export async function SectionSkeleton({ title, rows }: { readonly title: string; readonly rows: number }) {
  const t = await getTranslations("shell");
  return (
    <div className="animate-late">
      <p role="status" className="sr-only">
        {t("loading")}
      </p>
      <Card title={title}>
        <div aria-hidden className="flex flex-col divide-y divide-line">
          {Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
            <div key={row} className="flex h-14 flex-col justify-center gap-2">
              <div className="h-3.5 w-2/5 rounded-sm bg-sunken motion-safe:animate-pulse" />
              <div className="h-3 w-3/5 rounded-sm bg-sunken motion-safe:animate-pulse" />
            </div>
          ))}
        </div>
      </Card>
    </div>
  );
}
