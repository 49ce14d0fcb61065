import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { CopyableCommand } from "#components/ui/copyable-command.tsx";
import { HelpTabs } from "../help-tabs.tsx";
import { Part, Points, problemLink } from "../prose.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("help"))("pinning.title") };
}

/** Where PostgreSQL keeps its certificate unless `ssl_cert_file` says otherwise. */
const command = 'openssl x509 -in "$PGDATA/server.crt" -noout -fingerprint -sha256';

/** Trusting exactly one certificate: when, how, and what its change means. */
export default async function PinningPage() {
  await pageActor("connections:read");
  const t = await getTranslations("help.pinning");
  const words = await getTranslations("help.problem");
  const tags = { problem: problemLink };
  return (
    <>
      <HelpTabs here={t("title")} />
      <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mt-1 mb-6 max-w-[70ch] text-muted">{t("lead")}</p>
      <div className="flex flex-col gap-7">
        <Part title={t("when")}>
          <Points>
            {(["self", "name", "not"] as const).map((when) => (
              <li key={when}>{t(`whens.${when}`)}</li>
            ))}
          </Points>
        </Part>
        <Part title={t("how")}>
          <Points ordered>
            {(["test", "compare", "apply"] as const).map((step) => (
              <li key={step}>{t.rich(`steps.${step}`, tags)}</li>
            ))}
          </Points>
          <CopyableCommand
            command={command}
            shell={t("command")}
            copyLabel={words("copyCli")}
            copiedLabel={words("copied")}
            failedLabel={words("copyFailed")}
          />
        </Part>
        <Part title={t("changed")}>
          <p>{t.rich("changedLead", tags)}</p>
        </Part>
      </div>
    </>
  );
}
