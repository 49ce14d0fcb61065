import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import type { ColumnFacts, Value } from "#lib/browse/shapes.ts";

interface Props {
  readonly columns: readonly ColumnFacts[];
  readonly values: readonly Value[];
  /** The whole length of a cut value, by column. */
  readonly cut?: ReadonlyMap<number, number> | undefined;
  /** Opens one of them whole. */
  readonly onOpen?: (column: number) => void;
}

const shownSigns = 1_000;

/** All columns of one row, downwards. */
export function RowValues({ columns, values, cut, onOpen }: Props) {
  const t = useTranslations("browse.row");
  const result = useTranslations("session.result");
  return (
    <dl className="divide-y divide-line/60 text-[0.8125rem]">
      {columns.map(({ name, type }, index) => {
        const value = values[index];
        const length = cut?.get(index);
        const isLong = length !== undefined || (typeof value === "string" && value.length > shownSigns);
        return (
          <div key={name} className="py-1.5">
            <dt className="flex items-baseline gap-2">
              <span className="min-w-0 truncate font-medium">
                <CellText text={name} />
              </span>
              <span className="ml-auto shrink-0 text-xs text-muted">{type}</span>
            </dt>
            <dd className="min-w-0 break-words font-mono text-xs">
              {value == null ? (
                <span className="text-muted italic">{result("null")}</span>
              ) : value === "" ? (
                <span className="rounded-xs border border-line px-1 text-muted">{result("emptyText")}</span>
              ) : (
                <span className="whitespace-pre-wrap">
                  <CellText text={value.slice(0, shownSigns)} lines />
                </span>
              )}
              {isLong && onOpen !== undefined && (
                <button
                  type="button"
                  onClick={() => onOpen(index)}
                  className="ml-2 font-sans text-accent underline underline-offset-2"
                >
                  {t("whole", { length: length ?? value?.length ?? 0 })}
                </button>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
