"use client";

import { useTranslations } from "next-intl";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";

/** Why it did not come about; `"lost"` where the console could not be asked. */
export function CarryTrouble({ trouble }: { readonly trouble: Explained | "lost" | undefined }) {
  const t = useTranslations("carry.tools");
  if (trouble === undefined) return null;
  if (trouble === "lost") return <Alert tone="danger" role="alert" title={t("lost")} />;
  return (
    <Alert tone="danger" role="alert" problem={trouble.problem.code} title={trouble.title}>
      {trouble.cause} {trouble.fix}
    </Alert>
  );
}
