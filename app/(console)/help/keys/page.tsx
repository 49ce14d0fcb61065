import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { keysOfChanges } from "../../connections/[id]/changes/keys-of-changes.ts";
import { workbenchKeys } from "../../connections/[id]/workbench-keys.ts";
import { pageKeys } from "../../palette/palette-entry.ts";
import { writtenKeys } from "../../palette/written-keys.ts";
import { HelpTabs } from "../help-tabs.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("help"))("keys.title") };
}

/** Every key of the console and of its connected view, as their own lists (?) have them. */
export default async function KeysPage() {
  await pageActor("connections:read");
  const t = await getTranslations("help.keys");
  const anywhere = await getTranslations("palette.pageKeys");
  const look = await getTranslations("browse.keys");
  const change = await getTranslations("changes.keys");
  return (
    <>
      <HelpTabs here={t("title")} />
      <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mt-1 mb-6 max-w-[70ch] text-muted">{t("lead")}</p>
      <div className="grid items-start gap-x-10 gap-y-7 lg:grid-cols-2">
        <KeyTable title={t("looking")} keys={workbenchKeys.map(([name, key]) => [key, look(name)])} />
        <div className="grid gap-y-7">
          <KeyTable
            title={t("anywhere")}
            keys={pageKeys.map((name) => [writtenKeys[name], anywhere(name)])}
          />
          <KeyTable title={t("changing")} keys={keysOfChanges.map(([name, key]) => [key, change(name)])} />
        </div>
      </div>
    </>
  );
}

function KeyTable({
  title,
  keys,
}: {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, does: string])[];
}) {
  return (
    <section>
      <h2 className="mb-2 text-lg font-semibold">{title}</h2>
      <dl className="divide-y divide-line border-line border-y">
        {keys.map(([key, does]) => (
          <div
            key={does}
            className="grid grid-cols-[12.5rem_minmax(0,1fr)] items-baseline gap-x-4 py-1.5 max-sm:grid-cols-1"
          >
            <dt>
              <kbd className="rounded-sm border border-line bg-sunken px-1.5 py-px font-mono text-xs">
                {key}
              </kbd>
            </dt>
            <dd className="first-letter:uppercase">{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
