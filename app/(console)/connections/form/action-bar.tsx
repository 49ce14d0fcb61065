"use client";

import { useTranslations } from "next-intl";
import { useFormState } from "react-hook-form";
import { Button } from "#components/ui/button.tsx";
import type { FormValues } from "#lib/settings/form-values.ts";
import { SaveStatus } from "./save-status.tsx";
import type { Saving } from "./use-saving.ts";

interface Props {
  readonly testing: boolean;
  readonly connecting: boolean;
  readonly saving: Pick<Saving, "running" | "ended">;
  /** Left out for who may not save. */
  readonly onSave: (() => void) | undefined;
  readonly onConnect: (changed: boolean) => void;
}

/** The three acts, always in reach. */
export function ActionBar({ testing, connecting, saving, onSave, onConnect }: Props) {
  const t = useTranslations("form.actions");
  const { isDirty } = useFormState<FormValues>();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would name the fields, not the buttons
    <div
      role="group"
      aria-label={t("label")}
      data-foot-bar
      className="sticky bottom-0 z-20 -mx-4 flex flex-wrap items-center gap-2 border-t border-line bg-surface px-4 py-3 shadow-card max-lg:order-last sm:mx-0 sm:rounded-lg sm:border lg:bottom-3"
    >
      <Button type="submit" look="secondary" pending={testing}>
        {t("test")}
      </Button>
      <SaveStatus {...saving} />
      <span className="flex flex-wrap justify-end gap-2 max-sm:ml-auto">
        {onSave !== undefined && (
          <Button pending={saving.running} onClick={onSave}>
            {t("save")}
          </Button>
        )}
        <Button look="primary" pending={connecting} onClick={() => onConnect(isDirty)}>
          {t("connect")}
        </Button>
      </span>
    </div>
  );
}
