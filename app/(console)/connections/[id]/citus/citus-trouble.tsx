"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { Alert } from "#components/ui/alert.tsx";
import type { QueryTrouble } from "#lib/session/query-answer.ts";

/** Why a part is not shown: in our words, and in the server's. */
export function CitusPartTrouble({
  title,
  trouble,
}: {
  readonly title: string;
  readonly trouble: QueryTrouble;
}) {
  const t = useTranslations("citus");
  return (
    <Alert tone="warn" role="note" title={title}>
      <p className="mt-1 text-[0.8125rem]">{t(`trouble.${trouble.why}`)}</p>
      <p className="mt-0.5 font-mono text-muted text-xs">
        <CellText text={trouble.message} />
      </p>
    </Alert>
  );
}
