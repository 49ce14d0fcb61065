import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { can } from "#lib/team/access.ts";
import { PlaceLink } from "../../place-link.tsx";
import { SettingsTrail } from "../settings-trail.tsx";

/** Everything that can be set, a page a matter, with the way from one to the next. */
export default async function SettingsLayout({ children }: { readonly children: React.ReactNode }) {
  const actor = await pageActor("own:settings");
  const [t, face] = await Promise.all([getTranslations("settings"), getTranslations("face")]);
  const sections = [
    { id: "connections", href: "/settings" },
    { id: "access", href: "/settings/access" },
    { id: "preferences", href: "/settings/preferences" },
    { id: "security", href: "/settings/security" },
    { id: "trust", href: "/settings/trust" },
    ...(can(actor, "team:manage") ? [{ id: "team", href: "/settings/team" } as const] : []),
    ...(can(actor, "audit:read") ? [{ id: "audit", href: "/settings/audit" } as const] : []),
    { id: "about", href: "/settings/about" },
  ] as const;
  return (
    <div className="lg:grid lg:grid-cols-[11rem_minmax(0,1fr)] lg:gap-10">
      <div className="lg:sticky lg:top-20 lg:self-start">
        <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
        <nav aria-label={t("title")} className="mt-3 mb-6 flex flex-wrap gap-1 lg:flex-col">
          {sections.map(({ id, href }) => (
            <PlaceLink
              key={id}
              href={href}
              className="shrink-0 rounded-md px-2.5 py-1.5 text-sm hover:bg-sunken hover:text-ink"
              looks={["bg-accent-soft font-medium text-ink forced-colors:underline", "text-muted"]}
            >
              {t(`sections.${id}`)}
            </PlaceLink>
          ))}
        </nav>
      </div>
      <div className="min-w-0">
        <SettingsTrail
          label={face("breadcrumb")}
          title={t("title")}
          sections={sections.map(({ id, href }) => ({ href, label: t(`sections.${id}`) }))}
        />
        {children}
      </div>
    </div>
  );
}
