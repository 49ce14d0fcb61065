import { NextIntlClientProvider } from "next-intl";
import { getMessages, getTranslations } from "next-intl/server";

/** The frame of the few pages that strangers see. They get the words of these pages and no others. */
export default async function SignedOutLayout({ children }: { children: React.ReactNode }) {
  const [t, { access, door }] = await Promise.all([getTranslations("access"), getMessages()]);
  // The locked page has no script of its own; its many words stay here.
  const { locked: _, ...forms } = access;
  return (
    <div className="flex min-h-dvh flex-col items-center bg-canvas px-4 py-10 sm:py-[12vh]">
      <main className="w-full max-w-md">
        <p className="mb-5 text-center font-semibold text-ink text-lg tracking-tight">{t("brand")}</p>
        <div className="rounded-lg border border-line bg-surface px-5 py-6 shadow-card sm:px-7">
          <NextIntlClientProvider messages={{ access: forms, door: { waiting: door.waiting } }}>
            {children}
          </NextIntlClientProvider>
          <noscript>
            <p className="mt-4 text-danger text-sm">{t("noScript")}</p>
          </noscript>
        </div>
      </main>
    </div>
  );
}
