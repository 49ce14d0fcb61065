"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";

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
          <div key={name} className="contents">
            <dt>
              <kbd className="rounded-sm border border-line bg-sunken px-1.5 py-px font-mono text-xs">
                {isMac() ? key.replaceAll("Ctrl", "Cmd").replaceAll("Alt", "Option") : key}
              </kbd>
            </dt>
            <dd>{t(name)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function isMac(): boolean {
  return /^(Mac|iPhone|iPad)/.test(navigator.platform);
}
