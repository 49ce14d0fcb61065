"use client";

import { LockOpen } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { Button } from "#components/ui/button.tsx";

const UnlockDialog = lazy(async () => ({ default: (await import("./unlock-dialog.tsx")).UnlockDialog }));

/** Asks to write on Production for a time. */
export function UnlockButton({
  connectionId,
  name,
}: {
  readonly connectionId: string;
  readonly name: string;
}) {
  const t = useTranslations("unlock");
  const [asked, setAsked] = useState(false);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        size="sm"
        onClick={() => {
          setAsked(true);
          setOpen(true);
        }}
      >
        <LockOpen aria-hidden className="size-3.5" />
        {t("open")}
      </Button>
      {asked && (
        <Suspense fallback={null}>
          <UnlockDialog connectionId={connectionId} name={name} open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
