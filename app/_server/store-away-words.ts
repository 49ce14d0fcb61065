import "server-only";
import { getFormatter, getTranslations } from "next-intl/server";
import { workspace } from "./workspace.ts";

/** What is to be said while pages are answered from what was read before, in the reader's language; null while they are not. */
export async function storeAwayWords(): Promise<string | null> {
  const opened = await workspace();
  const from = opened.ok ? opened.value.vault.knownFrom() : undefined;
  if (from === undefined) return null;
  const [t, format] = await Promise.all([getTranslations("shell"), getFormatter()]);
  return t("storeAway", { time: format.dateTime(new Date(from), { timeStyle: "short" }) });
}
