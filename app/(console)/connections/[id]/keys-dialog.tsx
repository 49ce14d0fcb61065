"use client";

import { useTranslations } from "next-intl";
import { Suspense } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ChangeKeys } from "./changes/change-keys.tsx";
import { ChangesWords } from "./changes/changes-words.tsx";
import { KeyLine } from "./key-line.tsx";

const keys = [
  ["find", "Ctrl+K"],
  ["back", "Alt+← →"],
  ["pane", "F6"],
  ["row", "F4"],
  ["newSql", "Ctrl+Alt+T"],
  ["closeTab", "Delete"],
  ["refresh", "F5"],
  ["filter", "Ctrl+F"],
  ["key", "Ctrl+G"],
  ["ends", "Ctrl+Home, Ctrl+End"],
  ["sort", "↑, Enter"],
  ["addSort", "Shift+Enter"],
  ["width", "Ctrl+Shift+← →"],
  ["select", "Shift+← ↑ ↓ →"],
  ["selectRow", "Space"],
  ["copy", "Ctrl+C"],
  ["open", "Enter"],
  ["peek", "Alt+Enter"],
  ["go", "Ctrl+Enter"],
  ["run", "Ctrl+Enter"],
  ["runAll", "Ctrl+Shift+Enter"],
  ["cancel", "Esc"],
  ["older", "Alt+↑ ↓"],
  ["format", "Shift+Alt+F"],
  ["plan", "Ctrl+E"],
  ["measure", "Ctrl+Alt+E"],
] as const;

/** The keys of the connected view. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("browse.keys");
  return (
    <Dialog open title={t("title")} onClose={onClose} foot={<Button onClick={onClose}>{t("close")}</Button>}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-[0.8125rem]">
        {keys.map(([name, key]) => (
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
