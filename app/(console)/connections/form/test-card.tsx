"use client";

import { useTranslations } from "next-intl";
import { useFormContext } from "react-hook-form";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import type { FormValues } from "#lib/settings/form-values.ts";
import { ConnectionResult } from "../attempt/connection-result.tsx";
import { ConnectionSteps } from "../attempt/connection-steps.tsx";
import type { StrongestAction } from "../attempt/strongest-answer.ts";
import type { AttemptHandle, TestAction } from "../attempt/use-attempt.ts";
import type { ConfirmAction } from "./confirm-person.tsx";
import { LookOffer } from "./look-offer.tsx";
import { StrongestOffer } from "./strongest-offer.tsx";
import type { Acts } from "./use-acts.ts";
import type { FormProblems } from "./use-form-problems.ts";
import type { Saving } from "./use-saving.ts";
import type { Search } from "./use-search.ts";

interface Props {
  readonly attempt: AttemptHandle;
  readonly problems: FormProblems;
  readonly saving: Saving;
  readonly search: Search;
  readonly acts: Acts;
  readonly connectionId: string | undefined;
  readonly look: TestAction | undefined;
  readonly strongest: StrongestAction | undefined;
  readonly confirm: ConfirmAction | undefined;
}

/** The steps of a test, how the last act ended, and what else can be tried. */
export function TestCard(props: Props) {
  const { attempt, problems, saving, search, acts, connectionId, look, strongest, confirm } = props;
  const t = useTranslations("form");
  const { setFocus } = useFormContext<FormValues>();
  const { running } = attempt.state;
  return (
    <Card
      title={t("sections.test")}
      lead={t("sections.testLead")}
      aside={
        running && (
          <Button size="sm" onClick={attempt.cancel}>
            {t("actions.cancel")}
          </Button>
        )
      }
    >
      <ConnectionSteps state={attempt.state} />
      <ConnectionResult
        state={attempt.state}
        mistakes={problems.mistakes}
        trouble={saving.trouble}
        failure={saving.failure}
        onFocus={(field) => setFocus(field)}
        onApply={acts.apply}
        confirm={confirm}
        onConfirmed={acts.again}
      />
      {look !== undefined && !running && <LookOffer onLook={() => acts.look(look)} />}
      {strongest !== undefined && !running && (
        <StrongestOffer
          action={strongest}
          search={search}
          connectionId={connectionId}
          onSearch={acts.search}
          onApply={acts.apply}
          onFields={problems.land}
        />
      )}
    </Card>
  );
}
