import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import type { StoredRow } from "#lib/change/shapes.ts";
import { ValueFace } from "./value-face.tsx";

/** What was stored otherwise than it was typed, and where the row went. */
export function StoredCells({ stored: { row, differs, movedTo } }: { readonly stored: StoredRow }) {
  const t = useTranslations("changes.review");
  return (
    <ul className="mt-1 text-xs">
      {differs.map(({ column, typed, stored }) => (
        <li key={column} className="text-warn">
          <CellText text={column} /> {t(typed === undefined ? "setBesides" : "storedAs")}{" "}
          <span className="font-mono">
            <ValueFace cell={stored} most={120} />
          </span>
        </li>
      ))}
      {movedTo !== null && <li className="text-warn">{t("movesTo", { partition: movedTo })}</li>}
      {row !== null && differs.length === 0 && movedTo === null && (
        <li className="text-success">{t("asTyped")}</li>
      )}
    </ul>
  );
}
