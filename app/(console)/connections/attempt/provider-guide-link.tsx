import { useTranslations } from "next-intl";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";

/** To the errors that the guide of a host's provider explains; nothing where the host belongs to none. */
export function ProviderGuideLink({ host }: { readonly host: string }) {
  const t = useTranslations("form.provider");
  const provider = recogniseProvider(host);
  if (provider === undefined) return null;
  return (
    <a
      href={`/help/providers/${provider.id}#errors`}
      className="w-fit rounded-sm text-accent underline-offset-2 hover:underline"
    >
      {t("guide", { provider: provider.name })}
    </a>
  );
}
