"use client";

import { useTranslations } from "next-intl";
import type { NotEditable } from "#lib/change/shapes.ts";

/** Says why something is not to be changed. */
export function useSayWhy(say: (text: string) => void): (reason: NotEditable) => void {
  const t = useTranslations("changes.notEditable");
  return (reason) => say(t("line", { why: t(reason) }));
}
