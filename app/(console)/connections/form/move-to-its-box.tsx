import { useTranslations } from "next-intl";
import { useFormContext } from "react-hook-form";
import { Button } from "#components/ui/button.tsx";
import type { MaterialBox } from "#lib/certificates/material-boxes.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { pemReader } from "./pem-reader.ts";

/** Moves what stands in the wrong box to the one that it belongs in. */
export function MoveToItsBox(props: {
  readonly box: MaterialBox;
  readonly belongs: string | number | undefined;
}) {
  const t = useTranslations("form");
  const { getValues, setValue } = useFormContext<FormValues>();
  const { box, belongs } = props;
  if (belongs !== "ca" && belongs !== "clientCertificate" && belongs !== "clientKey" && belongs !== "crl") {
    return null;
  }
  return (
    <Button
      size="sm"
      className="self-start"
      onClick={() => {
        const sorted = Object.entries(pemReader()?.splitPem(getValues(box)) ?? {}) as [MaterialBox, string][];
        setValue(box, "", { shouldDirty: true, shouldValidate: true });
        // A lone certificate counts as a CA certificate; in the wrong box it is where the message says.
        for (const [home, pem] of sorted) {
          setValue(sorted.length === 1 ? belongs : home, pem, { shouldDirty: true, shouldValidate: true });
        }
      }}
    >
      {t("material.move", { box: t(`labels.${belongs}`) })}
    </Button>
  );
}
