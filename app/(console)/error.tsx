"use client";

import { useTranslations } from "next-intl";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";

/** A surprise: told with its reference, which also stands in the server's log. */
export default function ConsoleError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const t = useTranslations("shell.error");
  return (
    <Alert tone="danger" role="alert" problem="unexpected" title={t("title")}>
      <p className="mb-3">{t("body", { reference: error.digest ?? "–" })}</p>
      <Button onClick={reset}>{t("action")}</Button>
    </Alert>
  );
}
