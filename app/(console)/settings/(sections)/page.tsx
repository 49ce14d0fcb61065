import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { ConnectionsSection } from "../connections-section.tsx";
import { SettingsWords } from "../settings-words.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("title") };
}

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** What is saved, to edit, duplicate or delete; `?search=` narrows it, `?page=` leads on. */
export default async function ConnectionsPage({ searchParams }: Props) {
  await pageActor("own:settings");
  const { search, page } = await searchParams;
  return (
    <SettingsWords of="connections">
      <ConnectionsSection
        search={firstOf(search).slice(0, 200).trim()}
        page={Number.parseInt(firstOf(page), 10) || 1}
      />
    </SettingsWords>
  );
}

function firstOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
