import { getTranslations } from "next-intl/server";
import { LostPageDrawing } from "#components/drawings/lost-page-drawing.tsx";
import { buttonClasses } from "#components/ui/button.tsx";

/** Says that a page is not there, and leads on. */
export async function LostPage() {
  const t = await getTranslations("shell.notFound");
  return (
    <div className="mx-auto max-w-md px-4 py-12 text-center sm:py-20">
      <LostPageDrawing />
      <h1 className="mt-5 font-semibold text-2xl tracking-tight">{t("title")}</h1>
      <p className="mt-2 text-muted">{t("body")}</p>
      {/* No `Link`: what stands here is sent with every page. */}
      <a href="/connections" className={`mt-6 ${buttonClasses({ look: "primary" })}`}>
        {t("action")}
      </a>
    </div>
  );
}
