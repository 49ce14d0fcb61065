import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { ConsoleNav } from "./console-nav.tsx";
import { ErrorWordsProvider } from "./error-words.tsx";
import { SignOut } from "./sign-out.tsx";
import { ToastProvider } from "./toasts.tsx";

/** The frame of every page that wants a signed-in user. Each page asks again: a layout is not a lock. */
export default async function ConsoleLayout({ children }: { children: React.ReactNode }) {
  const actor = await pageActor("connections:read");
  const t = await getTranslations("shell");
  const toasts = await getTranslations("toasts");
  const opened = await workspace();
  const insecure = opened.ok && opened.value.env.insecureHttp;
  return (
    <div className="group/console flex min-h-dvh flex-col desk:has-data-workbench:h-dvh">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-3 focus:py-2 focus:text-accent-ink"
      >
        {t("skip")}
      </a>
      <header className="sticky top-0 z-30 border-line border-b bg-surface">
        <div className="mx-auto flex h-12 w-full max-w-7xl items-center group-has-data-workbench/console:max-w-none gap-2 px-4 sm:gap-6">
          <ConsoleNav
            label={t("nav")}
            brand={t("brand")}
            links={[
              { href: "/connections", label: t("connections") },
              { href: "/settings", label: t("settings") },
              { href: "/help/problems", label: t("help") },
            ]}
          />
          <div className="ml-auto flex shrink-0 items-center gap-2">
            <span
              className="hidden max-w-40 truncate text-muted text-sm sm:block"
              title={t("signedInAs", { name: actor.name })}
            >
              {actor.name}
            </span>
            <SignOut label={t("signOut")} />
          </div>
        </div>
      </header>
      {insecure ? (
        <p
          role="note"
          className="border-line border-b bg-danger-soft px-4 py-2 text-center text-danger text-sm"
        >
          {t("insecureHttp")}
        </p>
      ) : null}
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-7xl flex-1 px-4 py-6 outline-none has-data-workbench:flex has-data-workbench:min-h-0 has-data-workbench:max-w-none has-data-workbench:flex-col has-data-workbench:p-0"
      >
        <ErrorWordsProvider
          words={{
            title: t("error.title"),
            body: t("error.body", { reference: "{reference}" }),
            action: t("error.action"),
          }}
        >
          <ToastProvider labels={{ region: toasts("region"), dismiss: toasts("dismiss") }}>
            {children}
          </ToastProvider>
        </ErrorWordsProvider>
      </main>
    </div>
  );
}
