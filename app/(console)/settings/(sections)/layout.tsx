import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { PlaceNav } from "../../place-nav.tsx";
import { settingsSections } from "../settings-sections.ts";

/** Everything that can be set, a page a matter, with the way from one to the next. */
export default async function SettingsLayout({ children }: { readonly children: React.ReactNode }) {
  const actor = await pageActor("own:settings");
  const t = await getTranslations("settings");
  return (
    <div className="lg:grid lg:grid-cols-[11rem_minmax(0,1fr)] lg:gap-10">
      <div className="lg:sticky lg:top-20 lg:self-start">
        <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
        <PlaceNav
          label={t("title")}
          links={settingsSections(actor).map(({ id, href }) => ({ href, label: t(`sections.${id}`) }))}
          className="mt-3 mb-6 flex flex-wrap gap-1 lg:flex-col"
          linkClassName="shrink-0 rounded-md px-2.5 py-1.5 text-muted text-sm hover:bg-sunken hover:text-ink aria-[current]:bg-accent-soft aria-[current]:font-medium aria-[current]:text-ink forced-colors:aria-[current]:underline"
        />
      </div>
      <div className="min-w-0">{children}</div>
    </div>
  );
}
