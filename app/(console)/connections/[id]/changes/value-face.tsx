import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import type { Cell } from "#lib/change/shapes.ts";
import { isDefault } from "./pending-changes.ts";

interface Props {
  readonly cell: Cell;
  /** The whole length of a cut value. */
  readonly cut?: number | undefined;
  readonly most?: number;
  /** A new row's, that has no default. */
  readonly required?: boolean;
}

/** A value, NULL, DEFAULT and the empty text: each looks its own. */
export function ValueFace({ cell, cut, most = 300, required = false }: Props) {
  const t = useTranslations("changes.editor");
  if (required && (cell === null || isDefault(cell)))
    return <span className="font-sans font-medium text-xs text-danger">{t("required")}</span>;
  if (cell === null) return <span className="text-muted italic">NULL</span>;
  if (isDefault(cell)) return <span className="font-sans text-xs text-warn">DEFAULT</span>;
  if (cell === "")
    return <span className="rounded-xs border border-line px-1 text-muted">{t("emptyText")}</span>;
  return (
    <span className="whitespace-pre-wrap break-words">
      <CellText text={cell.slice(0, most)} lines />
      {(cut !== undefined || cell.length > most) && (
        <span className="font-sans text-xs text-muted"> ⋯ {t("length", { length: cut ?? cell.length })}</span>
      )}
    </span>
  );
}
