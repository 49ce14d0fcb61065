import { getTranslations } from "next-intl/server";
import { PasteBox } from "./paste-box.tsx";
import { ProviderTiles } from "./provider-tiles.tsx";
import { TlsPicture } from "./tls-picture.tsx";

/** A console without a connection: the ways to the first one, and what is to be known of them. */
export async function FirstDoor() {
  const t = await getTranslations("door.first");
  return (
    <div className="flex flex-col gap-8">
      <div className="rounded-lg border border-line bg-surface p-4 shadow-card sm:p-6">
        <PasteBox
          words={{
            label: t("paste.label"),
            hint: t("paste.hint"),
            placeholder: t("paste.placeholder"),
            open: t("paste.open"),
          }}
        />
      </div>
      <ProviderTiles />
      <TlsPicture />
    </div>
  );
}
