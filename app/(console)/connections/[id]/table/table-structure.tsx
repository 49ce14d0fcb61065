"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { WideBox } from "#components/ui/wide-box.tsx";
import type { ReferenceFacts, TableDetail } from "#lib/browse/shapes.ts";
import type { TablePart } from "../place.ts";
import type { Target } from "./targets.ts";

interface Props {
  readonly detail: TableDetail;
  readonly part: Exclude<TablePart, "rows" | "picture">;
  readonly onGo: (target: Target) => void;
}

/** What a table is made of, as its catalogue says. */
export function TableStructure({ detail, part, onGo }: Props) {
  switch (part) {
    case "columns":
      return <Columns detail={detail} />;
    case "keys":
      return <Keys detail={detail} onGo={onGo} />;
    case "references":
      return <References detail={detail} onGo={onGo} />;
    case "definition":
      return <Definition detail={detail} />;
  }
}

function Columns({ detail }: { readonly detail: TableDetail }) {
  const t = useTranslations("browse.structure");
  return (
    <Table
      label={t("columns")}
      heads={[t("name"), t("type"), t("default"), t("comment")]}
      rows={detail.columns.map((column) => ({
        key: column.name,
        cells: [
          <span key="name" className="inline-flex flex-wrap items-center gap-1.5">
            <Code text={column.name} />
            {detail.key?.includes(column.name) && <Badge tone="accent">{t("key")}</Badge>}
            {column.notNull && <Badge>NOT NULL</Badge>}
            {!column.readable && <Badge tone="warn">{t("unreadable")}</Badge>}
          </span>,
          <span key="type">
            <Code text={column.type} />
            {column.labels !== null && (
              <span className="block text-muted text-xs">
                <CellText text={column.labels.join(" · ")} />
              </span>
            )}
          </span>,
          <span key="default">
            {column.generated !== null && <Badge>{t(`generated.${column.generated}`)}</Badge>}{" "}
            {column.default !== null && <Code text={column.default} />}
          </span>,
          <CellText key="comment" text={column.comment ?? ""} />,
        ],
      }))}
    />
  );
}

function Keys({ detail, onGo }: Omit<Props, "part">) {
  const t = useTranslations("browse.structure");
  const bytes = useBytes();
  const format = useFormatter();
  return (
    <div className="space-y-5">
      {detail.bytes !== null && (
        <p className="text-[0.8125rem] text-muted">
          {t("sizes", {
            table: bytes(detail.bytes.table),
            indexes: bytes(detail.bytes.indexes),
            toast: bytes(detail.bytes.toast),
          })}
        </p>
      )}
      <Table
        label={t("keys")}
        none={t("noKeys")}
        heads={[t("name"), t("kind"), t("definition")]}
        rows={detail.keys.map(({ name, kind, definition }) => ({
          key: name,
          cells: [
            <Code key="name" text={name} />,
            t(`kinds.${kind}`),
            <Code key="definition" text={definition} />,
          ],
        }))}
      />
      <Table
        label={t("indexes")}
        none={t("noIndexes")}
        heads={[t("name"), t("size"), t("scans"), t("definition")]}
        rows={detail.indexes.map(({ name, bytes: size, scans, valid, definition }) => ({
          key: name,
          cells: [
            <span key="name" className="inline-flex flex-wrap items-center gap-1.5">
              <Code text={name} />
              {!valid && <Badge tone="danger">{t("invalid")}</Badge>}
            </span>,
            size === null ? "" : bytes(size),
            scans === null ? "" : format.number(scans),
            <Code key="definition" text={definition} />,
          ],
        }))}
      />
      <Named
        title={t("triggers")}
        items={detail.triggers.map(({ name, definition, enabled }) => ({
          name,
          text: definition,
          note: enabled ? undefined : t("disabled"),
        }))}
      />
      {detail.rowSecurity && <p className="text-[0.8125rem] text-warn">{t("rowSecurity")}</p>}
      {!detail.rowSecurity && detail.policies.length > 0 && (
        <p className="text-[0.8125rem] text-muted">
          {t(detail.rowSecurityOn ? "rowSecurityPassed" : "rowSecurityOff")}
        </p>
      )}
      <Named
        title={t("policies")}
        items={detail.policies.map(({ name, definition }) => ({ name, text: definition, note: undefined }))}
      />
      {detail.partitionKey !== null && (
        <p className="text-[0.8125rem]">
          {t("partitionedBy")} <Code text={detail.partitionKey} />
        </p>
      )}
      {detail.partitions.length > 0 && (
        <Table
          label={t("partitions")}
          heads={[t("name"), t("bound")]}
          rows={detail.partitions.map(({ schema, name, bound }) => ({
            key: `${schema}.${name}`,
            cells: [
              <Go
                key="name"
                text={`${schema}.${name}`}
                onGo={() => onGo({ schema, table: name, filters: [] })}
              />,
              <Code key="bound" text={bound} />,
            ],
          }))}
        />
      )}
      {detail.privileges.length > 0 && (
        <Table
          label={t("privileges")}
          heads={[t("grantee"), t("privileges")]}
          rows={detail.privileges.map(({ grantee, privileges }) => ({
            key: grantee,
            cells: [<Code key="grantee" text={grantee} />, privileges.join(", ")],
          }))}
        />
      )}
    </div>
  );
}

function References({ detail, onGo }: Omit<Props, "part">) {
  const t = useTranslations("browse.structure");
  const rowsOf = (references: readonly ReferenceFacts[]) =>
    references.map(({ name, schema, table, columns, foreignColumns, definition }) => ({
      key: `${schema}.${table}.${name}`,
      cells: [
        <Code key="columns" text={columns.join(", ")} />,
        <Go key="table" text={`${schema}.${table}`} onGo={() => onGo({ schema, table, filters: [] })} />,
        <Code key="foreign" text={foreignColumns.join(", ")} />,
        <Code key="definition" text={definition} />,
      ],
    }));
  const heads = [t("columnsHere"), t("table"), t("columnsThere"), t("definition")];
  return (
    <div className="space-y-5">
      <Table
        label={t("references")}
        none={t("noReferences")}
        heads={heads}
        rows={rowsOf(detail.references)}
      />
      <Table
        label={t("referencedBy")}
        none={t("noReferencedBy")}
        heads={heads}
        rows={rowsOf(detail.referencedBy)}
      />
    </div>
  );
}

function Definition({ detail }: { readonly detail: TableDetail }) {
  const t = useTranslations("browse.structure");
  const tls = useTranslations("session.tls");
  return (
    <>
      <CopyButton
        text={detail.sql}
        label={t("copySql")}
        copiedLabel={tls("copied")}
        failedLabel={tls("copyFailed")}
      />
      <WideBox label={t("sql")}>
        <pre className="rounded-md bg-sunken p-3 font-mono text-xs">
          <CellText text={detail.sql} lines />
        </pre>
      </WideBox>
    </>
  );
}

interface TableProps {
  readonly label: string;
  readonly heads: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
  /** Said where there is no row. */
  readonly none?: string;
}

function Table({ label, heads, rows, none }: TableProps) {
  return (
    <section>
      <h3 className="mb-1 font-semibold text-[0.8125rem]">{label}</h3>
      {rows.length === 0 ? (
        <p className="text-[0.8125rem] text-muted">{none}</p>
      ) : (
        <WideBox label={label}>
          <table className="w-full text-left text-[0.8125rem]">
            <thead>
              <tr className="border-line border-b text-muted text-xs">
                {heads.map((head) => (
                  <th key={head} scope="col" className="py-1 pr-4 font-normal">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, cells }) => (
                <tr key={key} className="border-line/60 border-b align-top">
                  {cells.map((cell, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
                    <td key={index} className="max-w-xl py-1 pr-4">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </WideBox>
      )}
    </section>
  );
}

function Named({
  title,
  items,
}: {
  readonly title: string;
  readonly items: readonly {
    readonly name: string;
    readonly text: string;
    readonly note: string | undefined;
  }[];
}) {
  if (items.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 font-semibold text-[0.8125rem]">{title}</h3>
      <ul className="space-y-1 text-[0.8125rem]">
        {items.map(({ name, text, note }) => (
          <li key={name} className="break-words">
            <Code text={text} /> {note !== undefined && <Badge tone="warn">{note}</Badge>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Code({ text }: { readonly text: string }) {
  return (
    <span className="break-words font-mono text-xs">
      <CellText text={text} />
    </span>
  );
}

function Go({ text, onGo }: { readonly text: string; readonly onGo: () => void }) {
  return (
    <button type="button" onClick={onGo} className="text-left text-accent underline underline-offset-2">
      <CellText text={text} />
    </button>
  );
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** A size as people say it, by 1,024. */
function useBytes(): (bytes: number) => string {
  const format = useFormatter();
  return (bytes) => {
    const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
    const value = bytes / 1024 ** power;
    return format.number(value, {
      style: "unit",
      unit: units[power] ?? "byte",
      maximumFractionDigits: power > 0 && value < 10 ? 1 : 0,
    });
  };
}
