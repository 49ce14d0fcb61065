"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";

/** A look at the server that signs nobody in. */
export function LookOffer({ onLook }: { readonly onLook: () => void }) {
  const t = useTranslations("form.look");
  return (
    <div className="mt-3 border-t border-line pt-3">
      <Button size="sm" onClick={onLook}>
        {t("start")}
      </Button>
      <p className="mt-1 text-xs text-muted">{t("lead")}</p>
    </div>
  );
}
