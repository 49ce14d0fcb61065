"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState, useTransition } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { useToast } from "../toasts.tsx";
import { dropRoots } from "./trust-actions.ts";

/** Used once in years: loaded when somebody asks. */
const PackEditor = lazy(async () => ({ default: (await import("./pack-editor.tsx")).PackEditor }));

interface Props {
  readonly rootsId: string;
  readonly name: string;
  /** Whether there are roots that given ones can stand beside. */
  readonly isShipped: boolean;
  readonly isGiven: boolean;
}

/** Gives a provider other roots, or takes the given ones away. */
export function PackTools({ rootsId, name, isShipped, isGiven }: Props) {
  const t = useTranslations("roots");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const toast = useToast();
  const [failure, setFailure] = useState<Explained>();
  const [busy, startBusy] = useTransition();

  const drop = () =>
    startBusy(async () => {
      const answer = await dropRoots(rootsId);
      setFailure(answer.ok ? undefined : answer.explained);
      if (answer.ok) toast({ text: t("dropped", { name }) });
      router.refresh();
    });

  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          aria-expanded={open}
          aria-label={t("addNamed", { name })}
          onClick={() => setOpen(!open)}
        >
          {t("add")}
        </Button>
        {isGiven && (
          <Button size="sm" pending={busy} aria-label={t("dropNamed", { name })} onClick={drop}>
            {t("drop")}
          </Button>
        )}
      </div>
      {failure !== undefined && (
        <Alert tone="danger" role="alert" problem={failure.problem.code} title={failure.title}>
          {failure.fix}
        </Alert>
      )}
      {open && (
        <Suspense fallback={null}>
          <PackEditor
            rootsId={rootsId}
            name={name}
            isShipped={isShipped}
            onKept={() => {
              setOpen(false);
              setFailure(undefined);
              toast({ text: t("kept", { name }) });
              router.refresh();
            }}
            onCancel={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
