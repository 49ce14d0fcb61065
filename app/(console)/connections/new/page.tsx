import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { demoNotes } from "#app/_server/demo.ts";
import { pageActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { providerChange } from "#lib/providers/merge-defaults.ts";
import { findProvider } from "#lib/providers/recognise-provider.ts";
import { noGivenRoots } from "#lib/providers/roots-kind.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { Breadcrumb } from "../../breadcrumb.tsx";
import { findStrongest, lookAtServer, saveConnection } from "../actions.ts";
import { confirmOwnPassword } from "../confirm-actions.ts";
import { demoClientCertificate } from "../demo-actions.ts";
import { ConnectionForm } from "../form/connection-form.tsx";
import { FormWords } from "../form/form-words.tsx";
import { importConnections } from "../form/import-actions.ts";
import { labelConnections } from "../list/list-actions.ts";
import { knownLabels } from "../list/list-connections.ts";
import { connectUnsaved } from "../unsaved-actions.ts";

interface Props {
  readonly searchParams: Promise<{ readonly provider?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("form"))("newTitle") };
}

/** The form for a connection that is not saved yet; `?provider=` begins with that provider's defaults. */
export default async function NewConnectionPage({ searchParams }: Props) {
  const actor = await pageActor("connections:save");
  const opened = await workspace();
  const given = opened.ok ? await opened.value.givenRoots.kinds() : undefined;
  const givenRoots = given?.ok ? given.value : noGivenRoots;
  const [face, shell, form] = await Promise.all([
    getTranslations("face"),
    getTranslations("shell"),
    getTranslations("form"),
  ]);
  const { provider: asked } = await searchParams;
  const provider = typeof asked === "string" ? findProvider(asked) : undefined;
  return (
    <FormWords>
      <Breadcrumb
        label={face("breadcrumb")}
        above={[{ href: "/connections", label: shell("connections") }]}
        here={form("newTitle")}
      />
      <ConnectionForm
        keptFor={actor.id}
        {...((await demoNotes()) && { demoClient: demoClientCertificate })}
        givenRoots={givenRoots}
        {...(provider && {
          begin: {
            provider: provider.id,
            values: { ...newFormValues, ...providerChange(provider, newFormValues, givenRoots) },
          },
        })}
        save={saveConnection}
        connect={connectUnsaved}
        confirm={confirmOwnPassword}
        strongest={findStrongest}
        look={lookAtServer}
        importAll={importConnections}
        labels={{ group: "", tags: [], known: await knownLabels(actor), label: labelConnections }}
      />
    </FormWords>
  );
}
