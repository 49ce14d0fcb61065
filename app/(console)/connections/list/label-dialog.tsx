"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { longestLabel, mostTags, sameLabel } from "#lib/saved/label-limits.ts";
import type { LabelAsk } from "./list-actions.ts";
import { mostAtOnce } from "./list-choices.ts";
import type { RowView } from "./list-view.ts";

interface Props {
  readonly what: "group" | "tags";
  readonly rows: readonly RowView[];
  /** Names that are there already. */
  readonly known: readonly string[];
  readonly onClose: () => void;
  readonly onChange: (asks: readonly LabelAsk[]) => void;
}

/** Says where connections belong: a group, or their tags. */
export function LabelDialog(props: Props) {
  const t = useTranslations("list.labels");
  const { what, rows, onClose } = props;
  const id = useId();
  const title = t(`${what}.title`, { count: rows.length, name: rows[0]?.name ?? "" });
  const Fields = what === "group" ? GroupFields : TagFields;
  return (
    <Dialog
      open
      title={title}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button look="primary" type="submit" form={id}>
            {t(`${what}.save`)}
          </Button>
        </>
      }
    >
      <Fields {...props} formId={id} />
    </Dialog>
  );
}

type FieldsProps = Props & { readonly formId: string };

function GroupFields({ rows, known, formId, onChange, onClose }: FieldsProps) {
  const t = useTranslations("list.labels.group");
  const groups = new Set(rows.map(({ group }) => group));
  const now = groups.size === 1 ? ([...groups][0] ?? "") : "";
  const [text, setText] = useState(now);
  return (
    <form
      id={formId}
      onSubmit={(event) => {
        event.preventDefault();
        const name = text.trim();
        if (groups.size === 1 && name === now) onClose();
        else onChange(asksOf(rows, { group: name === "" ? null : spelling(name, known) }));
      }}
    >
      <label htmlFor={`${formId}-group`} className="font-medium text-fact">
        {t("label")}
      </label>
      <input
        id={`${formId}-group`}
        list={`${formId}-known`}
        value={text}
        maxLength={longestLabel}
        autoComplete="off"
        aria-describedby={`${formId}-hint`}
        onChange={(event) => setText(event.target.value)}
        className="control mt-1"
      />
      <datalist id={`${formId}-known`}>
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <p id={`${formId}-hint`} className="mt-1 text-fact text-muted">
        {t("hint")}
      </p>
    </form>
  );
}

/** Ticked: all of them have it. What some have and others have not stays so until it is touched. */
function TagFields({ rows, known, formId, onChange, onClose }: FieldsProps) {
  const t = useTranslations("list.labels.tags");
  const [added, setAdded] = useState<readonly string[]>([]);
  const [touched, setTouched] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [text, setText] = useState("");
  const have = (tag: string) => rows.filter(({ tags }) => tags.includes(tag)).length;
  const all = [...new Set([...rows.flatMap(({ tags }) => tags), ...known, ...added])];

  function taken(): ReadonlyMap<string, boolean> {
    const name = text.trim().replace(/ +/g, " ");
    if (name === "") return touched;
    const tag = spelling(name, all);
    if (!all.includes(tag)) setAdded([...added, tag]);
    setText("");
    const next = new Map(touched).set(tag, true);
    setTouched(next);
    return next;
  }

  return (
    <form
      id={formId}
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = taken();
        const addTags = [...wanted].flatMap(([tag, on]) => (on && have(tag) < rows.length ? [tag] : []));
        const removeTags = [...wanted].flatMap(([tag, on]) => (!on && have(tag) > 0 ? [tag] : []));
        if (addTags.length + removeTags.length === 0) onClose();
        else {
          onChange(
            asksOf(rows, {
              ...(addTags.length > 0 && { addTags }),
              ...(removeTags.length > 0 && { removeTags }),
            }),
          );
        }
      }}
    >
      <label htmlFor={`${formId}-tag`} className="font-medium text-fact">
        {t("label")}
      </label>
      <div className="mt-1 flex gap-2">
        <input
          id={`${formId}-tag`}
          value={text}
          maxLength={longestLabel}
          autoComplete="off"
          aria-describedby={`${formId}-hint`}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || text.trim() === "") return;
            event.preventDefault();
            taken();
          }}
          className="control min-w-0 flex-1"
        />
        <Button onClick={() => taken()}>{t("add")}</Button>
      </div>
      <p id={`${formId}-hint`} className="mt-1 text-fact text-muted">
        {t("hint", { most: mostTags })}
      </p>
      {all.length > 0 && (
        <fieldset className="mt-3">
          <legend className="sr-only">{t("all")}</legend>
          <div className="flex max-h-60 flex-wrap gap-1.5 overflow-y-auto p-0.5">
            {all.map((tag) => {
              const count = have(tag);
              const on = touched.get(tag) ?? count === rows.length;
              const some = touched.get(tag) === undefined && count > 0 && count < rows.length;
              return (
                <label
                  key={tag}
                  className="inline-flex min-h-8 max-w-full items-center gap-1.5 rounded-md border border-line px-2.5 has-checked:border-accent has-checked:bg-accent-soft pointer-coarse:min-h-11"
                >
                  <input
                    type="checkbox"
                    checked={on}
                    ref={(box) => {
                      if (box !== null) box.indeterminate = some;
                    }}
                    onChange={(event) => setTouched(new Map(touched).set(tag, event.target.checked))}
                    className="size-4 shrink-0 accent-accent"
                  />
                  <span className="min-w-0 break-words">{tag}</span>
                </label>
              );
            })}
          </div>
        </fieldset>
      )}
    </form>
  );
}

/** A name that is there already keeps its spelling. */
function spelling(name: string, known: readonly string[]): string {
  return known.find((one) => sameLabel(one, name)) ?? name;
}

function asksOf(rows: readonly RowView[], change: Omit<LabelAsk, "ids">): readonly LabelAsk[] {
  const asks: LabelAsk[] = [];
  for (let from = 0; from < rows.length; from += mostAtOnce) {
    asks.push({ ids: rows.slice(from, from + mostAtOnce).map(({ id }) => id), ...change });
  }
  return asks;
}
