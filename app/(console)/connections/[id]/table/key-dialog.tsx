"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";

interface Props {
  readonly open: boolean;
  /** The columns of the key. */
  readonly columns: readonly string[];
  readonly onGo: (values: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Asks for a key: the page begins with its row, or with the next one. */
export function KeyDialog({ open, columns, onGo, onClose }: Props) {
  const t = useTranslations("browse.key");
  const id = useId();
  const [values, setValues] = useState<readonly string[]>([]);
  return (
    <Dialog
      open={open}
      title={t("title")}
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            {t("leave")}
          </Button>
          <Button type="submit" form={id} look="primary">
            {t("go")}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          onGo(columns.map((_, index) => values[index] ?? ""));
        }}
      >
        {columns.map((column, index) => (
          <TextField
            key={column}
            label={column}
            mono
            autoFocus={index === 0}
            required
            value={values[index] ?? ""}
            onChange={({ target }) =>
              setValues((before) =>
                columns.map((_, at) => (at === index ? target.value : (before[at] ?? ""))),
              )
            }
          />
        ))}
        <p className="text-muted text-xs">{t("hint")}</p>
      </form>
    </Dialog>
  );
}
