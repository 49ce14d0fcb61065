import { getTranslations } from "next-intl/server";
import { EmptyListDrawing } from "#components/drawings/empty-list-drawing.tsx";
import { SoftLink } from "../../soft-link.tsx";
import { LatePasteBox } from "./late-paste-box.tsx";
import { ProviderTiles } from "./provider-tiles.tsx";
import { TlsPicture } from "./tls-picture.tsx";

/** A console without a connection: the ways to the first one, and what is to be known of them. */
export async function FirstDoor() {
  const t = await getTranslations("door");
  return (
    <div className="flex flex-col gap-8">
      <div className="flex items-center gap-8 rounded-xl border border-line bg-surface p-4 shadow-card sm:p-6">
        <div className="min-w-0 flex-1">
          <LatePasteBox
            words={{
              label: t("paste.label"),
              hint: t("paste.hint"),
              placeholder: t("paste.placeholder"),
              open: t("paste.open"),
            }}
          />
          <SoftLink
            href="/settings"
            className="mt-2 inline-flex min-h-6 items-center text-[0.8125rem] text-accent underline pointer-coarse:min-h-11"
          >
            {t("importFile")}
          </SoftLink>
        </div>
        <div className="shrink-0 max-lg:hidden">
          <EmptyListDrawing />
        </div>
      </div>
      <ProviderTiles />
      <TlsPicture />
    </div>
  );
}
