"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormContext } from "react-hook-form";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { FormValues } from "#lib/settings/form-values.ts";
import { writeConnectionString } from "#lib/strings/write/write-connection-string.ts";

/** Copies the string with the typed password in it, after a question. */
export function CopyWithPassword({ form }: { readonly form: "uri" | "keywords" }) {
  const t = useTranslations("form.string");
  const { getValues } = useFormContext<FormValues>();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button look="quiet" size="sm" onClick={() => setAsking(true)}>
        {t("copyWithPassword")}
      </Button>
      <Dialog
        open={asking}
        title={t("confirmTitle")}
        onClose={() => setAsking(false)}
        foot={
          <>
            <CopyButton
              text={() => {
                const values = getValues();
                return writeConnectionString(values, { password: values.password, form });
              }}
              label={t("confirmAction")}
              copiedLabel={t("copied")}
              failedLabel={t("copyFailed")}
            />
            <Button onClick={() => setAsking(false)}>{t("confirmClose")}</Button>
          </>
        }
      >
        <p>{t("confirmBody")}</p>
      </Dialog>
    </>
  );
}
