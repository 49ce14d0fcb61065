import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LostPage } from "./lost-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("shell.notFound"))("title") };
}

/** What is not there, said to strangers; who is signed in sees `(console)/not-found.tsx`. */
export default function NotFound() {
  return (
    <main>
      <LostPage />
    </main>
  );
}
