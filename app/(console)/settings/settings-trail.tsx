import { getTranslations } from "next-intl/server";
import { Breadcrumb } from "../breadcrumb.tsx";
import type { SettingsSection } from "./settings-sections.ts";

/** The way to the section that is shown: each says its own, so that no script has to find out where it is. */
export async function SettingsTrail({ here }: { readonly here: SettingsSection }) {
  const [t, face] = await Promise.all([getTranslations("settings"), getTranslations("face")]);
  return (
    <Breadcrumb
      label={face("breadcrumb")}
      above={[{ href: "/settings", label: t("title") }]}
      here={t(`sections.${here}`)}
    />
  );
}
