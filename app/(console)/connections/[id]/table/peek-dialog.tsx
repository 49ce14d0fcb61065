"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { TablePage } from "#lib/browse/shapes.ts";
import { type Asked, askConnection } from "../ask-connection.ts";
import { RefusedNote } from "../refused-note.tsx";
import { RowValues } from "../row/row-values.tsx";
import type { Target } from "./targets.ts";

interface Props {
  readonly connectionId: string;
  readonly target: Target | undefined;
  readonly onGo: (target: Target) => void;
  readonly onClose: () => void;
}

/** The row that a reference leads to, without leaving the one it stands in. */
export function PeekDialog({ connectionId, target, onGo, onClose }: Props) {
  const t = useTranslations("browse.peek");
  const [asked, setAsked] = useState<Asked<TablePage>>();
  useEffect(() => {
    setAsked(undefined);
    if (target === undefined) return;
    const request = new AbortController();
    const { schema, table, filters } = target;
    askConnection<TablePage>(connectionId, "rows", { schema, table, filters, size: 2 }, request.signal)
      .then(setAsked)
      .catch(() => undefined);
    return () => request.abort();
  }, [connectionId, target]);
  const page = asked?.ok ? asked.value : undefined;
  const [row] = page?.rows ?? [];
  return (
    <Dialog
      open={target !== undefined}
      title={t("title", { table: target?.table ?? "" })}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("leave")}</Button>
          <Button look="primary" onClick={() => target && onGo(target)}>
            {t("go")}
          </Button>
        </>
      }
    >
      {asked === undefined && <Spinner />}
      {asked?.ok === false && <RefusedNote refused={asked.refused} />}
      {page !== undefined && row === undefined && <p className="text-muted">{t("nothing")}</p>}
      {page !== undefined && row !== undefined && (
        <>
          <RowValues columns={page.columns} values={row} />
          {page.rows.length > 1 && <p className="mt-2 text-muted text-xs">{t("more")}</p>}
        </>
      )}
      <p className="mt-3 text-muted text-xs">
        <CellText text={target === undefined ? "" : `${target.schema}.${target.table}`} />
      </p>
    </Dialog>
  );
}
