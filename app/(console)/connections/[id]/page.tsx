import { Pencil } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache, Suspense } from "react";
import { pageActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { EnvironmentMark } from "#components/ui/environment-mark.tsx";
import { CopyAsButton } from "../../copy-as/copy-as-button.tsx";
import { Connecting } from "./connecting.tsx";
import { OpenedSession } from "./opened-session.tsx";
import { SessionWords } from "./session-words.tsx";
import { ReconnectButton } from "./workbench.tsx";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await pageActor("connections:use");
  const profile = await findProfile((await params).id);
  return { title: profile?.name ?? (await getTranslations("session"))("titleOf") };
}

/** The connected view: the page stands at once, the session comes when the server has answered. */
export default async function ConnectionPage({ params }: Props) {
  const actor = await pageActor("connections:use");
  const { id } = await params;
  const profile = await findProfile(id);
  if (profile === undefined) notFound();
  const { name, environment, host } = profile;
  const t = await getTranslations("session");
  return (
    <SessionWords>
      <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 max-w-full truncate font-semibold text-2xl tracking-tight">{name}</h1>
        <EnvironmentMark environment={environment} label={t(`environment.${environment}`)} />
        <div className="ml-auto flex flex-wrap justify-end gap-2">
          <Link
            href={`/settings/connections/${encodeURIComponent(id)}`}
            prefetch={false}
            aria-label={t("editNamed", { name })}
            className={buttonClasses({})}
          >
            <Pencil aria-hidden className="size-4" />
            {t("edit")}
          </Link>
          <CopyAsButton source={{ id }} />
          <ReconnectButton label={t("reconnect")} />
        </div>
      </div>
      <Suspense fallback={<Connecting host={host} />}>
        <OpenedSession
          actor={actor}
          connectionId={id}
          host={host}
          readOnlyFirst={environment === "production"}
        />
      </Suspense>
    </SessionWords>
  );
}

/** Read once a request, for the title and the page. */
const findProfile = cache(async (id: string) => {
  const opened = await workspace();
  const found = opened.ok ? await opened.value.profiles.find(id) : undefined;
  return found?.ok ? found.value : undefined;
});
