"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { awsRegionOf } from "#lib/providers/aws-region.ts";
import { type FormValues, type TokenCredentials, tokenCredentials } from "#lib/settings/form-values.ts";
import { useTrouble } from "./form-setting.tsx";
import { SecretInput } from "./secret-input.tsx";

/** How the token is made that stands in for a password (D7); loaded when such a way to sign in is chosen. */
export function TokenFields() {
  const t = useTranslations("form");
  const { register, control, setValue } = useFormContext<FormValues>();
  const [signIn, credentials, host] = useWatch({ control, name: ["signIn", "tokenCredentials", "host"] });
  const isEntra = signIn === "entra-token";
  const sources = isEntra ? ofEntra : tokenCredentials;
  const known = sources.includes(credentials);
  const region = awsRegionOf(host);

  useEffect(() => {
    // Profiles and roles are AWS's: another way to sign in begins with the host's own credentials.
    if (!known) setValue("tokenCredentials", "default", { shouldDirty: true });
  }, [known, setValue]);

  return (
    <fieldset
      aria-label={t("token.label")}
      className="col-span-6 grid animate-appear grid-cols-6 items-start gap-x-3 gap-y-3 rounded-md bg-sunken p-3 sm:gap-x-4"
    >
      <p className="col-span-6 text-xs text-muted">{t("token.lead")}</p>
      {!isEntra && (
        <Line
          name="tokenRegion"
          placeholder={region ?? "eu-west-1"}
          hint={region === undefined ? t("token.regionAsk") : t("token.regionOfHost", { region })}
        />
      )}
      {signIn === "aurora-dsql-token" && (
        <Line name="tokenExpiry" hint={t("token.expiry")} inputMode="numeric" />
      )}
      <SelectField
        className="col-span-6 sm:col-span-3"
        label={t("labels.tokenCredentials")}
        hint={t(
          `token.sources.${isEntra ? `entra-${credentials === "keys" ? "keys" : "default"}` : credentials}`,
        )}
        options={sources.map((value) => ({ value, label: t(`choices.tokenCredentials.${value}`) }))}
        {...register("tokenCredentials")}
        {...useTrouble("tokenCredentials")}
      />
      {!isEntra && credentials === "profile" && <Line name="awsProfile" placeholder="default" />}
      {!isEntra && credentials === "role" && (
        <Line name="awsRole" placeholder="arn:aws:iam::111122223333:role/reader" />
      )}
      {!isEntra && credentials === "keys" && <Line name="awsAccessKeyId" />}
      {isEntra && credentials === "keys" && <Line name="entraTenant" />}
      {isEntra && <Line name="entraClient" {...(credentials !== "keys" && { hint: t("token.client") })} />}
      {credentials === "keys" && (
        <div className="col-span-6 sm:col-span-3">
          <SecretInput name="tokenSecret" />
        </div>
      )}
    </fieldset>
  );
}

const ofEntra: readonly TokenCredentials[] = ["default", "keys"];

interface LineProps {
  readonly name:
    | "tokenRegion"
    | "tokenExpiry"
    | "awsProfile"
    | "awsRole"
    | "awsAccessKeyId"
    | "entraTenant"
    | "entraClient";
  readonly hint?: string;
  readonly placeholder?: string;
  readonly inputMode?: "numeric";
}

function Line({ name, ...look }: LineProps) {
  const t = useTranslations("form.labels");
  const { register } = useFormContext<FormValues>();
  return (
    <TextField
      className="col-span-6 sm:col-span-3"
      label={t(name)}
      {...look}
      {...register(name)}
      {...useTrouble(name)}
    />
  );
}
