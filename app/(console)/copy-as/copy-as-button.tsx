"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { Button, type ButtonLook } from "#components/ui/button.tsx";
import type { CopySource } from "./copy-source.ts";

/** Loaded when it is opened. */
const CopyAsDialog = lazy(async () => ({ default: (await import("./copy-as-dialog.tsx")).CopyAsDialog }));

interface Props extends ButtonLook {
  readonly source: CopySource;
}

/** Opens "Copy as": the connection in the words of another program. */
export function CopyAsButton({ source, ...look }: Props) {
  const t = useTranslations("copyAs");
  const [state, setState] = useState<"never" | "open" | "closed">("never");
  return (
    <>
      <Button {...look} aria-haspopup="dialog" onClick={() => setState("open")}>
        {t("button")}
      </Button>
      {state !== "never" && (
        <Suspense fallback={null}>
          <CopyAsDialog source={source} open={state === "open"} onClose={() => setState("closed")} />
        </Suspense>
      )}
    </>
  );
}
