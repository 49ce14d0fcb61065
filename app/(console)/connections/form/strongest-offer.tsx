"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import { Button } from "#components/ui/button.tsx";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import type { FormChange } from "#lib/settings/form-values.ts";
import type { StrongestAction } from "../attempt/strongest-answer.ts";
import type { Search } from "./use-search.ts";

const StrongestPanel = lazy(async () => ({
  default: (await import("../attempt/strongest-panel.tsx")).StrongestPanel,
}));

interface Props {
  readonly action: StrongestAction;
  readonly search: Search;
  readonly connectionId: string | undefined;
  readonly onSearch: () => void;
  readonly onApply: (change: FormChange) => void;
  readonly onFields: (problems: FieldProblems) => void;
}

/** The search for the strongest settings: offered, or under way. */
export function StrongestOffer({ action, search, connectionId, onSearch, onApply, onFields }: Props) {
  const t = useTranslations("form.strongest");
  return (
    <div className="mt-3 border-t border-line pt-3">
      {search.count === 0 ? (
        <>
          <Button size="sm" onClick={onSearch}>
            {t("start")}
          </Button>
          <p className="mt-1 text-xs text-muted">{t("lead")}</p>
        </>
      ) : (
        <Suspense fallback={null}>
          <StrongestPanel
            key={search.count}
            search={action}
            connectionId={connectionId}
            onApply={onApply}
            onFields={(problems) => {
              search.close();
              onFields(problems);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
