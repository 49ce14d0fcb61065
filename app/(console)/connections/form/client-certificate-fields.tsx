"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useEffect, useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Card } from "#components/ui/card.tsx";
import type { FormValues } from "#lib/settings/form-values.ts";
import { DropAll } from "./drop-all.tsx";
import { messageOf, useFieldWords, useFormSetting, useTrouble } from "./form-setting.tsx";
import { MaterialField } from "./material-field.tsx";
import { usePemReader } from "./pem-reader.ts";
import { SecretInput, StoredSecret } from "./secret-input.tsx";
import type { Reading } from "./use-material-facts.ts";

const ClientPicture = lazy(async () => (await import("./load-pictures.ts")).loadClientPicture());
const KeyLine = lazy(async () => ({ default: (await import("./material-summary.tsx")).KeyLine }));

/** Client certificate and key (C6), and the passphrase of an encrypted key (C7). */
export function ClientCertificateFields() {
  const t = useTranslations("form");
  const { control } = useFormContext<FormValues>();
  const ssl = useWatch({ control, name: "ssl" });
  const [certificate, setCertificate] = useState<Reading>();
  const [key, setKey] = useState<Reading>();
  if (!ssl) return null;
  return (
    <Card title={t("sections.mutual")} lead={t("sections.mutualLead")}>
      <DropAll />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <MaterialField box="clientCertificate">
          {(reading) => <Told reading={reading} onReading={setCertificate} />}
        </MaterialField>
        <ClientKey onReading={setKey} />
      </div>
      {certificate?.facts !== undefined && (
        <Suspense fallback={null}>
          <ClientPicture certificate={certificate} clientKey={key} />
        </Suspense>
      )}
    </Card>
  );
}

/** Hands a box's reading on to what is drawn of both. */
function Told({
  reading,
  onReading,
}: {
  readonly reading: Reading;
  readonly onReading: (reading: Reading) => void;
}) {
  useEffect(() => onReading(reading), [reading, onReading]);
  return null;
}

function ClientKey({ onReading }: { readonly onReading: (reading: Reading) => void }) {
  const { control } = useFormContext<FormValues>();
  const { stored, storedFacts } = useFormSetting();
  const [act, key, certificate, passphrase] = useWatch({
    control,
    name: ["secretActs.clientKey", "clientKey", "clientCertificate", "keyPassphrase"],
  });
  const pem = usePemReader(key);
  const kept = stored.clientKey && act === "keep" && key === "";
  const encrypted = kept
    ? storedFacts.clientKey?.encrypted === true
    : act !== "remove" && pem?.keyIsEncrypted(key) === true;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <StoredSecret name="clientKey" {...useTrouble("clientKey")}>
        {(aside) => (
          <MaterialField box="clientKey" aside={aside} passphrase={passphrase} certificate={certificate}>
            {(reading) => (
              <>
                <Told reading={reading} onReading={onReading} />
                {encrypted && <Passphrase reading={reading} />}
              </>
            )}
          </MaterialField>
        )}
      </StoredSecret>
      {kept && storedFacts.clientKey && (
        <Suspense fallback={null}>
          <KeyLine facts={storedFacts.clientKey} />
        </Suspense>
      )}
      {kept && encrypted && <SecretInput name="keyPassphrase" />}
    </div>
  );
}

/** The passphrase of the key that was just given, and whether it opens it. */
function Passphrase({ reading }: { readonly reading: Reading }) {
  const say = useFieldWords();
  const { control } = useFormContext<FormValues>();
  const passphrase = useWatch({ control, name: "keyPassphrase" });
  const found = reading.facts?.problems.find((one) => one.code === "key-passphrase-wrong");
  const wrong = passphrase !== "" && reading.state === "read" ? found : undefined;
  return (
    <SecretInput
      name="keyPassphrase"
      {...(wrong && { trouble: { error: say(messageOf(wrong), wrong.facts), problem: wrong.code } })}
    />
  );
}
