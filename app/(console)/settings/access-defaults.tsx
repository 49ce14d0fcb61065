"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useState, useTransition } from "react";
import type { Answer, Explained } from "#app/_server/answer.ts";
import { SaveLine } from "#components/save-line.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { type Level, levels } from "#lib/team/access.ts";
import { useToast } from "../toasts.tsx";
import { setDefaultAccess, tightenAccess } from "./access-actions.ts";

/** What owners set for the whole console: everybody else's access, and an end to connections that everybody manages. */
export function AccessDefaults({ rest, open }: { readonly rest: Level; readonly open: number }) {
  const t = useTranslations("rights");
  const router = useRouter();
  const [failure, setFailure] = useState<Explained>();
  const toast = useToast();
  const [busy, startBusy] = useTransition();

  function run(act: () => Promise<Answer<null>>) {
    startBusy(async () => {
      const answer = await act();
      setFailure(answer.ok ? undefined : answer.explained);
      if (answer.ok) toast({ text: t("default.saved") });
      router.refresh();
    });
  }

  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const chosen = new FormData(event.currentTarget).get("rest");
    run(() => setDefaultAccess(chosen));
  }

  return (
    <Card title={t("default.title")} lead={t("default.lead")}>
      {open > 0 && (
        <Alert tone="warn" role="note" title={t("open.title", { count: open })}>
          <p className="my-2 text-[0.8125rem]">{t("open.body", { level: t(`levels.${rest}`) })}</p>
          <Button size="sm" pending={busy} onClick={() => run(tightenAccess)}>
            {t("open.all")}
          </Button>
        </Alert>
      )}
      <form onSubmit={save} className="flex flex-col gap-3">
        <SelectField
          label={t("default.label")}
          name="rest"
          defaultValue={rest}
          options={levels.map((level) => ({ value: level, label: t(`levels.${level}`) }))}
          className="sm:max-w-80"
        />
        <SaveLine label={t("default.save")} pending={busy} failure={failure} />
      </form>
    </Card>
  );
}
