"use client";

import { useTranslations } from "next-intl";
import { useId } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { WideBox } from "#components/ui/wide-box.tsx";
import {
  type CitusAsk,
  type CitusReport,
  type CitusTable,
  type CitusTables,
  citusKinds,
  citusPageSize,
  citusSorts,
} from "#lib/citus/citus-report.ts";
import { CitusPartTrouble } from "./citus-trouble.tsx";
import { useByteSize } from "./use-byte-size.ts";

interface Props {
  readonly tables: CitusReport["tables"];
  readonly ask: CitusAsk;
  readonly onAsk: (ask: CitusAsk) => void;
}

/** The tables that Citus knows, a page at a time, to be searched and filtered. */
export function CitusTableList({ tables, ask, onAsk }: Props) {
  const t = useTranslations("citus.tables");
  const id = useId();
  if (!tables.ok) return <CitusPartTrouble title={t("unread")} trouble={tables.trouble} />;
  const { rows, matching, kinds } = tables.value;
  const all = Object.values(kinds).reduce((sum, count) => sum + (count ?? 0), 0);
  if (all === 0) return <p className="text-[0.8125rem] text-muted">{t("none")}</p>;
  return (
    <section aria-labelledby={`${id}-title`}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 id={`${id}-title`} className="mr-auto font-semibold text-[0.8125rem]">
          {t("title", { count: all })}
        </h3>
        <input
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          value={ask.search}
          maxLength={200}
          onChange={(event) => onAsk({ ...ask, search: event.target.value, page: 0 })}
          className="control w-full py-0.5 text-[0.8125rem] sm:w-48"
        />
        <select
          aria-label={t("kind")}
          value={ask.kind}
          onChange={(event) => onAsk({ ...ask, kind: event.target.value as CitusAsk["kind"], page: 0 })}
          className="control w-auto min-w-0 flex-1 py-0.5 text-[0.8125rem] sm:flex-none"
        >
          <option value="all">{t("allKinds")}</option>
          {citusKinds
            .filter((kind) => kinds[kind] !== undefined)
            .map((kind) => (
              <option key={kind} value={kind}>
                {t("kindCount", { kind: t(`kinds.${kind}`), count: kinds[kind] ?? 0 })}
              </option>
            ))}
        </select>
        <select
          aria-label={t("sort")}
          value={ask.sort}
          onChange={(event) => onAsk({ ...ask, sort: event.target.value as CitusAsk["sort"], page: 0 })}
          className="control w-auto min-w-0 flex-1 py-0.5 text-[0.8125rem] sm:flex-none"
        >
          {citusSorts.map((sort) => (
            <option key={sort} value={sort}>
              {t(`sorts.${sort}`)}
            </option>
          ))}
        </select>
      </div>
      {rows.length === 0 ? (
        <p className="mt-2 text-[0.8125rem] text-muted">{t("noMatch")}</p>
      ) : (
        <Rows rows={rows} label={t("title", { count: all })} />
      )}
      <Pages matching={matching} ask={ask} onAsk={onAsk} />
    </section>
  );
}

function Rows({ rows, label }: { readonly rows: readonly CitusTable[]; readonly label: string }) {
  const t = useTranslations("citus.tables");
  const size = useByteSize();
  return (
    <WideBox label={label}>
      <table aria-label={label} className="w-full min-w-[36rem] text-left text-[0.8125rem]">
        <thead className="text-muted text-xs">
          <tr className="border-line border-b [&>th]:py-1 [&>th]:pr-4 [&>th]:font-medium">
            <th scope="col">{t("name")}</th>
            <th scope="col">{t("kind")}</th>
            <th scope="col">{t("column")}</th>
            <th scope="col" className="text-right">
              {t("shards")}
            </th>
            <th scope="col" className="text-right">
              {t("size")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((table) => (
            <tr
              key={`${table.schema}.${table.name}`}
              className="border-line border-b last:border-b-0 [&>td]:py-1.5 [&>td]:pr-4 [&>th]:py-1.5 [&>th]:pr-4"
            >
              <th scope="row" className="font-normal [overflow-wrap:anywhere]">
                <span className="text-muted">
                  <CellText text={`${table.schema}.`} />
                </span>
                <CellText text={table.name} />{" "}
                {table.isPartition && <Badge className="ml-2">{t("partition")}</Badge>}
              </th>
              <td className="whitespace-nowrap" title={t(`meanings.${table.kind}`)}>
                {t(`kinds.${table.kind}`)}
              </td>
              <td className="[overflow-wrap:anywhere]">
                {table.distributionColumn === null ? (
                  <span className="text-muted">{t("noColumn")}</span>
                ) : (
                  <CellText text={table.distributionColumn} />
                )}
              </td>
              <td className="text-right tabular-nums">{table.shards}</td>
              <td className="whitespace-nowrap text-right tabular-nums">
                {size(table.size) ?? <span className="text-muted">{t("notTold")}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideBox>
  );
}

interface PagesProps extends Omit<Props, "tables"> {
  readonly matching: CitusTables["matching"];
}

function Pages({ matching, ask, onAsk }: PagesProps) {
  const t = useTranslations("citus.tables");
  const last = Math.max(0, Math.ceil(matching / citusPageSize) - 1);
  if (last === 0) return null;
  const { page } = ask;
  return (
    <nav aria-label={t("pages")} className="mt-2 flex items-center gap-2 text-[0.8125rem]">
      <p className="mr-auto text-muted tabular-nums">
        {t("shown", {
          from: page * citusPageSize + 1,
          to: Math.min(matching, (page + 1) * citusPageSize),
          count: matching,
        })}
      </p>
      <Button size="sm" disabled={page === 0} onClick={() => onAsk({ ...ask, page: page - 1 })}>
        {t("previous")}
      </Button>
      <Button size="sm" disabled={page >= last} onClick={() => onAsk({ ...ask, page: page + 1 })}>
        {t("next")}
      </Button>
    </nav>
  );
}
