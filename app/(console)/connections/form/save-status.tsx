"use client";

import { Check, CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Saving } from "./use-saving.ts";

interface Props extends Pick<Saving, "running" | "ended"> {
  /** Whether there is something to save. */
  readonly changed: boolean;
}

/** Beside the button: what became of a save, or that there is something to save. */
export function SaveStatus({ running, ended, changed }: Props) {
  const t = useTranslations("form.actions");
  const [tone, Icon, words] = running
    ? (["text-muted", undefined, t("saving")] as const)
    : ended === "refused"
      ? (["text-danger", CircleX, t("refused")] as const)
      : changed
        ? (["text-muted", undefined, t("unsaved")] as const)
        : ended === "saved"
          ? (["text-success", Check, t("saved")] as const)
          : (["", undefined, ""] as const);
  return (
    <p
      role="status"
      className={`flex min-w-0 items-center gap-1.5 text-xs max-sm:-order-1 max-sm:col-span-full max-sm:leading-4 max-sm:empty:hidden sm:flex-1 sm:justify-end ${tone}`}
    >
      {Icon && <Icon aria-hidden className="size-4 shrink-0" />}
      {words}
    </p>
  );
}
