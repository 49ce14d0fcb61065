"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, type RefObject, useEffect, useId, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { FieldError } from "#components/ui/field.tsx";
import type { Filter, FilterOperator } from "#lib/browse/ask.ts";
import type { PageTrouble } from "#lib/browse/shapes.ts";
import { operators, type TableView } from "../place.ts";

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
        <FilterForm
          key={edited}
          columns={columns}
          filter={filters[edited]}
          onSave={(filter) => replace(edited, filter)}
          onLeave={() => setEdited(undefined)}
        />
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

interface FormProps {
  readonly columns: readonly string[];
  readonly filter: Filter | undefined;
  readonly onSave: (filter: Filter) => void;
  readonly onLeave: () => void;
}

function FilterForm({ columns, filter, onSave, onLeave }: FormProps) {
  const t = useTranslations("browse.filter");
  const [column, setColumn] = useState(filter?.column ?? columns[0] ?? "");
  const [operator, setOperator] = useState<FilterOperator>(filter?.operator ?? "=");
  const [value, setValue] = useState(filter?.value ?? "");
  const takesValue = operators[operator];
  const look = "control min-w-0 py-0.5 text-[0.8125rem]";

  function submit(event: FormEvent): void {
    event.preventDefault();
    onSave({ column, operator, ...(takesValue && { value }) });
  }

  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape") onLeave();
      }}
      className="flex flex-wrap items-start gap-1.5"
    >
      <select
        // biome-ignore lint/a11y/noAutofocus: the person has just asked for this form
        autoFocus
        aria-label={t("column")}
        value={column}
        onChange={(event) => setColumn(event.target.value)}
        className={classes(look, "w-44 max-w-full")}
      >
        {columns.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select
        aria-label={t("operator")}
        value={operator}
        onChange={(event) => setOperator(event.target.value as FilterOperator)}
        className={classes(look, "w-36 max-w-full")}
      >
        {Object.keys(operators).map((one) => (
          <option key={one} value={one}>
            {t(`operators.${one as FilterOperator}`)}
          </option>
        ))}
      </select>
      {takesValue &&
        (operator === "in" ? (
          <textarea
            aria-label={t("values")}
            placeholder={t("values")}
            rows={3}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            className={classes(look, "w-52 max-w-full flex-1 font-mono")}
          />
        ) : (
          <input
            aria-label={t("value")}
            placeholder={t("value")}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            className={classes(look, "w-52 max-w-full flex-1 font-mono")}
          />
        ))}
      <Button type="submit" size="sm" look="primary">
        {t("apply")}
      </Button>
      <Button size="sm" look="quiet" onClick={onLeave}>
        {t("leave")}
      </Button>
    </form>
  );
}
