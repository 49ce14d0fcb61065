"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { ValueAsk } from "#lib/browse/ask.ts";
import type { Value } from "#lib/browse/shapes.ts";
import { RefusedNote } from "../refused-note.tsx";
import { type WholeValue, wholeValue } from "./whole-value.ts";

export interface OpenedValue {
  readonly column: string;
  /** Its number, as the grid has it. */
  readonly row: string;
  readonly value: Value;
  /** The whole length of a value that is cut. */
  readonly cut: number | undefined;
  /** How the whole is asked for, where it was cut. */
  readonly ask: ValueAsk | undefined;
}

interface Props {
  readonly connectionId: string;
  readonly opened: OpenedValue | undefined;
  readonly onClose: () => void;
  /** Goes on to change it; undefined where it is only looked at. */
  readonly onEdit?: (() => void) | undefined;
  readonly editLabel?: string | undefined;
}

/** Signs that are shown at once: a browser lays out so many without a pause. All of them are copied. */
const shownSigns = 200_000;

/** One whole value: a cut one is fetched first. */
export function ValueDialog({ connectionId, opened, onClose, onEdit, editLabel }: Props) {
  const t = useTranslations("browse.value");
  const table = useTranslations("browse.table");
  const result = useTranslations("session.result");
  const tls = useTranslations("session.tls");
  const [whole, setWhole] = useState<WholeValue>();
  const ask = opened?.ask;
  useEffect(() => {
    setWhole(undefined);
    if (ask === undefined) return;
    const request = new AbortController();
    wholeValue(connectionId, ask, request.signal)
      .then(setWhole)
      .catch(() => undefined);
    return () => request.abort();
  }, [ask, connectionId]);

  const waits = ask !== undefined && whole === undefined;
  const text = ask === undefined ? opened?.value : whole?.ok ? whole.text : undefined;
  return (
    <Dialog
      open={opened !== undefined}
      title={opened === undefined ? "" : table("cell", { column: opened.column, row: opened.row })}
      onClose={onClose}
      wide
      foot={
        <>
          {typeof text === "string" && (
            <CopyButton
              text={() => text}
              label={result("copyValue")}
              copiedLabel={tls("copied")}
              failedLabel={tls("copyFailed")}
            />
          )}
          {onEdit !== undefined && typeof text === "string" && <Button onClick={onEdit}>{editLabel}</Button>}
          <Button onClick={onClose}>{result("close")}</Button>
        </>
      }
    >
      {waits && (
        <p role="status" className="flex items-center gap-2 text-muted">
          <Spinner /> {t("fetching")}
        </p>
      )}
      {whole?.ok === false &&
        (whole.why === "refused" ? (
          <RefusedNote refused={whole.refused} />
        ) : (
          <p role="alert">{t(whole.why === "gone" ? "gone" : "tooLong")}</p>
        ))}
      {text === null && <p className="text-muted italic">{result("cellNull")}</p>}
      {text === "" && <p className="text-muted italic">{result("cellEmpty")}</p>}
      {typeof text === "string" && text !== "" && (
        <>
          <p className="mb-2 text-muted text-xs">
            {opened?.cut !== undefined && ask === undefined
              ? result("cellCut", { length: opened.cut, shown: text.length })
              : result("cellLength", { length: text.length })}
            {text.length > shownSigns && ` ${t("shownFirst", { shown: shownSigns })}`}
          </p>
          <pre className="whitespace-pre-wrap break-words rounded-md bg-sunken p-3 font-mono text-xs">
            <CellText text={text.slice(0, shownSigns)} lines />
          </pre>
        </>
      )}
    </Dialog>
  );
}
