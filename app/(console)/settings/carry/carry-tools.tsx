"use client";

import { Download, Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { Button } from "#components/ui/button.tsx";

/** Each used now and then: loaded when somebody asks. */
const ExportDialog = lazy(async () => ({ default: (await import("./export-dialog.tsx")).ExportDialog }));
const ImportDialog = lazy(async () => ({ default: (await import("./import-dialog.tsx")).ImportDialog }));

/** Takes connections out as a file, and brings them in from one. */
export function CarryTools({ canExport }: { readonly canExport: boolean }) {
  const t = useTranslations("carry.tools");
  const [open, setOpen] = useState<"export" | "import">();
  const close = () => setOpen(undefined);
  return (
    <>
      <Button disabled={!canExport} onClick={() => setOpen("export")}>
        <Download aria-hidden className="size-4" />
        {t("export")}
      </Button>
      <Button onClick={() => setOpen("import")}>
        <Upload aria-hidden className="size-4" />
        {t("import")}
      </Button>
      <Suspense fallback={null}>
        {open === "export" && <ExportDialog onClose={close} />}
        {open === "import" && <ImportDialog onClose={close} />}
      </Suspense>
    </>
  );
}
