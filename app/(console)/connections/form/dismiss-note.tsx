"use client";

import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import type { Answer, Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";

interface Props {
  readonly id: string;
  readonly rev: number;
  readonly dismiss: (id: string, rev: number) => Promise<Answer<null>>;
}

/** Takes an import's note away for good. The page is loaded anew: the form must know the new revision. */
export function DismissNote({ id, rev, dismiss }: Props) {
  const t = useTranslations("form.imported");
  const [failure, setFailure] = useState<Explained>();
  const [busy, start] = useTransition();
  return (
    <div className="mt-2">
      <Button
        size="sm"
        pending={busy}
        onClick={() =>
          start(async () => {
            const answer = await dismiss(id, rev);
            if (answer.ok) window.location.reload();
            else setFailure(answer.explained);
          })
        }
      >
        {t("dismiss")}
      </Button>
      {failure !== undefined && (
        <Alert
          tone="danger"
          role="alert"
          problem={failure.problem.code}
          title={failure.title}
          className="mt-2"
        >
          {failure.fix}
        </Alert>
      )}
    </div>
  );
}
