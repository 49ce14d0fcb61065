import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { findStrongest, lookAtServer, saveConnection, testConnection } from "../actions.ts";
import { ConnectionForm } from "../connection-form.tsx";
import { FormWords } from "../form-words.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("form"))("newTitle") };
}

/** The form for a connection that is not saved yet. */
export default async function NewConnectionPage() {
  await pageActor("connections:save");
  return (
    <FormWords>
      <ConnectionForm
        test={testConnection}
        save={saveConnection}
        strongest={findStrongest}
        look={lookAtServer}
      />
    </FormWords>
  );
}
