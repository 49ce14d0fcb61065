import { ChevronDown, Keyboard, LogOut, ShieldCheck, SlidersHorizontal } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { storeAwayWords } from "#app/_server/store-away-words.ts";
import { workspace } from "#app/_server/workspace.ts";
import { Mark } from "#components/ui/mark.tsx";
import { ErrorWordsProvider } from "./error-words.tsx";
import { PaletteButton } from "./palette/palette-button.tsx";
import { PlaceNav } from "./place-nav.tsx";
import { SoftLink } from "./soft-link.tsx";
import { StoreBar } from "./store-bar.tsx";
import { ToastProvider } from "./toasts.tsx";
import { UserMenu } from "./user-menu.tsx";

/** The frame of every page that wants a signed-in user. Each page asks again: a layout is not a lock. */
export default async function ConsoleLayout({ children }: { children: React.ReactNode }) {
  const actor = await pageActor("connections:read");
  const [t, face, palette, toasts] = await Promise.all([
    getTranslations("shell"),
    getTranslations("face"),
    getTranslations("palette"),
    getTranslations("toasts"),
  ]);
  const opened = await workspace();
  const insecure = opened.ok && opened.value.env.insecureHttp;
  // A store of this machine alone is read or it is not.
  const isShared = opened.ok && opened.value.env.store.kind !== "file";
  return (
    <div className="group/console flex min-h-dvh flex-col desk:has-data-workbench:h-dvh">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-3 focus:py-2 focus:text-accent-ink"
      >
        {t("skip")}
      </a>
      <header className="sticky top-0 z-30 border-line border-b bg-surface">
        <div className="mx-auto flex h-13 w-full max-w-7xl items-center group-has-data-workbench/console:max-w-none gap-1 px-4 max-[24rem]:px-2 sm:gap-5">
          <SoftLink
            href="/connections"
            className="flex min-h-11 shrink-0 items-center gap-2 rounded-md font-semibold text-base text-ink tracking-tight"
          >
            <Mark className="size-6" />
            <span className="max-sm:sr-only">{t("brand")}</span>
          </SoftLink>
          <PlaceNav
            label={t("nav")}
            links={[
              { href: "/connections", label: t("connections") },
              { href: "/settings", label: t("settings") },
              { href: "/help", label: t("help") },
            ]}
            marksBelow
            className="flex h-full min-w-0 items-stretch overflow-x-auto sm:gap-1"
            linkClassName="flex items-center border-transparent border-b-2 px-2 pt-0.5 text-muted text-sm -outline-offset-4 transition-colors hover:text-ink aria-[current]:border-b-accent aria-[current]:font-medium aria-[current]:text-ink forced-colors:border-b-0 forced-colors:aria-[current]:underline max-[24rem]:px-1 sm:px-3"
          />
          <div className="ml-auto flex shrink-0 items-center gap-1 sm:gap-2">
            <PaletteButton
              words={{ label: palette("words.label"), loading: palette("loading"), keys: palette("keys") }}
            />
            <UserMenu
              name={actor.name}
              words={{
                menu: face("menuOf", { name: actor.name }),
                signedIn: t("signedInAs", { name: actor.name }),
                preferences: face("preferences"),
                security: face("security"),
                keys: face("keys"),
                signOut: t("signOut"),
              }}
              icons={{
                preferences: <SlidersHorizontal aria-hidden className={menuIcon} />,
                security: <ShieldCheck aria-hidden className={menuIcon} />,
                keys: <Keyboard aria-hidden className={menuIcon} />,
                signOut: <LogOut aria-hidden className={menuIcon} />,
                open: <ChevronDown aria-hidden className="size-3.5 shrink-0 max-[24rem]:hidden" />,
              }}
            />
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
      {isShared ? <StoreBar words={await storeAwayWords()} /> : null}
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

/** As the menu draws those of its other entries. */
const menuIcon = "size-4 shrink-0 text-muted";
