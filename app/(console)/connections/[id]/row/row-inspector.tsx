"use client";

import { ArrowRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { ReferenceFacts } from "#lib/browse/shapes.ts";
import { type Target, targetOf } from "../table/targets.ts";
import type { InspectedRow } from "./inspected-row.ts";
import { RowValues } from "./row-values.tsx";

interface Props {
  readonly row: InspectedRow | undefined;
  readonly onGo: (target: Target) => void;
}

/** The row of the active cell: all its columns, what it refers to and what refers to it. */
export function RowInspector({ row, onGo }: Props) {
  const t = useTranslations("browse.row");
  const tls = useTranslations("session.tls");
  if (row === undefined) return <p className="p-3 text-[0.8125rem] text-muted">{t("none")}</p>;
  const { columns, values, cut, references, referencedBy } = row;
  const hasCut = (cut?.size ?? 0) > 0;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="min-h-0 flex-1 overflow-y-auto px-3 py-1.5">
        {row.form ?? <RowValues columns={columns} values={values} cut={cut} onOpen={row.onOpen} />}
        <Links title={t("references")} links={linksOf(references)} onGo={onGo} />
        <Links title={t("referencedBy")} links={linksOf(referencedBy)} onGo={onGo} />
      </div>
      <div className="border-line border-t px-2 py-1">
        {hasCut ? (
          <p className="px-1 py-1 text-muted text-xs">{t("copyCut")}</p>
        ) : (
          <CopyButton
            text={() =>
              asJson(
                columns.map(({ name }) => name),
                values,
              )
            }
            label={t("copyJson")}
            copiedLabel={tls("copied")}
            failedLabel={tls("copyFailed")}
          />
        )}
      </div>
    </div>
  );

  function linksOf(given: readonly ReferenceFacts[]) {
    return given.flatMap((reference) => {
      const target = targetOf(reference, columns, values);
      return target === undefined
        ? []
        : [{ key: `${reference.schema}.${reference.table}.${reference.name}`, target }];
    });
  }
}

interface LinksProps {
  readonly title: string;
  readonly links: readonly { readonly key: string; readonly target: Target }[];
  readonly onGo: (target: Target) => void;
}

function Links({ title, links, onGo }: LinksProps) {
  if (links.length === 0) return null;
  return (
    <section className="mt-3">
      <h3 className="text-muted text-xs">{title}</h3>
      <ul>
        {links.map(({ key, target }) => (
          <li key={key}>
            <button
              type="button"
              onClick={() => onGo(target)}
              className="flex min-h-7 w-full min-w-0 items-center gap-1 text-left text-[0.8125rem] text-accent"
            >
              <span className="truncate">
                <CellText text={`${target.table} (${target.filters.map(({ value }) => value).join(", ")})`} />
              </span>
              <ArrowRight aria-hidden className="size-3.5 shrink-0" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Written pair by pair, in the order of the columns; values are the server's own text. */
function asJson(names: readonly string[], values: readonly (string | null)[]): string {
  const pairs = names.map(
    (name, index) => `  ${JSON.stringify(name)}: ${JSON.stringify(values[index] ?? null)}`,
  );
  return `{\n${pairs.join(",\n")}\n}`;
}
