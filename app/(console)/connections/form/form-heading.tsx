"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { ProfileView } from "#lib/profiles/view.ts";

/** Which connection the form is of. */
export function FormHeading({
  view,
  viewOnly,
}: {
  readonly view: ProfileView | undefined;
  readonly viewOnly: boolean;
}) {
  const t = useTranslations("form");
  const format = useFormatter();
  return (
    <header className="mb-5">
      <h1 className="text-2xl font-semibold tracking-tight break-words">
        {view === undefined
          ? t("newTitle")
          : t(viewOnly ? "viewTitle" : "editTitle", { name: view.values.name })}
      </h1>
      <p className="text-muted">
        {view === undefined || view.unsaved
          ? t("newLead")
          : t("editLead", {
              when: format.dateTime(new Date(view.updatedAt), { dateStyle: "medium", timeStyle: "short" }),
            })}
      </p>
    </header>
  );
}
