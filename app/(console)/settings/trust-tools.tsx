"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { withChainWords } from "#app/(console)/chain/with-chain-words.tsx";
import { Button } from "#components/ui/button.tsx";
import type { SharedStore } from "#lib/trust/store-roots.ts";

/** Looked at now and then, and as large as the rest of the section: loaded when somebody asks. */
const RootList = lazy(async () => ({ default: (await import("./root-list.tsx")).RootList }));
const TrustCheckForm = lazy(() =>
  withChainWords(import("./trust-check-form.tsx").then((loaded) => loaded.TrustCheckForm)),
);

/** A store's roots, once asked for. */
export function StoreRoots({ store, name }: { readonly store: SharedStore; readonly name: string }) {
  const t = useTranslations("settings.trust");
  const [shown, setShown] = useState(false);
  return (
    <div className="mt-1 flex flex-col items-start gap-2">
      <Button
        size="sm"
        aria-expanded={shown}
        aria-label={t(shown ? "hideNamed" : "showNamed", { name })}
        onClick={() => setShown(!shown)}
      >
        {t(shown ? "hide" : "show")}
      </Button>
      {shown && (
        <Suspense fallback={null}>
          <RootList store={store} name={name} />
        </Suspense>
      )}
    </div>
  );
}

/** "Is this certificate trusted?", once asked. */
export function TrustCheck() {
  const t = useTranslations("settings.trust.check");
  const [shown, setShown] = useState(false);
  return (
    <div className="border-t border-line pt-3">
      <Button size="sm" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {t("title")}
      </Button>
      {shown && (
        <Suspense fallback={null}>
          <TrustCheckForm />
        </Suspense>
      )}
    </div>
  );
}
