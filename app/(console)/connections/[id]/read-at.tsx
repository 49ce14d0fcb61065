"use client";

import { useFormatter, useTranslations } from "next-intl";

/** When something was read, in the person's own time zone. */
export function ReadAt({ iso }: { readonly iso: string }) {
  const t = useTranslations("browse");
  const format = useFormatter();
  return (
    <time dateTime={iso}>
      {t("readAt", { time: format.dateTime(new Date(iso), { hour: "2-digit", minute: "2-digit" }) })}
    </time>
  );
}
