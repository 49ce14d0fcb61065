import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { setupPage } from "#app/_server/guard.ts";
import { SetupForm } from "./setup-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("access.setup"))("title") };
}

/** The first run: whoever holds the one-time token becomes the owner. */
export default async function SetupPage() {
  await setupPage();
  const t = await getTranslations("access.setup");
  return (
    <>
      <h1 className="font-semibold text-xl tracking-tight">{t("title")}</h1>
      <p className="mt-1 mb-5 text-muted">{t("intro")}</p>
      <SetupForm />
    </>
  );
}
