"use client";

import { useTranslations } from "next-intl";
import { useFormContext, useWatch } from "react-hook-form";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { channelBindings, type FormValues, negotiations, tlsVersions } from "#lib/settings/form-values.ts";
import { useTrouble } from "./form-setting.tsx";
import { MaterialField } from "./material-field.tsx";

/** The settings under "Advanced"; loaded when they are opened. */
export function AdvancedSettings() {
  const t = useTranslations("form");
  const { register, control } = useFormContext<FormValues>();
  const ssl = useWatch({ control, name: "ssl" });
  const minVersion = useTrouble("minVersion");
  const maxVersion = useTrouble("maxVersion");
  const negotiation = useTrouble("negotiation");
  const sni = useTrouble("sni");
  const versions = tlsVersions.map((value) => ({ value, label: t(`choices.version.${versionKey(value)}`) }));
  return (
    <div className="flex animate-appear flex-col gap-4">
      <div className="grid items-start gap-x-4 gap-y-3 sm:grid-cols-2">
        {ssl && (
          <>
            <SelectField
              label={t("labels.minVersion")}
              options={versions}
              {...register("minVersion")}
              {...minVersion}
            />
            <SelectField
              label={t("labels.maxVersion")}
              options={versions}
              {...register("maxVersion")}
              {...maxVersion}
            />
            <SelectField
              label={t("labels.negotiation")}
              hint={t("hints.negotiation")}
              options={negotiations.map((value) => ({ value, label: t(`choices.negotiation.${value}`) }))}
              {...register("negotiation")}
              {...negotiation}
            />
          </>
        )}
        <SelectField
          label={t("labels.channelBinding")}
          hint={t("hints.channelBinding")}
          options={channelBindings.map((value) => ({ value, label: t(`choices.channelBinding.${value}`) }))}
          {...register("channelBinding")}
          {...useTrouble("channelBinding")}
        />
        <TextField
          label={t("labels.networkAddress")}
          hint={t("hints.networkAddress")}
          placeholder={t("placeholders.networkAddress")}
          {...register("networkAddress")}
          {...useTrouble("networkAddress")}
        />
        <TextField
          label={t("labels.connectTimeout")}
          hint={t("hints.connectTimeout")}
          inputMode="numeric"
          {...register("connectTimeout")}
          {...useTrouble("connectTimeout")}
        />
        <TextField
          label={t("labels.applicationName")}
          hint={t("hints.applicationName")}
          {...register("applicationName")}
          {...useTrouble("applicationName")}
        />
        <TextField
          label={t("labels.options")}
          hint={t("hints.options")}
          mono
          {...register("options")}
          {...useTrouble("options")}
        />
      </div>
      {ssl && <Checkbox label={t("labels.sni")} hint={t("hints.sni")} {...register("sni")} {...sni} />}
      <Checkbox
        label={t("labels.allowWeakPassword")}
        hint={t("hints.allowWeakPassword")}
        {...register("allowWeakPassword")}
      />
      {ssl && <MaterialField box="crl" hint={t("hints.crl")} />}
    </div>
  );
}

/** next-intl takes a dot in a key for a step down. */
function versionKey(version: FormValues["minVersion"]) {
  return version.replace(".", "_") as "TLSv1" | "TLSv1_1" | "TLSv1_2" | "TLSv1_3";
}
