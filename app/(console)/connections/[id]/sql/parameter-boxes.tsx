"use client";

import { useTranslations } from "next-intl";
import { useId } from "react";

interface Props {
  /** The parameters that are asked for, in order; one at least. */
  readonly numbers: readonly number[];
  readonly values: ParameterValues;
  readonly onChange: (values: ParameterValues) => void;
  readonly onRun: () => void;
}

/** By number; null is SQL's NULL. */
export type ParameterValues = ReadonlyMap<number, string | null>;

/** A box for each `$n` of the statements: values are sent beside the statement, as the server's own input reads them. */
export function ParameterBoxes({ numbers, values, onChange, onRun }: Props) {
  const t = useTranslations("statements.parameters");
  const hint = useId();
  const set = (number: number, value: string | null) => onChange(new Map(values).set(number, value));
  return (
    <fieldset
      aria-describedby={hint}
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-t px-3 py-2"
    >
      <legend className="sr-only">{t("label")}</legend>
      {numbers.map((number) => {
        const value = values.get(number);
        const isNull = value === null;
        return (
          <div key={number} className="flex min-w-0 items-center gap-1.5">
            <label className="flex min-w-0 items-center gap-1.5 font-mono text-[0.8125rem]">
              <span aria-hidden>${number}</span>
              <input
                aria-label={t("value", { number })}
                value={value ?? ""}
                disabled={isNull}
                spellCheck={false}
                autoComplete="off"
                autoCapitalize="none"
                onChange={(event) => set(number, event.target.value)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter") return;
                  event.preventDefault();
                  onRun();
                }}
                className="control w-40 max-w-full py-0.5 font-mono text-[0.8125rem]"
              />
            </label>
            <label className="flex items-center gap-1 text-muted text-xs">
              <input
                type="checkbox"
                checked={isNull}
                aria-label={t("nullOf", { number })}
                onChange={(event) => set(number, event.target.checked ? null : "")}
              />
              {t("null")}
            </label>
          </div>
        );
      })}
      <p id={hint} className="text-muted text-xs">
        {t("hint")}
      </p>
    </fieldset>
  );
}
