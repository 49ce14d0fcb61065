"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useEffect, useEffectEvent, useRef, useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { TextAreaField } from "#components/ui/text-area-field.tsx";
import type { FormValues } from "#lib/settings/form-values.ts";
import { writeConnectionString } from "#lib/strings/write/write-connection-string.ts";
import { CopyFormAs } from "./copy-form-as.tsx";
import { useFormSetting } from "./form-setting.tsx";
import { textTaken } from "./given-text.ts";
import type { StringEdit } from "./string-edit.ts";
import { useSetSecret } from "./use-set-secret.ts";

const StringNotes = lazy(async () => ({ default: (await import("./string-notes.tsx")).StringNotes }));
const StringProblem = lazy(async () => ({ default: (await import("./string-notes.tsx")).StringProblem }));
const ImportOffer = lazy(async () => ({ default: (await import("./import-offer.tsx")).ImportOffer }));
// There is nothing to copy before there is a host.
const CopyButton = lazy(async () => ({
  default: (await import("#components/ui/copy-button.tsx")).CopyButton,
}));
const CopyWithPassword = lazy(async () => ({
  default: (await import("./copy-with-password.tsx")).CopyWithPassword,
}));

let reader: typeof import("./string-edit.ts") | undefined;

/** What reads a string; fetched with the first touch of the form. */
export async function loadStringReader(): Promise<typeof import("./string-edit.ts")> {
  reader ??= await import("./string-edit.ts");
  return reader;
}

/**
 * The one box that takes any written form. It shows the fields as a string with `sslmode` (C3) and never with the
 * password; while it is being typed in, it shows what is typed and the fields follow.
 */
export function ConnectionStringBox({
  given,
}: {
  /** What was pasted on another page: taken as if it were pasted here. */
  readonly given: string | undefined;
}) {
  const t = useTranslations("form");
  const strings = useTranslations("strings");
  const { control, getValues, setValue } = useFormContext<FormValues>();
  const { importAll, pieces, setPrompts, stringRead } = useFormSetting();
  const setSecret = useSetSecret();
  const values = useWatch({ control }) as FormValues;
  const [form, setForm] = useState<"uri" | "keywords">("uri");
  const written = writeConnectionString(values, { form });
  /** What is being typed; null while the box follows the fields. */
  const [draft, setDraft] = useState<string | null>(null);
  const [edit, setEdit] = useState<StringEdit>();
  const [several, setSeveral] = useState<StringEdit["several"]>();
  const shown = draft ?? written;
  const latest = useRef("");
  const place = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (draft === null) pieces.current.clear();
  }, [draft, pieces]);

  const begin = useEffectEvent(() => {
    if (given === undefined) return;
    textTaken();
    take(given, true);
    // Whoever pasted wants to know whether it works.
    place.current?.closest("form")?.querySelector<HTMLElement>("button[type=submit]")?.focus();
  });
  useEffect(() => begin(), []);

  function take(next: string, whole: boolean): void {
    setDraft(next);
    latest.current = next;
    if (next.trim() === "") {
      setEdit(undefined);
      return;
    }
    if (reader !== undefined) {
      apply(reader.stringEdit(shown, next), next, whole);
      return;
    }
    // The very first letters may come before the reader does.
    stringRead.current = loadStringReader().then(({ stringEdit }) => {
      if (latest.current === next) apply(stringEdit(shown, next), next, whole);
    });
  }

  function apply(made: StringEdit, next: string, whole: boolean): void {
    // A list to tick, and the text with its passwords leaves the box; the form's own connection stays as it is.
    if (whole && importAll !== undefined && made.several !== undefined) {
      setSeveral(made.several);
      setEdit(undefined);
      setDraft(null);
      return;
    }
    setSeveral(undefined);
    setEdit(made);
    for (const [name, value] of Object.entries(made.change)) {
      pieces.current.add(name as keyof FormValues);
      setValue(name as keyof FormValues, value, { shouldDirty: true, shouldValidate: true });
    }
    if (made.password !== undefined) setSecret("password", made.password);
    if (made.keyPassphrase !== undefined) setSecret("keyPassphrase", made.keyPassphrase);
    if (made.clientKey !== undefined) setSecret("clientKey", made.clientKey);
    if (made.parsed?.name !== undefined && getValues("name") === "") {
      setValue("name", made.parsed.name, { shouldDirty: true });
    }
    if (made.parsed) {
      setForm(made.parsed.form === "keywords" ? "keywords" : "uri");
      setPrompts(made.prompts);
    }
    // A string that names no host yet could not be written back.
    const settled = whole && made.parsed !== undefined && getValues("host") !== "";
    if (settled) pieces.current.clear();
    setDraft(settled ? null : next);
  }

  /** Back to showing the fields, unless what was typed could not be read. */
  function follow(): void {
    const readable = draft?.trim() === "" || edit?.parsed !== undefined;
    if (readable && written !== "") setDraft(null);
  }

  return (
    <div ref={place} className="flex flex-col gap-2">
      <TextAreaField
        label={t("labels.connectionString")}
        mono
        rows={2}
        value={shown}
        placeholder={strings("placeholder")}
        hint={strings("hint")}
        aside={<CopyString written={written} form={form} />}
        onChange={(event) => take(event.target.value, isWhole(shown, event.target.value))}
        onBlur={follow}
        onKeyDown={(event) => {
          // A string has no second line worth typing: Enter ends it.
          if (event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          follow();
        }}
        {...(edit?.problem && {
          error: (
            <Suspense fallback={null}>
              <StringProblem problem={edit.problem} text={shown} onFixed={(fixed) => take(fixed, true)} />
            </Suspense>
          ),
          problem: edit.problem.code,
        })}
      />
      {several !== undefined && importAll !== undefined && (
        <Suspense fallback={null}>
          <ImportOffer connections={several} save={importAll} />
        </Suspense>
      )}
      {edit?.parsed && (
        <Suspense fallback={null}>
          <StringNotes edit={edit} />
        </Suspense>
      )}
    </div>
  );
}

/** Pasted, dropped or filled in at once: more than one letter more. */
function isWhole(before: string, next: string): boolean {
  return next.length - before.length > 1;
}

/** The string as it stands, for the clipboard; with the password only after a question. */
function CopyString({ written, form }: { readonly written: string; readonly form: "uri" | "keywords" }) {
  const t = useTranslations("form.string");
  const { control } = useFormContext<FormValues>();
  const password = useWatch({ control, name: "password" });
  if (written === "") return null;
  return (
    <span className="-my-1 -mr-2.5 flex flex-wrap gap-1">
      <Suspense fallback={null}>
        <CopyButton
          text={() => written}
          label={t("copy")}
          copiedLabel={t("copied")}
          failedLabel={t("copyFailed")}
        />
        {password !== "" && <CopyWithPassword form={form} />}
        <CopyFormAs />
      </Suspense>
    </span>
  );
}
