import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { FieldErrors, UseFormReturn } from "react-hook-form";
import type { FieldMessage, FieldProblems } from "#lib/problems/field-messages.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { StoredSecrets } from "#lib/profiles/form-schema.ts";
import { type FormValues, secretFields } from "#lib/settings/form-values.ts";
import type { FieldMistake } from "./field-mistake.ts";
import { type FormSetting, type Mistake, messageOf, mistakeOf, useFieldWords } from "./form-setting.tsx";

type FieldName = keyof FormValues;

export interface FormProblems {
  /** What the server found, by field. */
  readonly serverProblems: FormSetting["serverProblems"];
  /** What keeps the form from being used, where it can be stepped through. */
  readonly mistakes: readonly FieldMistake[];
  /** Takes what the server found wrong. */
  readonly land: (problems: FieldProblems) => void;
  /** Takes what the schema found wrong. */
  readonly landErrors: (errors: FieldErrors<FormValues>) => void;
  /** Shows one mistake of a field that the schema does not know. */
  readonly tell: (field: FieldName, message: FieldMessage) => void;
  readonly clear: () => void;
}

/**
 * The problems of the fields, wherever they were found: on their fields, and in the result.
 *
 * @param onShow told of the fields, before their problems are in sight
 */
export function useFormProblems(
  form: UseFormReturn<FormValues>,
  stored: StoredSecrets,
  onShow: (fields: readonly FieldName[]) => void,
): FormProblems {
  const t = useTranslations("form");
  const say = useFieldWords();
  const [serverProblems, setServerProblems] = useState<FormSetting["serverProblems"]>({});
  const [mistakes, setMistakes] = useState<readonly FieldMistake[]>([]);

  const [wanted, setWanted] = useState<{ readonly field: FieldName }>();
  const { setFocus } = form;
  // Only now is its box there to be typed in.
  useEffect(() => {
    if (wanted !== undefined) setFocus(wanted.field);
  }, [wanted, setFocus]);

  function land(problems: FieldProblems): void {
    const found = Object.entries(problems.fields) as [FieldName, Problem][];
    setServerProblems(problems.fields);
    for (const [field, problem] of found) {
      // A stored secret that must be given again is a field to type in, not a mark to look at.
      const secret = secretFields.find((name) => name === field);
      if (secret !== undefined && stored[secret] && problem.facts.reason === "secret-again") {
        form.setValue(`secretActs.${secret}`, "replace", { shouldDirty: true });
      }
      form.setError(field, { type: "server", message: messageOf(problem) });
    }
    const again = found.find(([, problem]) => messageOf(problem) === "secret-again");
    if (again !== undefined) setWanted({ field: again[0] });
    const whole: [FieldName, Problem][] = problems.form ? [["name", problems.form]] : [];
    show(
      (found.length > 0 ? found : whole).map(([field, problem]) => [
        field,
        { code: problem.code, message: messageOf(problem), facts: problem.facts },
      ]),
    );
  }

  function landErrors(errors: FieldErrors<FormValues>): void {
    show(
      Object.entries(errors).flatMap(([name, error]): [FieldName, Mistake][] => {
        const field = name as FieldName;
        return typeof error?.message === "string"
          ? [[field, mistakeOf(field, error.message as FieldMessage, form.getValues())]]
          : [];
      }),
    );
  }

  function show(found: readonly [FieldName, Mistake][]): void {
    onShow(found.map(([field]) => field));
    setMistakes(
      found.map(([field, { code, message, facts }]) => ({
        field,
        label: field === "secretActs" ? t("labels.name") : t(`labels.${field}`),
        words: say(message, facts),
        code,
        message,
      })),
    );
  }

  return {
    serverProblems,
    mistakes,
    land,
    landErrors,
    tell: (field, message) => show([[field, mistakeOf(field, message, form.getValues())]]),
    clear: () => setMistakes([]),
  };
}
