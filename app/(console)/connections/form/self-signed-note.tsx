"use client";

import { useTranslations } from "next-intl";
import { Alert } from "#components/ui/alert.tsx";

/** What "Allow self-signed certificates" comes to; loaded when it is ticked. */
export function SelfSignedNote() {
  const t = useTranslations("form.selfSigned");
  return (
    <Alert tone="danger" role="note" title={t("title")}>
      <p className="text-[0.8125rem]">{t("body")}</p>
    </Alert>
  );
}
