import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LostPage } from "../lost-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("shell.notFound"))("title") };
}

/** What is not there, or not for this person: said inside the frame, from which one goes on. */
export default function ConsoleNotFound() {
  return <LostPage />;
}
