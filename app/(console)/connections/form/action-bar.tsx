"use client";

import { useTranslations } from "next-intl";
import { useFormState } from "react-hook-form";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { SaveStatus } from "./save-status.tsx";
import type { Saving } from "./use-saving.ts";

interface Props {
  readonly testing: boolean;
  readonly connecting: boolean;
  readonly saving: Pick<Saving, "running" | "ended">;
  /** Something beside the form's values is not saved. */
  readonly alsoChanged: boolean;
  /** Left out for who may not save. */
  readonly onSave: (() => void) | undefined;
  readonly onConnect: (changed: boolean) => void;
}

/** The three acts, always in reach. */
export function ActionBar({ testing, connecting, saving, alsoChanged, onSave, onConnect }: Props) {
  const t = useTranslations("form.actions");
  const { isDirty } = useFormState<FormValues>();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would name the fields, not the buttons
    <div
      role="group"
      aria-label={t("label")}
      data-foot-bar
      className={classes(
        "sticky bottom-0 z-20 -mx-4 grid items-center gap-x-2 gap-y-0.5 border-t border-line bg-surface px-3 py-1.5 shadow-card sm:mx-0 sm:flex sm:rounded-lg sm:border sm:px-4 sm:py-2.5 lg:bottom-3",
        // A phone has one line for the buttons, so that the bar stays low: a long word takes two in its button.
        onSave === undefined ? "grid-cols-[auto_auto]" : "grid-cols-[auto_auto_auto]",
      )}
    >
      <Button type="submit" look="secondary" pending={testing} className={phone}>
        {t("test")}
      </Button>
      <SaveStatus {...saving} changed={isDirty || alsoChanged} />
      {onSave !== undefined && (
        <Button pending={saving.running} onClick={onSave} className={phone}>
          {t("save")}
        </Button>
      )}
      <Button look="primary" pending={connecting} onClick={() => onConnect(isDirty)} className={phone}>
        {t("connect")}
      </Button>
    </div>
  );
}

const phone = "max-sm:min-w-0 max-sm:px-2 max-sm:text-[0.8125rem] max-sm:leading-4";
