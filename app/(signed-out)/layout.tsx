import { NextIntlClientProvider } from "next-intl";
import { getMessages, getTranslations } from "next-intl/server";
import { Mark } from "#components/ui/mark.tsx";

/** The frame of the few pages that strangers see. They get the words of these pages and no others. */
export default async function SignedOutLayout({ children }: { children: React.ReactNode }) {
  const [t, { access, waiting }] = await Promise.all([getTranslations("access"), getMessages()]);
  // The locked page has no script of its own; its many words stay here.
  const { locked: _, ...forms } = access;
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(20rem,2fr)_3fr]">
      {/* The cloak, drawn large, on a ground of its own colour. */}
      <div
        aria-hidden
        className="relative hidden overflow-hidden border-line border-r bg-accent-soft lg:block"
      >
        <Mark
          hollow
          className="absolute -bottom-[6%] left-1/2 h-[78%] max-w-none -translate-x-1/2 forced-colors:hidden"
        />
      </div>
      <main className="mx-auto flex w-full max-w-lg flex-col justify-center px-4 py-10 sm:px-10">
        <p className="mb-6 flex items-center gap-2.5 font-semibold text-ink text-lg tracking-tight">
          <Mark className="size-8" />
          {t("brand")}
        </p>
        <div className="rounded-xl border border-line bg-surface px-5 py-6 shadow-card sm:px-7">
          <NextIntlClientProvider messages={{ access: forms, waiting }}>{children}</NextIntlClientProvider>
          <noscript>
            <p className="mt-4 text-danger text-sm">{t("noScript")}</p>
          </noscript>
        </div>
      </main>
    </div>
  );
}
