"use client";

import { useTranslations } from "next-intl";
import { useFormContext, useWatch } from "react-hook-form";
import { Button } from "#components/ui/button.tsx";
import { ChooseFileButton } from "#components/ui/choose-file-button.tsx";
import { type MaterialBox, materialBoxes } from "#lib/certificates/material-boxes.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { problemWords, type Translate } from "#lib/problems/words.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { isLibpqNote, type StringNote } from "#lib/strings/libpq/libpq-parameters.ts";
import { type MendId, mendedString } from "#lib/strings/read/fixed-string.ts";
import { fileForBox } from "./ask-to-sort.ts";
import { useFormSetting } from "./form-setting.tsx";
import type { StringEdit } from "./string-edit.ts";

interface StringProblemProps {
  readonly problem: Problem;
  /** The string as it stands. */
  readonly text: string;
  readonly onFixed: (text: string) => void;
}

/** Why a string is not taken, in words. */
export function StringProblem({ problem, text, onFixed }: StringProblemProps) {
  const t = useTranslations();
  const strings = useTranslations("strings");
  const fix = fixOf(problem, text, strings);
  const words = problemWords(problem, t as unknown as Translate);
  return (
    <>
      <strong className="font-medium">{words.title}</strong> {words.cause} {words.fix}
      {fix && (
        <Button size="sm" className="mt-1.5 block" onClick={() => onFixed(fix.text)}>
          {t("form.result.apply", { title: fix.label })}
        </Button>
      )}
    </>
  );
}

/** One click that puts a misspelt mode right, or a sign that is missing. */
function fixOf(
  problem: Problem,
  text: string,
  strings: ReturnType<typeof useTranslations<"strings">>,
): { readonly label: string; readonly text: string } | undefined {
  const whole = mendedString(text, problem);
  if (whole !== undefined) {
    return { label: strings(`fixes.${problem.facts.reason as MendId}`), text: whole };
  }
  const { value, nearest } = problem.facts;
  if (problem.code !== "string-sslmode-unknown" || typeof value !== "string" || typeof nearest !== "string") {
    return undefined;
  }
  const fixed = text.replace(/(sslmode\s*=\s*['"]?)([^&\s'"]*)/i, `$1${nearest}`);
  return { label: `sslmode=${nearest}`, text: fixed };
}

/** What the string said beside its values: each line once, in words. */
export function StringNotes({ edit }: { readonly edit: StringEdit }) {
  const t = useTranslations("form");
  const strings = useTranslations("strings");
  const { control, getValues, setValue } = useFormContext<FormValues>();
  const { prompts, setPrompts } = useFormSetting();
  const [mode, ssl] = useWatch({ control, name: ["mode", "ssl"] });
  if (!edit.parsed) return null;
  const { form, notes, unknown, paths } = edit.parsed;
  const facts = {
    mode: t(`modes.${ssl ? mode : "disable"}.title`),
    seconds: getValues("connectTimeout"),
  };
  const lines = [
    ...(form === "uri" || form === "keywords" ? [] : [strings("readAs", { form: strings(`forms.${form}`) })]),
    ...(edit.password === undefined ? [] : [t("string.passwordMoved")]),
    ...(edit.keyPassphrase === undefined ? [] : [t("string.passphraseMoved")]),
    ...(edit.clientKey === undefined ? [] : [strings("keyMoved")]),
    ...notes.map((note) => noteWords(note, { t, strings }, facts)),
    ...(unknown.length === 0 ? [] : [t("string.unknown", { list: unknown.map(asText).join(", ") })]),
    ...paths.filter(({ name }) => !(name in boxOf)).map(({ name }) => t("string.pathNoBox", { name })),
  ];
  const waiting = materialBoxes.filter((box) => prompts[box] !== undefined);
  if (lines.length === 0 && waiting.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 text-xs text-muted" aria-live="polite">
      {lines.map((line) => (
        <li key={line} className="break-words">
          {line}
        </li>
      ))}
      {waiting.map((box) => (
        <li key={box} className="flex flex-wrap items-center gap-2">
          {t("string.path", { name: parameterOf[box] })}
          <ChooseFileButton
            label={t("string.choose", { file: fileName(prompts[box] ?? "") })}
            onFiles={([file]) => {
              fileForBox(box, file).then((text) => {
                if (text === undefined) return;
                setValue(box, text, { shouldDirty: true, shouldValidate: true });
                setPrompts({ ...prompts, [box]: undefined });
              });
            }}
          />
        </li>
      ))}
    </ul>
  );
}

/** libpq's notes stand with the form's words, those of other clients' strings with their own. */
export function noteWords(
  note: StringNote,
  { t, strings }: NoteTranslations,
  facts: { readonly mode: string; readonly seconds: string },
): string {
  const { id } = note;
  return isLibpqNote(id)
    ? t(`string.notes.${id}`, facts)
    : strings(`notes.${id}`, { ...facts, ...note.facts });
}

interface NoteTranslations {
  readonly t: ReturnType<typeof useTranslations<"form">>;
  readonly strings: ReturnType<typeof useTranslations<"strings">>;
}

const parameterOf: Readonly<Record<MaterialBox, string>> = {
  ca: "sslrootcert",
  clientCertificate: "sslcert",
  clientKey: "sslkey",
  crl: "sslcrl",
};

const boxOf: Readonly<Record<string, true>> = Object.fromEntries(
  Object.values(parameterOf).map((name) => [name, true]),
);

function asText({ name, value }: { readonly name: string; readonly value: string }): string {
  return `${name}=${value}`;
}

function fileName(path: string): string {
  return path.split(/[\\/]/).pop() || path;
}
