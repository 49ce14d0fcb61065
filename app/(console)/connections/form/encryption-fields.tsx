"use client";

import { ShieldAlert, ShieldCheck, ShieldX } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import { useController, useFormContext, useWatch } from "react-hook-form";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import { Switch } from "#components/ui/switch.tsx";
import { rootsKind } from "#lib/providers/roots-kind.ts";
import { type CheckedFields, type Checks, checksOfForm } from "#lib/settings/checks-of.ts";
import { type FormValues, type SslMode, trustSources } from "#lib/settings/form-values.ts";
import { tlsIntent } from "#lib/strings/write/tls-intent.ts";
import { type Promised, promisedChecks } from "../attempt/promised-checks.ts";
import { useFieldWords, useFormSetting, useTrouble } from "./form-setting.tsx";
import { MaterialField } from "./material-field.tsx";

const SelfSignedNote = lazy(async () => ({
  default: (await import("./self-signed-note.tsx")).SelfSignedNote,
}));

const usualModes = ["disable", "require", "verify-ca", "verify-full"] as const;
const opportunisticModes = ["prefer", "allow"] as const;

/** The SSL switch, the mode (Disable is the switch turned off), what is trusted, and what all that comes to. */
export function EncryptionFields() {
  const t = useTranslations("form");
  const { control, register } = useFormContext<FormValues>();
  const ssl = useWatch({ control, name: "ssl" });
  const sslTrouble = useTrouble("ssl");
  return (
    <Card title={t("sections.encryption")} aside={<PromiseBadge />}>
      <Switch
        label={t("labels.ssl")}
        hint={ssl ? t("ssl.on") : <span className="text-danger">{t("ssl.off")}</span>}
        {...register("ssl")}
      />
      {sslTrouble.error !== undefined && (
        <FieldError problem={sslTrouble.problem}>{sslTrouble.error}</FieldError>
      )}
      <ModeChoice />
      {ssl && (
        <>
          <TrustChoice />
          <SelfSignedChoice />
        </>
      )}
    </Card>
  );
}

const promiseLooks = {
  plain: { tone: "danger", Icon: ShieldX },
  opportunistic: { tone: "danger", Icon: ShieldX },
  "self-signed": { tone: "danger", Icon: ShieldAlert },
  unchecked: { tone: "warn", Icon: ShieldAlert },
  chain: { tone: "success", Icon: ShieldCheck },
  full: { tone: "success", Icon: ShieldCheck },
} as const satisfies Record<Promised, unknown>;

/** What will be checked, whichever settings it follows from. */
function PromiseBadge() {
  const t = useTranslations("form.promise");
  const promised = promisedChecks(useCheckedFields());
  const { tone, Icon } = promiseLooks[promised];
  return (
    <Badge tone={tone} wraps className="py-0.5">
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {t(promised)}
    </Badge>
  );
}

/** The fields that decide what is checked, as they stand. */
function useCheckedFields(): CheckedFields {
  const { control } = useFormContext<FormValues>();
  const [ssl, mode, trust, ca, allowSelfSigned] = useWatch({
    control,
    name: ["ssl", "mode", "trust", "ca", "allowSelfSigned"],
  });
  return { ssl, mode, trust, ca, allowSelfSigned };
}

function useChecks(): Checks {
  return checksOfForm(useCheckedFields());
}

function ModeChoice() {
  const t = useTranslations("form.modes");
  const labels = useTranslations("form.labels");
  const { control, setValue } = useFormContext<FormValues>();
  const { advanced } = useFormSetting();
  const { field } = useController({ control, name: "mode" });
  const checked = useCheckedFields();
  const { server } = checksOfForm(checked);
  /** What a mode would check, were it chosen. */
  const checksIn = (mode: FormValues["mode"]) =>
    checksOfForm({ ...checked, ssl: true, mode, allowSelfSigned: false });
  // While "Allow self-signed" is on, Verify Full and Verify CA are what Require is, and are shown as it.
  const { mode } = tlsIntent(checked);
  const choose = (chosen: SslMode) => {
    const on = chosen !== "disable";
    if (on !== checked.ssl) setValue("ssl", on, { shouldDirty: true, shouldValidate: true });
    // Turned off by itself, the switch brings back the mode that was chosen before.
    if (!on) return;
    field.onChange(chosen);
    // Whoever asks for checks does not want them switched off.
    if (chosen !== "require" && checksIn(chosen).server !== "none" && checked.allowSelfSigned)
      setValue("allowSelfSigned", false, { shouldDirty: true });
  };
  const chosenOpportunistic = mode === "prefer" || mode === "allow";
  const offered = advanced || chosenOpportunistic ? [...usualModes, ...opportunisticModes] : usualModes;
  return (
    <div className="flex flex-col gap-2">
      <RadioCards
        label={labels("mode")}
        name="mode"
        value={mode}
        onChange={choose}
        meaningInName
        columns="sm:grid-cols-2"
        cards={offered.map((value) => ({
          value,
          title: t(`${value}.title`),
          meaning: (
            <>
              {/* With a CA of one's own Require checks the chain, as libpq does. */}
              {value === "require" && checksIn("require").server === "chain"
                ? t("require.meaningWithCa")
                : t(`${value}.meaning`)}
              <Proofs checks={value === "disable" ? undefined : checksIn(value)} />
            </>
          ),
          badge:
            value === "prefer" || value === "allow" ? (
              <Badge tone="warn">{t("opportunistic")}</Badge>
            ) : value === "verify-full" ? (
              <Badge tone="success">{t("recommended")}</Badge>
            ) : undefined,
        }))}
        {...useTrouble("mode")}
      />
      {mode === "verify-full" || mode === "verify-ca" ? (
        <OneClick says={t("relax")} action={t("relaxAction")} onClick={() => choose("require")} />
      ) : (
        <OneClick
          says={t(server === "chain" ? "tightenName" : "tighten")}
          action={t("tightenAction")}
          onClick={() => choose("verify-full")}
        />
      )}
    </div>
  );
}

/** What a mode proves, as a picture: the line above says the same. */
function Proofs({ checks }: { readonly checks: Checks | undefined }) {
  const t = useTranslations("outcome.proofs");
  const proofs = [
    ["encrypted", checks?.encryption === "always"],
    ["chain", checks !== undefined && checks.server !== "none"],
    ["name", checks?.server === "chain-and-name"],
  ] as const;
  return (
    <span aria-hidden className="mt-1 flex flex-wrap gap-x-2.5 font-medium">
      {proofs.map(([what, is]) => (
        <span key={what} className={is ? "text-success" : "font-normal"}>
          {is ? "✓" : "–"} {t(what)}
        </span>
      ))}
    </span>
  );
}

function OneClick(props: { readonly says: string; readonly action: string; readonly onClick: () => void }) {
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-muted">
      {props.says}
      <button
        type="button"
        onClick={props.onClick}
        className="rounded-sm py-1 font-medium text-accent underline-offset-2 hover:underline"
      >
        {props.action}
      </button>
    </p>
  );
}

function TrustChoice() {
  const t = useTranslations("form.trusts");
  const labels = useTranslations("form.labels");
  const say = useFieldWords();
  const { control } = useFormContext<FormValues>();
  const { field } = useController({ control, name: "trust" });
  const { server, roots } = useChecks();
  const { provider, givenRoots } = useFormSetting();
  const host = useWatch({ control, name: "host" });
  const found = useTrouble("trust");
  const withRoots = rootsKind(provider, host, givenRoots) === "none" ? undefined : provider;
  // Told as it is chosen: the pair can never be used, whatever else is filled in.
  const weak = server === "chain" && (roots === "system" || roots === "mozilla");
  return (
    <>
      <RadioCards
        label={labels("trust")}
        name="trust"
        value={field.value}
        onChange={field.onChange}
        columns="sm:grid-cols-2"
        cards={trustSources.map((value) => ({
          value,
          title: t(`${value}.title`),
          meaning: value === "provider" ? providerMeaning(t, withRoots?.name) : t(`${value}.meaning`),
          disabled: value === "provider" && withRoots === undefined && field.value !== "provider",
        }))}
        {...(weak ? { error: say("trust-weak-mode"), problem: "trust-weak-mode" } : found)}
      />
      {field.value === "own" && <MaterialField box="ca" />}
    </>
  );
}

function providerMeaning(t: ReturnType<typeof useTranslations<"form.trusts">>, name: string | undefined) {
  return t("provider.meaning", { provider: name ?? "none" });
}

function SelfSignedChoice() {
  const t = useTranslations("form");
  const { register, control } = useFormContext<FormValues>();
  const allowed = useWatch({ control, name: "allowSelfSigned" });
  const trouble = useTrouble("allowSelfSigned");
  return (
    <div className="flex flex-col gap-2">
      <Checkbox
        label={t("labels.allowSelfSigned")}
        hint={t("selfSigned.hint")}
        {...register("allowSelfSigned")}
      />
      {trouble.error !== undefined && <FieldError problem={trouble.problem}>{trouble.error}</FieldError>}
      {allowed && (
        <Suspense fallback={null}>
          <SelfSignedNote />
        </Suspense>
      )}
    </div>
  );
}
