"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { Risk } from "#lib/sql/risky-words.ts";

export interface RiskyPiece {
  readonly begins: string;
  readonly risks: readonly Risk[];
}

interface Props {
  readonly pieces: readonly RiskyPiece[];
  readonly onRun: () => void;
  readonly onClose: () => void;
}

/** One question before words that people seldom mean are sent to what is marked Production. */
export function RiskQuestion({ pieces, onRun, onClose }: Props) {
  const t = useTranslations("statements.risk");
  return (
    <Dialog
      open
      title={t("title")}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("back")}</Button>
          <Button look="danger" onClick={onRun}>
            {t("run")}
          </Button>
        </>
      }
    >
      <ul className="flex flex-col gap-2">
        {pieces.map(({ begins, risks }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change while it is asked
          <li key={index}>
            <code className="block truncate rounded bg-sunken px-2 py-1 font-mono text-xs">
              <CellText text={begins} />
            </code>
            {risks.map((risk) => (
              <p key={risk} className="mt-1">
                {t(`what.${risk}`)}
              </p>
            ))}
          </li>
        ))}
      </ul>
      <p className="mt-3 text-muted text-xs">{t("advice")}</p>
    </Dialog>
  );
}
