"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { WideBox } from "#components/ui/wide-box.tsx";
import type { CsvRecord, CsvValue } from "#lib/transfer/read-csv.ts";
import type { EmptyRule, Target } from "./chosen-file.ts";

interface Props {
  readonly records: readonly CsvRecord[];
  readonly garbled: boolean;
  readonly targets: readonly Target[];
  readonly header: boolean;
  readonly nullText: string;
  readonly empties: ReadonlyMap<string, EmptyRule>;
}

/** The first lines of a file as the server will read them: what is NULL, what is empty, and which line has too few values. */
export function FilePreview({ records, garbled, targets, header, nullText, empties }: Props) {
  const t = useTranslations("transfers.import");
  const shown = header ? records.slice(1) : records;
  const uneven = shown.find(({ values }) => values.length !== targets.length);
  return (
    <div className="space-y-1">
      <p className="text-muted text-xs">{t("previewRows", { count: shown.length })}</p>
      {garbled && (
        <p role="alert" className="text-warn">
          {t("garbled")}
        </p>
      )}
      {uneven !== undefined && (
        <p role="alert" className="text-warn">
          {t("uneven", { line: uneven.line, count: uneven.values.length, wanted: targets.length })}
        </p>
      )}
      <WideBox label={t("preview")} low>
        <table className="w-full border-collapse whitespace-nowrap text-xs">
          <thead>
            <tr>
              <th className="sticky top-0 bg-raised px-2 py-1 text-left font-medium text-muted">
                {t("lineHead")}
              </th>
              {targets.map((name, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column of the file is its place
                <th key={index} className="sticky top-0 bg-raised px-2 py-1 text-left font-medium">
                  {name === null ? (
                    <span className="font-normal text-muted italic">{t("isLeftOut")}</span>
                  ) : (
                    <CellText text={name || "?"} />
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ line, values }) => (
              <tr key={line} className="border-line border-t">
                <td className="px-2 py-0.5 text-muted tabular-nums">{line}</td>
                {values.map((value, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a column of the file is its place
                  <td key={index} className="max-w-60 truncate px-2 py-0.5 font-mono">
                    <Shown
                      value={value}
                      meaning={meaningOf(value, empties.get(targets[index] ?? ""), nullText)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </WideBox>
    </div>
  );
}

function Shown({
  value,
  meaning,
}: {
  readonly value: CsvValue;
  readonly meaning: "null" | "empty" | "text";
}) {
  const t = useTranslations("transfers.import");
  if (meaning === "text") return <CellText text={value.text} />;
  return <span className="text-muted italic">{t(meaning === "null" ? "isNull" : "isEmpty")}</span>;
}

/** By COPY's rules: NULL is the text for it, without quotes unless that was said of the column. */
function meaningOf(
  { text, quoted }: CsvValue,
  rule: EmptyRule | undefined,
  nullText: string,
): "null" | "empty" | "text" {
  const isNull = text === nullText && (quoted ? rule === "null" : rule !== "text");
  if (isNull) return "null";
  return text === "" ? "empty" : "text";
}
