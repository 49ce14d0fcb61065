"use client";

import { Download, Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { TableDetail } from "#lib/browse/shapes.ts";
import type { TableName, TableView } from "../place.ts";
import { withWords } from "./with-words.tsx";

const ExportDialog = lazy(() => withWords(import("./export-dialog.tsx").then((file) => file.ExportDialog)));
const ImportDialog = lazy(() => withWords(import("./import-dialog.tsx").then((file) => file.ImportDialog)));

interface Props {
  readonly connectionId: string;
  readonly table: TableName;
  readonly view: TableView;
  readonly detail: TableDetail | undefined;
  /** Rows have come in. */
  readonly onImported: () => void;
}

/** The ways of a table's rows out and in. */
export function TableTransfers({ connectionId, table, view, detail, onImported }: Props) {
  const t = useTranslations("browse.transfers");
  const [opened, setOpened] = useState<"export" | "import">();
  const close = () => setOpened(undefined);
  const { filters, where, sort } = view;
  const takes = detail !== undefined && ["table", "partitioned", "foreign-table"].includes(detail.kind);
  return (
    <span className="ml-auto flex py-0.5">
      <Button size="sm" look="quiet" onClick={() => setOpened("export")}>
        <Download aria-hidden className="size-3.5" />
        {t("export")}
      </Button>
      {takes && (
        <Button size="sm" look="quiet" onClick={() => setOpened("import")}>
          <Upload aria-hidden className="size-3.5" />
          {t("import")}
        </Button>
      )}
      <Suspense fallback={null}>
        {opened === "export" && (
          <ExportDialog
            connectionId={connectionId}
            name={table.table}
            what={async () => ({ kind: "table", ...table, filters: [...filters], where, sort: [...sort] })}
            columns={detail?.columns.filter(({ readable }) => readable).map(({ name }) => name)}
            isNarrowed={filters.length > 0 || where !== "" || sort.length > 0}
            onClose={close}
          />
        )}
        {opened === "import" && detail !== undefined && (
          <ImportDialog
            connectionId={connectionId}
            table={table}
            columns={detail.columns}
            onImported={onImported}
            onClose={close}
          />
        )}
      </Suspense>
    </span>
  );
}
