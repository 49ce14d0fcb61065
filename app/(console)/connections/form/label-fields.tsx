"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { FieldFrame, TextField } from "#components/ui/field.tsx";
import { longestLabel, mostTags, sameLabel } from "#lib/saved/label-limits.ts";
import { type Labels, spelling } from "./use-labels.ts";

/** Where the connection belongs in the list: a group, and tags; what is there already is offered. */
export function LabelFields({ labels: { group, tags, known, set } }: { readonly labels: Labels }) {
  const t = useTranslations("form.belongs");
  const id = useId();
  const [text, setText] = useState("");

  /** Takes what is written, up to the last comma or whole. */
  function take(written: string): void {
    const names = written.split(",").map((name) => spelling(name, [...tags, ...known.tags]));
    const added = names.filter(
      (name, at) =>
        name !== "" && !tags.includes(name) && names.findIndex((other) => sameLabel(other, name)) === at,
    );
    if (added.length > 0) set({ tags: [...tags, ...added].slice(0, mostTags) });
    setText("");
  }

  return (
    <>
      <TextField
        className="col-span-6 sm:col-span-3"
        label={t("group")}
        value={group}
        maxLength={longestLabel}
        list={`${id}-groups`}
        autoComplete="off"
        onChange={({ target }) => set({ group: target.value })}
      />
      <Known id={`${id}-groups`} names={known.groups} />
      <FieldFrame className="col-span-6 sm:col-span-3" label={t("tags")}>
        {(ties) => (
          <div className="control flex flex-wrap items-center gap-1 py-1 has-[input:focus-visible]:border-accent has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-accent">
            {tags.map((tag) => (
              <span
                key={tag}
                className="inline-flex min-h-6 max-w-full items-center gap-0.5 rounded-sm bg-accent-soft pl-1.5 text-[0.8125rem]"
              >
                <span className="min-w-0 break-words">{tag}</span>
                <button
                  type="button"
                  aria-label={t("remove", { tag })}
                  onClick={() => set({ tags: tags.filter((other) => other !== tag) })}
                  className="grid size-6 shrink-0 place-items-center rounded-sm text-muted hover:text-ink"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              </span>
            ))}
            <input
              {...ties}
              value={text}
              maxLength={longestLabel}
              list={`${id}-tags`}
              autoComplete="off"
              placeholder={tags.length === 0 ? t("tagsHint") : undefined}
              onChange={({ target, nativeEvent }) => {
                // A choice from the list comes whole, and not letter by letter.
                const isChosen =
                  !("inputType" in nativeEvent) || nativeEvent.inputType === "insertReplacementText";
                if (target.value.includes(",") || (isChosen && known.tags.includes(target.value)))
                  take(target.value);
                else setText(target.value);
              }}
              onBlur={() => take(text)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && text.trim() !== "") {
                  // In a field of the form it would try the connection.
                  event.preventDefault();
                  take(text);
                }
                if (event.key === "Backspace" && text === "") set({ tags: tags.slice(0, -1) });
              }}
              className="min-h-6 min-w-24 flex-1 bg-transparent outline-none"
            />
          </div>
        )}
      </FieldFrame>
      <Known id={`${id}-tags`} names={known.tags.filter((tag) => !tags.includes(tag))} />
    </>
  );
}

function Known({ id, names }: { readonly id: string; readonly names: readonly string[] }) {
  return (
    <datalist id={id}>
      {names.map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}
