import Link from "next/link";
import { getTranslations } from "next-intl/server";

export default async function NotFound() {
  const t = await getTranslations("shell.notFound");
  return (
    <main className="mx-auto max-w-md px-4 py-24 text-center">
      <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mt-2 text-muted">{t("body")}</p>
      <Link href="/connections" prefetch={false} className="mt-5 inline-block text-accent underline">
        {t("action")}
      </Link>
    </main>
  );
}
