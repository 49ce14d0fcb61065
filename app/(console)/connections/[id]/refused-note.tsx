"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import type { Refused } from "./ask-connection.ts";

interface Props {
  readonly refused: Refused;
  readonly onAgain?: () => void;
  readonly className?: string;
}

/** Why something is not shown: the server's words, or the console's; and a way to try again. */
export function RefusedNote({ refused, onAgain, className }: Props) {
  const t = useTranslations("browse.refused");
  const again = onAgain !== undefined && (
    <Button size="sm" className="mt-2" onClick={onAgain}>
      {t("again")}
    </Button>
  );
  const frame = { tone: "danger", role: "alert", ...(className !== undefined && { className }) } as const;
  if (refused.why === "server") {
    const { message, sqlstate } = refused.trouble;
    // It was the console that let the time run out: there are no words of the server.
    if (message === "")
      return (
        <Alert {...frame} title={t("slow")}>
          {again}
        </Alert>
      );
    return (
      <Alert {...frame} title={t("server")}>
        <p className="font-mono text-xs">
          <CellText text={message} lines /> <span className="text-muted">{sqlstate}</span>
        </p>
        {again}
      </Alert>
    );
  }
  const explained = refused.why === "console" ? refused.explained : undefined;
  if (explained !== undefined) {
    return (
      <Alert {...frame} problem={explained.problem.code} title={explained.title}>
        <p className="text-[0.8125rem]">{explained.cause}</p>
        <p className="text-[0.8125rem]">{explained.fix}</p>
        {again}
      </Alert>
    );
  }
  return (
    <Alert {...frame} title={t(refused.why === "console" && refused.status === 401 ? "signIn" : "lost")}>
      {again}
    </Alert>
  );
}
