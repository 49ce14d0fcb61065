"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useId } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { ColumnFacts } from "#lib/browse/shapes.ts";

interface Props {
  readonly columns: readonly ColumnFacts[];
  readonly named: readonly string[];
  readonly onNamed: (columns: readonly string[]) => void;
  readonly onClose: () => void;
}

/** A view has no key of its own: the person says which columns tell its rows apart. */
export function NamedKeyDialog({ columns, named, onNamed, onClose }: Props) {
  const t = useTranslations("changes.named");
  const form = useId();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onNamed(new FormData(event.currentTarget).getAll("column").map(String));
  }
  return (
    <Dialog
      open
      title={t("title")}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("leave")}</Button>
          <Button type="submit" form={form} look="primary">
            {t("use")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-2 text-[0.8125rem]">
        <p className="text-muted">{t("lead")}</p>
        {columns.map(({ name, type }) => (
          <label key={name} className="flex min-h-7 items-center gap-2">
            <input type="checkbox" name="column" value={name} defaultChecked={named.includes(name)} />
            <CellText text={name} />
            <span className="text-muted text-xs">{type}</span>
          </label>
        ))}
      </form>
    </Dialog>
  );
}
