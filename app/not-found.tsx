import { getTranslations } from "next-intl/server";

export default async function NotFound() {
  const t = await getTranslations("shell.notFound");
  return (
    <main className="mx-auto max-w-md px-4 py-24 text-center">
      <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mt-2 text-muted">{t("body")}</p>
      {/* No `Link`: what stands here is sent with every page. */}
      <a href="/connections" className="mt-5 inline-block text-accent underline">
        {t("action")}
      </a>
    </main>
  );
}
