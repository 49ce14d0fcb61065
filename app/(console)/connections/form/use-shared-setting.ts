import { useMemo, useRef, useState } from "react";
import type { ProfileView } from "#lib/profiles/view.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { FormSetting } from "./form-setting.tsx";
import { noSecrets } from "./no-secrets.ts";

type Shared =
  | "yours"
  | "saved"
  | "storedFacts"
  | "prompts"
  | "setPrompts"
  | "stringRead"
  | "pieces"
  | "restoredHost";

/** What the parts of the form share besides the values, made once of what the form itself knows. */
export function useSharedSetting(
  view: ProfileView | undefined,
  {
    stored,
    serverProblems,
    importAll,
    demoClient,
    advanced,
    provider,
    givenRoots,
  }: Omit<FormSetting, Shared>,
): FormSetting {
  const [prompts, setPrompts] = useState<FormSetting["prompts"]>({});
  const stringRead = useRef<Promise<void>>(undefined);
  const pieces = useRef(new Set<keyof FormValues>());
  const restoredHost = useRef<string>(undefined);
  return useMemo<FormSetting>(
    () => ({
      stored,
      yours: view?.yours ?? noSecrets,
      saved: view?.values,
      storedFacts: {
        ca: view?.caCertificates ?? [],
        clientCertificate: view?.clientCertificates ?? [],
        ...(view?.clientKey && { clientKey: view.clientKey }),
      },
      serverProblems,
      prompts,
      setPrompts,
      stringRead,
      pieces,
      restoredHost,
      importAll: view === undefined ? importAll : undefined,
      demoClient,
      advanced,
      provider,
      givenRoots,
    }),
    [stored, view, serverProblems, prompts, importAll, demoClient, advanced, provider, givenRoots],
  );
}
