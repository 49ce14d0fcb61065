"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import type { Filter, FilterOperator } from "#lib/browse/ask.ts";
import { operators } from "../place.ts";

interface Props {
  readonly columns: readonly string[];
  readonly filter: Filter | undefined;
  readonly onSave: (filter: Filter) => void;
  readonly onLeave: () => void;
}

/** One filter: a column, an operator, a value. */
export function FilterForm({ columns, filter, onSave, onLeave }: Props) {
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
