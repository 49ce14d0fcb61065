import { getTranslations } from "next-intl/server";
import { providers } from "#lib/providers/list.ts";
import { SoftLink } from "../../soft-link.tsx";

/** The providers that are known, each the way into the form with its defaults and its notes. */
export async function ProviderTiles() {
  const t = await getTranslations("door.providers");
  return (
    <section aria-labelledby="provider-tiles">
      <h2 id="provider-tiles" className="font-semibold text-base">
        {t("title")}
      </h2>
      <p className="mt-0.5 mb-3 text-muted">{t("lead")}</p>
      <ul className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-5">
        {[...providers]
          .sort((a, b) => a.name.localeCompare(b.name, "en"))
          .map(({ id, name, rootsSource }) => (
            <li key={id} className="flex">
              <SoftLink
                href={`/connections/new?provider=${id}`}
                className="flex min-h-11 min-w-0 flex-1 flex-col rounded-lg border border-line bg-surface px-3 py-2 hover:border-control hover:bg-sunken"
              >
                <span className="break-words font-medium">{name}</span>
                <span className="text-[0.8125rem] text-muted">{t(`roots.${rootsSource}`)}</span>
              </SoftLink>
            </li>
          ))}
      </ul>
    </section>
  );
}
