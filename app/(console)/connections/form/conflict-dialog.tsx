"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { ProfileView } from "#lib/profiles/view.ts";
import { type FormChange, type FormValues, secretFields } from "#lib/settings/form-values.ts";
import { type FieldName, useFieldChanges } from "./field-changes.ts";

interface Props {
  /** What the form was loaded with. */
  readonly base: ProfileView;
  readonly mine: FormValues;
  readonly theirs: ProfileView;
  /** Saves these values over their revision. */
  readonly onSave: (values: FormValues) => void;
  readonly onClose: () => void;
}

type Side = "mine" | "theirs";

/** Two people edited the same connection: both versions side by side, a choice for each field. */
export function ConflictDialog({ base, mine, theirs, onSave, onClose }: Props) {
  const t = useTranslations("form.conflict");
  const { label, value } = useFieldChanges();
  const fields = differing(mine, theirs.values);
  const [chosen, setChosen] = useState(() => usualChoice(fields, base.values, mine));
  const secrets = secretFields.filter(
    (field) => mine.secretActs[field] !== "keep" || base.stored[field] !== theirs.stored[field],
  );
  const side = (field: FieldName) => chosen[field] ?? "mine";

  return (
    <Dialog
      open
      wide
      title={t("title")}
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button onClick={() => onSave(withEmptySecrets(theirs.values))}>{t("takeTheirs")}</Button>
          <Button onClick={() => onSave(mine)}>{t("keepMine")}</Button>
          <Button look="primary" onClick={() => onSave(merged(mine, theirs.values, fields, chosen))}>
            {t("save")}
          </Button>
        </>
      }
    >
      <p className="text-muted">{t("body")}</p>
      {fields.length === 0 && secrets.length === 0 && <p className="mt-3">{t("same")}</p>}
      <table className="mt-3 w-full table-fixed text-left text-[0.8125rem]">
        <thead className="text-xs text-muted">
          <tr className="border-b border-line">
            <th className="w-1/4 py-1.5 pr-3 font-medium">{t("field")}</th>
            <th className="py-1.5 pr-3 font-medium">{t("mine")}</th>
            <th className="py-1.5 font-medium">{t("theirs")}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field} className="border-b border-line align-top">
              <th scope="row" className="py-2 pr-3 font-medium">
                {label(field)}
              </th>
              {(["mine", "theirs"] as const).map((which) => (
                <td key={which} className="py-2 pr-3">
                  <label className="flex items-start gap-2">
                    <input
                      type="radio"
                      name={`conflict-${field}`}
                      aria-label={`${label(field)}: ${t(which)}`}
                      checked={side(field) === which}
                      onChange={() => setChosen({ ...chosen, [field]: which })}
                      className="mt-1 shrink-0 accent-accent"
                    />
                    <span className="min-w-0 break-words">
                      {value(field, which === "mine" ? mine : theirs.values)}
                    </span>
                  </label>
                </td>
              ))}
            </tr>
          ))}
          {secrets.map((field) => (
            <tr key={field} className="border-b border-line align-top text-muted">
              <th scope="row" className="py-2 pr-3 font-medium">
                {label(field)}
              </th>
              <td className="py-2 pr-3">{t(actWords[mine.secretActs[field]])}</td>
              <td className="py-2">{t(theirs.stored[field] ? "secretStored" : "secretNone")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}

const actWords = {
  keep: "secretUnchanged",
  replace: "secretReplaced",
  remove: "secretRemoved",
} as const;

function differing(mine: FormValues, theirs: FormValues): readonly FieldName[] {
  const secret = new Set<string>(secretFields);
  return (Object.keys(mine) as (keyof FormValues)[]).filter(
    (field): field is FieldName =>
      field !== "secretActs" && !secret.has(field) && mine[field] !== theirs[field],
  );
}

/** What only they changed is taken from them; what I changed is mine. */
function usualChoice(
  fields: readonly FieldName[],
  base: FormValues,
  mine: FormValues,
): Partial<Record<FieldName, Side>> {
  return Object.fromEntries(fields.map((field) => [field, mine[field] === base[field] ? "theirs" : "mine"]));
}

function merged(
  mine: FormValues,
  theirs: FormValues,
  fields: readonly FieldName[],
  chosen: Partial<Record<FieldName, Side>>,
): FormValues {
  const taken: FormChange = Object.fromEntries(
    fields.filter((field) => chosen[field] === "theirs").map((field) => [field, theirs[field]]),
  );
  return { ...mine, ...taken };
}

function withEmptySecrets(values: FormValues): FormValues {
  return {
    ...values,
    password: "",
    clientKey: "",
    keyPassphrase: "",
    tokenSecret: "",
    secretActs: { password: "keep", clientKey: "keep", keyPassphrase: "keep", tokenSecret: "keep" },
  };
}
