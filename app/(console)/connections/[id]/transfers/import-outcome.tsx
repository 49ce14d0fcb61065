"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { type BadLine, type ImportStand, isUnknown } from "#lib/transfer/shapes.ts";
import { RefusedNote } from "../refused-note.tsx";
import type { Sent } from "./send-file.ts";

/** So many bad lines are shown. */
const mostShown = 100;

/** What came of an import or its trial: how many rows, or why none, and where in the file. */
export function ImportOutcome({ sent }: { readonly sent: Sent }) {
  const t = useTranslations("transfers.import");
  if (sent.type === "refused") return <RefusedNote refused={sent.refused} />;
  if (sent.type === "lost") return <Alert tone="danger" title={t("lostConsole")} />;
  if (sent.type === "untold")
    return (
      <Alert tone="danger" title={t("unknown")}>
        {t("untoldConsole")}
      </Alert>
    );
  const { stand } = sent;
  const { state, trial, rows, trouble, badLines } = stand;
  if (state === "cancelled") return <Alert tone="info" title={t("cancelled")} />;
  if (state === "done") {
    const title = !trial
      ? t("done", { rows: rows ?? 0 })
      : badLines > 0
        ? t("triedBad", { rows: rows ?? 0, bad: badLines })
        : t("tried", { rows: rows ?? 0 });
    return (
      <Alert tone={badLines > 0 ? "warn" : "success"} title={title}>
        {stand.foundOut && <p>{t("foundOut")}</p>}
        <BadLines {...stand} />
      </Alert>
    );
  }
  return (
    <Alert tone="danger" title={isUnknown(trouble) ? t("unknown") : t("nothing")}>
      {trouble !== null && (
        <p className="break-words">
          {trouble.line !== undefined && (
            <>
              <span className="font-medium">
                {trouble.column === undefined
                  ? t("line", { line: trouble.line })
                  : t("badLine", { line: trouble.line, column: trouble.column })}
              </span>{" "}
            </>
          )}
          {t(`trouble.${trouble.why}`)}{" "}
          {trouble.message !== "" && (
            <span className="font-mono text-xs">
              <CellText text={`${trouble.message} ${trouble.sqlstate}`} lines />
            </span>
          )}
        </p>
      )}
      {trial && trouble?.line !== undefined && (
        <p className="text-muted">{t(stand.allBadLines ? "afterNotRead" : "firstOnly")}</p>
      )}
      <BadLines {...stand} />
    </Alert>
  );
}

function BadLines({ bad, badLines }: Pick<ImportStand, "bad" | "badLines">) {
  const t = useTranslations("transfers.import");
  if (bad.length === 0) return null;
  const shown = bad.slice(0, mostShown);
  return (
    <ul className="mt-1 max-h-40 overflow-y-auto text-xs">
      {shown.map((one: BadLine, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line may be bad twice
        <li key={index} className="break-words">
          <span className="font-medium">
            {one.column === null
              ? t("line", { line: one.line })
              : t("badLine", { line: one.line, column: one.column })}
          </span>{" "}
          <span className="font-mono">
            <CellText text={one.message} />
          </span>
        </li>
      ))}
      {badLines > shown.length && <li>{t("moreBad", { count: badLines - shown.length })}</li>}
    </ul>
  );
}
