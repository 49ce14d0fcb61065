import { getLocale, getTranslations } from "next-intl/server";
import { workspace } from "#app/_server/workspace.ts";
import { Card } from "#components/ui/card.tsx";
import type { Actor } from "#lib/team/access.ts";
import { defaultPreferences } from "#lib/team/preferences.ts";
import { locales } from "#messages/load-messages.ts";
import { PreferencesForm } from "./preferences-form.tsx";

/** Language, theme, time zone and page size of the one who looks. */
export async function PreferencesSection({ actor }: { readonly actor: Actor }) {
  const t = await getTranslations("settings");
  const opened = await workspace();
  const chosen = opened.ok ? await opened.value.preferences.of(actor.id) : opened;
  const shown = await getLocale();
  return (
    <Card title={t("sections.preferences")} lead={t("preferences.intro")}>
      <PreferencesForm
        chosen={chosen.ok ? chosen.value : defaultPreferences}
        languages={locales.map((locale) => ({
          value: locale,
          label: new Intl.DisplayNames([locale], { type: "language" }).of(locale) ?? locale,
        }))}
        shownLanguage={shown}
        historyDays={opened.ok ? opened.value.history.days : 0}
        timeZones={Intl.supportedValuesOf("timeZone")}
      />
    </Card>
  );
}
