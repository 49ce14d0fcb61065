"use client";

import { useTranslations } from "next-intl";
import { Suspense } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ChangeKeys } from "./changes/change-keys.tsx";
import { ChangesWords } from "./changes/changes-words.tsx";
import { KeyLine } from "./key-line.tsx";
import { workbenchKeys } from "./workbench-keys.ts";

/** The keys of the connected view. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("browse.keys");
  return (
    <Dialog open title={t("title")} onClose={onClose} foot={<Button onClick={onClose}>{t("close")}</Button>}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-[0.8125rem]">
        {workbenchKeys.map(([name, key]) => (
          <KeyLine key={name} keys={key} does={t(name)} />
        ))}
        <Suspense fallback={null}>
          <ChangesWords>
            <ChangeKeys />
          </ChangesWords>
        </Suspense>
      </dl>
    </Dialog>
  );
}
