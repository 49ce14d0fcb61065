import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("shell.notFound"))("title") };
}

/** Every path that nothing else answers: not found, inside the frame. Strangers are asked to sign in first. */
export default async function NowherePage() {
  await pageActor("connections:read");
  notFound();
}
