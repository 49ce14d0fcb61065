"use client";

import { useTranslations } from "next-intl";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useController, useFormContext, useWatch } from "react-hook-form";
import { Button } from "#components/ui/button.tsx";
import { FieldFrame } from "#components/ui/field.tsx";
import { type SecretAct, SecretField } from "#components/ui/secret-field.tsx";
import type { FormValues, SecretField as SecretName } from "#lib/settings/form-values.ts";
import { useFormSetting, useTrouble } from "./form-setting.tsx";

const HiddenSigns = lazy(async () => ({ default: (await import("./hidden-signs.tsx")).HiddenSigns }));

interface Props {
  readonly name: Exclude<SecretName, "clientKey">;
  readonly hint?: ReactNode;
  /** A mistake that was found elsewhere than in the form's own checks. */
  readonly trouble?: { readonly error?: string; readonly problem?: string };
}

/** A password or passphrase: typed anew, or stored with "Replace" and "Remove". */
export function SecretInput({ name, hint, trouble: given }: Props) {
  const t = useTranslations("form");
  const own = useTrouble(name);
  const trouble = own.error === undefined ? (given ?? own) : own;
  return (
    <StoredSecret name={name} {...trouble}>
      {(aside) => (
        <HiddenInput
          name={name}
          label={t(`labels.${name}`)}
          aside={aside}
          {...trouble}
          {...(hint !== undefined && { hint })}
        />
      )}
    </StoredSecret>
  );
}

interface StoredSecretProps {
  readonly name: SecretName;
  readonly error?: string;
  readonly problem?: string;
  readonly className?: string;
  readonly children: (aside: ReactNode) => ReactNode;
}

/** The stored state around any secret's control. */
export function StoredSecret({ name, error, problem, className, children }: StoredSecretProps) {
  const t = useTranslations("form");
  const { control, setValue } = useFormContext<FormValues>();
  const { stored } = useFormSetting();
  const { field } = useController({ control, name: `secretActs.${name}` });
  return (
    <SecretField
      label={t(`labels.${name}`)}
      stored={stored[name]}
      act={field.value}
      onAct={(act: SecretAct) => {
        field.onChange(act);
        if (act !== "replace") setValue(name, "", { shouldDirty: true, shouldValidate: true });
      }}
      texts={{
        stored: t("secret.stored"),
        replace: t("secret.replace"),
        remove: t("secret.remove"),
        removed: t("secret.removed"),
        undo: t("secret.undo"),
      }}
      {...(error !== undefined && { error, problem })}
      {...(className && { className })}
    >
      {children}
    </SecretField>
  );
}

interface HiddenInputProps {
  readonly name: Exclude<SecretName, "clientKey">;
  readonly label: string;
  readonly aside: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string;
  readonly problem?: string;
}

function HiddenInput({ name, label, aside, hint, error, problem }: HiddenInputProps) {
  const t = useTranslations("form.secret");
  const { control, register } = useFormContext<FormValues>();
  const value = useWatch({ control, name });
  const [visible, setVisible] = useState(false);
  return (
    <FieldFrame label={label} aside={aside} {...(hint !== undefined && { hint })} {...{ error, problem }}>
      {(ties) => (
        <>
          <div className="relative">
            <input
              type={visible ? "text" : "password"}
              autoComplete="new-password"
              autoCapitalize="none"
              autoCorrect="off"
              spellCheck={false}
              {...register(name)}
              {...ties}
              className="control pr-16"
            />
            <Button
              look="quiet"
              size="sm"
              aria-controls={ties.id}
              aria-pressed={visible}
              onClick={() => setVisible(!visible)}
              className="absolute inset-y-0 right-1 my-auto"
            >
              {visible ? t("hide") : t("show")}
            </Button>
          </div>
          {/\p{Cf}/u.test(value) && (
            <Suspense fallback={null}>
              <HiddenSigns name={name} value={value} />
            </Suspense>
          )}
        </>
      )}
    </FieldFrame>
  );
}
