"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, type RefObject, Suspense, useEffect, useId, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { FieldError } from "#components/ui/field.tsx";
import type { Filter } from "#lib/browse/ask.ts";
import type { PageTrouble } from "#lib/browse/shapes.ts";
import type { TableView } from "../place.ts";

/** Loaded when a filter is added or changed. */
const FilterForm = lazy(async () => ({ default: (await import("./filter-form.tsx")).FilterForm }));

interface Props {
  readonly view: TableView;
  /** Names of the columns; undefined until they are known: the expression can be written before. */
  readonly columns: readonly string[] | undefined;
  /** What the server said of a filter. */
  readonly trouble: PageTrouble | undefined;
  /** The expression came with a link: it is shown, and waits. */
  readonly held: boolean;
  readonly onChange: (filters: readonly Filter[], where: string) => void;
  readonly whereBox: RefObject<HTMLInputElement | null>;
}

/** Which rows are shown: chips of a column, an operator and a value, and one expression of the person's own. */
export function FilterBar({ view, columns, trouble, held, onChange, whereBox }: Props) {
  const t = useTranslations("browse.filter");
  const { filters } = view;
  const id = useId();
  const [edited, setEdited] = useState<number>();
  const [where, setWhere] = useState(view.where);
  useEffect(() => setWhere(view.where), [view.where]);
  const failed = trouble?.filter;

  function replace(index: number, ...by: readonly Filter[]): void {
    setEdited(undefined);
    onChange([...filters.slice(0, index), ...by, ...filters.slice(index + 1)], view.where);
  }

  return (
    <section
      aria-label={t("label")}
      className="flex flex-col gap-1.5 border-line border-b px-2 py-1.5 text-[0.8125rem]"
    >
      <div className="flex flex-wrap items-center gap-1.5">
        {filters.map((filter, index) => (
          <Chip
            // biome-ignore lint/suspicious/noArrayIndexKey: the same filter may stand there twice
            key={index}
            filter={filter}
            failed={failed === index}
            onEdit={() => setEdited(index)}
            onRemove={() => replace(index)}
          />
        ))}
        <Button
          size="sm"
          look="quiet"
          disabled={columns === undefined}
          aria-expanded={edited === filters.length}
          onClick={() => setEdited(filters.length)}
        >
          <Plus aria-hidden className="size-3.5" />
          {t("add")}
        </Button>
        <form
          className="flex min-w-48 flex-1 items-center gap-1.5"
          onSubmit={(event) => {
            event.preventDefault();
            onChange(filters, where.trim());
          }}
        >
          <label htmlFor={`${id}-where`} className="font-mono text-muted text-xs">
            WHERE
          </label>
          <input
            ref={whereBox}
            id={`${id}-where`}
            value={where}
            onChange={(event) => setWhere(event.target.value)}
            {...(failed === "where" && { "aria-invalid": true, "aria-describedby": `${id}-trouble` })}
            placeholder={t("wherePlaceholder")}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-keyshortcuts="Control+F"
            className="control min-w-0 flex-1 py-0.5 font-mono text-xs"
          />
          {(where.trim() !== view.where || held) && (
            <Button type="submit" size="sm" look={held ? "primary" : "secondary"}>
              {t("apply")}
            </Button>
          )}
        </form>
      </div>
      {held && <p className="text-warn text-xs">{t("held")}</p>}
      {failed !== undefined && failed !== null && (
        <FieldError id={`${id}-trouble`}>
          <CellText text={trouble?.message ?? ""} lines />{" "}
          <span className="font-mono">{trouble?.sqlstate}</span>
        </FieldError>
      )}
      {edited !== undefined && columns !== undefined && (
        <Suspense fallback={null}>
          <FilterForm
            key={edited}
            columns={columns}
            filter={filters[edited]}
            onSave={(filter) => replace(edited, filter)}
            onLeave={() => setEdited(undefined)}
          />
        </Suspense>
      )}
    </section>
  );
}

interface ChipProps {
  readonly filter: Filter;
  readonly failed: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function Chip({ filter: { column, operator, value }, failed, onEdit, onRemove }: ChipProps) {
  const t = useTranslations("browse.filter");
  const words = t(`operators.${operator}`);
  const given = value === undefined ? "" : value === "" ? "''" : value.split("\n").join(", ");
  return (
    <span
      className={classes(
        "inline-flex max-w-full items-center rounded-md border",
        failed ? "border-danger bg-danger-soft" : "border-accent/30 bg-accent-soft",
      )}
    >
      <button
        type="button"
        onClick={onEdit}
        title={t("edit")}
        className="min-w-0 truncate rounded-l-md py-0.5 pl-2"
      >
        <span className="font-medium">
          <CellText text={column} />
        </span>{" "}
        <span className="text-muted">{words}</span>{" "}
        <span className="font-mono text-xs">
          <CellText text={given.slice(0, 80)} />
        </span>
      </button>
      <button
        type="button"
        aria-label={t("remove", { column })}
        onClick={onRemove}
        className="rounded-r-md p-1.5 text-muted hover:text-ink"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}
