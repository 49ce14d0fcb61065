"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useRef, useState, useSyncExternalStore, useTransition } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { useFocusKept } from "#components/use-focus-kept.ts";
import {
  type Density,
  densities,
  type Preferences,
  pageSizes,
  type Theme,
  themes,
} from "#lib/team/preference-values.ts";
import { useToast } from "../toasts.tsx";
import { savePreferences } from "./actions.ts";
import { SaveBar } from "./save-bar.tsx";
import { useChanges } from "./use-changes.ts";

/** Written by the server; what finds a zone among four hundred comes when the page is usable. */
const ComboboxField = lazy(async () => ({
  default: (await import("#components/ui/combobox-field.tsx")).ComboboxField,
}));

interface PreferencesFormProps {
  readonly chosen: Preferences;
  readonly languages: readonly { readonly value: string; readonly label: string }[];
  readonly shownLanguage: string;
  readonly timeZones: readonly string[];
  /** For how many days the console keeps a history; 0: for none. */
  readonly historyDays: number;
}

/** What one wants, kept with one press. */
export function PreferencesForm(props: PreferencesFormProps) {
  const { chosen, languages, shownLanguage, timeZones, historyDays } = props;
  const t = useTranslations("settings.preferences");
  const face = useTranslations("face");
  const { values, count, change, discard, keep } = useChanges(chosen);
  const toast = useToast();
  const [failure, setFailure] = useState<Explained>();
  const [busy, startBusy] = useTransition();

  const form = useRef<HTMLFormElement>(null);
  useFocusKept(form);
  /** What nobody chose is not chosen by going back to it. */
  const orFollowed = (value: string, followed: string, was: string | null) =>
    was === null && value === followed ? null : value;
  const zones = [...new Set(["UTC", ...timeZones])];
  const zone = values.timeZone ?? "UTC";

  return (
    <form
      ref={form}
      data-focus-home
      className="flex flex-col gap-4"
      // No `action`: React resets the form after one, and what was chosen would give way to what was kept before.
      onSubmit={(event) => {
        event.preventDefault();
        startBusy(async () => {
          const result = await savePreferences(values);
          setFailure(result.ok ? undefined : result.explained);
          if (!result.ok) return;
          keep();
          toast({ text: t("saved") });
        });
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label={t("language")}
          value={values.language ?? shownLanguage}
          options={languages}
          onChange={(event) =>
            change({ language: orFollowed(event.target.value, shownLanguage, chosen.language) })
          }
        />
        <SelectField
          label={t("theme")}
          value={values.theme}
          options={themes.map((theme) => ({ value: theme, label: t(`themes.${theme}`) }))}
          onChange={(event) => change({ theme: event.target.value as Theme })}
        />
        <SelectField
          label={face("density")}
          hint={face("densityHint")}
          value={values.density}
          options={densities.map((density) => ({ value: density, label: face(`densities.${density}`) }))}
          onChange={(event) => change({ density: event.target.value as Density })}
        />
        <Suspense
          // As tall as what it stands for: where the form changes before that is there, nothing moves.
          fallback={
            <SelectField
              label={t("timeZone")}
              hint={t("timeZoneHint")}
              value={zone}
              options={[{ value: zone, label: zoneName(zone) }]}
              onChange={() => undefined}
            />
          }
        >
          <ComboboxField
            label={t("timeZone")}
            hint={t("timeZoneHint")}
            aside={<ZoneOffer zone={zone} known={zones} onUse={(timeZone) => change({ timeZone })} />}
            value={zone}
            options={zones.map((value) => ({ value, label: zoneName(value) }))}
            noneText={face("zone.none")}
            foundText={(count) => face("zone.found", { count })}
            onChange={(timeZone) => change({ timeZone: orFollowed(timeZone, "UTC", chosen.timeZone) })}
          />
        </Suspense>
        <SelectField
          label={t("pageSize")}
          value={String(values.pageSize)}
          options={pageSizes.map((size) => ({ value: String(size), label: String(size) }))}
          onChange={(event) => change({ pageSize: Number(event.target.value) as Preferences["pageSize"] })}
        />
      </div>
      <Checkbox
        label={t("keepHistory")}
        hint={historyDays === 0 ? t("noHistoryHere") : t("keepHistoryHint", { days: historyDays })}
        checked={values.keepHistory && historyDays > 0}
        disabled={historyDays === 0}
        onChange={(event) => change({ keepHistory: event.target.checked })}
      />
      <SaveBar count={count} label={t("save")} pending={busy} failure={failure} onDiscard={discard} />
    </form>
  );
}

interface ZoneOfferProps {
  /** What is chosen. */
  readonly zone: string;
  readonly known: readonly string[];
  readonly onUse: (zone: string) => void;
}

/** The zone of the person's own machine, for one press; nothing where it is chosen already. */
function ZoneOffer({ zone, known, onUse }: ZoneOfferProps) {
  const face = useTranslations("face.zone");
  const own = useSyncExternalStore(never, browserZone, () => zone);
  if (own === zone || !known.includes(own)) return null;
  return (
    // No taller than the line it stands in: it comes when the browser has been asked, and moves nothing.
    <button
      type="button"
      onClick={() => onUse(own)}
      className="-my-0.5 min-h-6 rounded-sm text-accent text-fact underline-offset-4 hover:underline"
    >
      {face("own", { zone: zoneName(own) })}
    </button>
  );
}

function zoneName(zone: string): string {
  return zone.replaceAll("_", " ");
}

const never = () => () => undefined;
const browserZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;
