"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Card } from "#components/ui/card.tsx";
import { TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { environments, type FormValues, isTokenSignIn, signIns } from "#lib/settings/form-values.ts";
import { useTrouble } from "./form-setting.tsx";
import { SecretInput } from "./secret-input.tsx";
import type { Labels } from "./use-labels.ts";

/** Only clouds' databases are signed in to with tokens. */
const TokenFields = lazy(async () => ({ default: (await import("./token-fields.tsx")).TokenFields }));

/** For whoever says where the connection belongs. */
const LabelFields = lazy(async () => ({ default: (await import("./label-fields.tsx")).LabelFields }));

/** Where the server is and who signs in; and where the connection belongs, for who can say so. */
export function ServerFields({ labels }: { readonly labels: Labels | undefined }) {
  const t = useTranslations("form");
  const { register, control } = useFormContext<FormValues>();
  const [signIn, host, user] = useWatch({ control, name: ["signIn", "host", "user"] });
  return (
    <Card title={t("sections.server")}>
      <div className="grid grid-cols-6 gap-x-3 gap-y-3 sm:gap-x-4">
        <TextField
          className="col-span-6 sm:col-span-4"
          label={t("labels.name")}
          placeholder={host === "" ? t("placeholders.name") : host}
          {...register("name")}
          {...useTrouble("name")}
        />
        <SelectField
          className="col-span-6 sm:col-span-2"
          label={t("labels.environment")}
          options={environments.map((value) => ({ value, label: t(`choices.environment.${value}`) }))}
          {...register("environment")}
          {...useTrouble("environment")}
        />
        <TextField
          className="col-span-4"
          label={t("labels.host")}
          placeholder={t("placeholders.host")}
          inputMode="url"
          {...register("host")}
          {...useTrouble("host")}
        />
        <TextField
          className="col-span-2"
          label={t("labels.port")}
          inputMode="numeric"
          {...register("port")}
          {...useTrouble("port")}
        />
        <TextField
          className="col-span-6 sm:col-span-3"
          label={t("labels.database")}
          placeholder={user}
          {...register("database")}
          {...useTrouble("database")}
        />
        <TextField
          className="col-span-6 sm:col-span-3"
          label={t("labels.user")}
          {...register("user")}
          {...useTrouble("user")}
        />
        <SelectField
          className="col-span-6 sm:col-span-3"
          label={t("labels.signIn")}
          options={signIns.map((value) => ({ value, label: t(`choices.signIn.${value}`) }))}
          {...(signIn === "certificate" && { hint: t("hints.signInCertificate") })}
          {...register("signIn")}
          {...useTrouble("signIn")}
        />
        {isTokenSignIn(signIn) && (
          <Suspense fallback={null}>
            <TokenFields />
          </Suspense>
        )}
        {signIn === "password" && (
          <div className="col-span-6 sm:col-span-3">
            <SecretInput name="password" />
          </div>
        )}
      </div>
      {labels !== undefined && <Belongs labels={labels} />}
    </Card>
  );
}

/** Most connections belong nowhere: closed it only tells where this one does. */
function Belongs({ labels }: { readonly labels: Labels }) {
  const t = useTranslations("form.belongs");
  const [wanted, setWanted] = useState(false);
  const now = [labels.group, ...labels.tags].filter((name) => name.trim() !== "");
  return (
    <details onToggle={({ currentTarget }) => currentTarget.open && setWanted(true)}>
      <summary className="w-fit max-w-full rounded-sm py-0.5 text-[0.8125rem]">
        <span className="font-medium">{t("title")}</span>{" "}
        <span className="text-muted [overflow-wrap:anywhere]">
          {now.length === 0 ? t("none") : now.join(" · ")}
        </span>
      </summary>
      <div className="mt-2 grid min-h-15 grid-cols-6 gap-x-3 gap-y-3 sm:gap-x-4">
        {wanted && (
          <Suspense fallback={null}>
            <LabelFields labels={labels} />
          </Suspense>
        )}
      </div>
    </details>
  );
}
