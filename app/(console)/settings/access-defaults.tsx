"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useRef, useState, useTransition } from "react";
import type { Answer, Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { useFocusKept } from "#components/use-focus-kept.ts";
import { type Level, levels } from "#lib/team/access.ts";
import { useToast } from "../toasts.tsx";
import { setDefaultAccess, tightenAccess } from "./access-actions.ts";
import { SaveBar } from "./save-bar.tsx";
import { useChanges } from "./use-changes.ts";

/** What owners set for the whole console: everybody else's access, and an end to connections that everybody manages. */
export function AccessDefaults({ rest, open }: { readonly rest: Level; readonly open: number }) {
  const t = useTranslations("rights");
  const router = useRouter();
  const { values, count, change, discard, keep } = useChanges({ rest });
  const form = useRef<HTMLFormElement>(null);
  useFocusKept(form);
  const [failure, setFailure] = useState<Explained>();
  const toast = useToast();
  const [busy, startBusy] = useTransition();

  function run(act: () => Promise<Answer<null>>, done?: () => void) {
    startBusy(async () => {
      const answer = await act();
      setFailure(answer.ok ? undefined : answer.explained);
      if (answer.ok) {
        done?.();
        toast({ text: t("default.saved") });
      }
      router.refresh();
    });
  }

  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    run(() => setDefaultAccess(values.rest), keep);
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
      <form ref={form} data-focus-home onSubmit={save} className="flex flex-col gap-3">
        <SelectField
          label={t("default.label")}
          value={values.rest}
          onChange={({ target }) => change({ rest: levels.find((level) => level === target.value) ?? rest })}
          options={levels.map((level) => ({ value: level, label: t(`levels.${level}`) }))}
          className="sm:max-w-80"
        />
        <SaveBar
          count={count}
          label={t("default.save")}
          pending={busy}
          failure={failure}
          onDiscard={discard}
        />
      </form>
    </Card>
  );
}
