"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import type { Asked } from "./keys-dialog.tsx";

// Hardly anybody opens it: its code is fetched then.
const KeysDialog = lazy(async () => ({ default: (await import("./keys-dialog.tsx")).KeysDialog }));

interface ShownSlot {
  readonly id: string;
  readonly kind: "raw" | "passphrase" | "command";
  readonly present: boolean;
}

/** The keys that open the vault, and what an owner can do about them here. */
export function KeysTools({ slots }: { readonly slots: readonly ShownSlot[] }) {
  const t = useTranslations("keys");
  const [asked, setAsked] = useState<Asked>();
  return (
    <>
      <ul aria-label={t("card.slots")} className="divide-y divide-line">
        {slots.map(({ id, kind, present }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
            <p className="mr-auto flex min-w-0 flex-wrap items-center gap-2">
              <span className="font-medium">{t(`kind.${kind}`)}</span>
              <code className="text-[0.8125rem] text-muted">{id}</code>
              {present ? <Badge tone="accent">{t("card.inUse")}</Badge> : null}
            </p>
            {present ? null : (
              <Button
                size="sm"
                aria-label={t("card.buttons.removeNamed", { kind: t(`kind.${kind}`), id })}
                onClick={() => setAsked({ act: "remove", id, kind })}
              >
                {t("card.buttons.remove")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => setAsked({ act: "add" })}>{t("card.buttons.add")}</Button>
        <Button onClick={() => setAsked({ act: "rotate" })}>{t("card.buttons.rotate")}</Button>
      </div>
      {asked === undefined ? null : (
        <Suspense>
          <KeysDialog asked={asked} onClose={() => setAsked(undefined)} />
        </Suspense>
      )}
    </>
  );
}
