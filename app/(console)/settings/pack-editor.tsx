"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import type { Answer, Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ChooseFileButton } from "#components/ui/choose-file-button.tsx";
import { DropArea } from "#components/ui/drop-area.tsx";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import type { ReadPack } from "./read-pack.ts";
import { keepRoots, lookAtRoots } from "./trust-actions.ts";

/** An action takes a megabyte, and base64 a third more than the file. */
const mostBytes = 700_000;

interface Props {
  readonly rootsId: string;
  readonly name: string;
  readonly isShipped: boolean;
  readonly onKept: () => void;
  readonly onCancel: () => void;
}

interface Looked {
  readonly files: readonly { readonly name: string; readonly base64: string }[];
  readonly pack: ReadPack;
}

type Way = "add" | "replace";

/** Takes a provider's bundle, shows what is in it by fingerprint, and keeps it once somebody has compared. */
export function PackEditor({ rootsId, name, isShipped, onKept, onCancel }: Props) {
  const t = useTranslations("roots.editor");
  const [looked, setLooked] = useState<Looked>();
  const [way, setWay] = useState<Way>("add");
  const [trouble, setTrouble] = useState<Explained | "too-large" | "failed">();
  const [busy, startBusy] = useTransition();

  function ask<T>(question: () => Promise<Answer<T>>, then: (value: T) => void) {
    startBusy(async () => {
      const answer = await question().catch(() => undefined);
      setTrouble(answer === undefined ? "failed" : answer.ok ? undefined : answer.explained);
      if (answer?.ok) then(answer.value);
    });
  }

  function give(chosen: readonly File[]) {
    setLooked(undefined);
    if (chosen.reduce((sum, file) => sum + file.size, 0) > mostBytes) return setTrouble("too-large");
    startBusy(async () => {
      const files = await Promise.all(chosen.map(encoded));
      ask(
        () => lookAtRoots({ rootsId, files }),
        (pack) => setLooked({ files, pack }),
      );
    });
  }

  return (
    <section
      aria-label={t("label", { name })}
      className="flex w-full flex-col gap-3 rounded-md border border-line bg-sunken p-3"
    >
      <DropArea className="gap-x-2 text-[0.8125rem]" onFiles={give}>
        {() => (
          <>
            {t("drop")}
            <ChooseFileButton
              label={t("choose")}
              multiple
              pending={busy}
              testId="provider-bundle"
              onFiles={give}
            />
            <span className="text-muted">{t("hint")}</span>
          </>
        )}
      </DropArea>
      <Trouble trouble={trouble} />
      {looked !== undefined && <Found pack={looked.pack} />}
      {looked !== undefined && isShipped && (
        <RadioCards
          label={t("way")}
          name={`way-${rootsId}`}
          value={way}
          onChange={setWay}
          columns="sm:grid-cols-2"
          cards={(["add", "replace"] as const).map((value) => ({
            value,
            title: t(`ways.${value}`),
            meaning: t(`meanings.${value}`),
          }))}
        />
      )}
      <div className="flex flex-wrap gap-2">
        {looked !== undefined && (
          <Button
            size="sm"
            look="primary"
            pending={busy}
            onClick={() => ask(() => keepRoots({ rootsId, files: looked.files, way }), onKept)}
          >
            {t("keep")}
          </Button>
        )}
        <Button size="sm" look="quiet" onClick={onCancel}>
          {t("cancel")}
        </Button>
      </div>
    </section>
  );
}

function Trouble({ trouble }: { readonly trouble: Explained | "too-large" | "failed" | undefined }) {
  const t = useTranslations("roots.editor");
  if (trouble === undefined) return null;
  if (trouble === "too-large") return <Alert tone="danger" role="alert" title={t("tooLarge")} />;
  if (trouble === "failed") return <Alert tone="danger" role="alert" title={t("failed")} />;
  return (
    <Alert tone="danger" role="alert" problem={trouble.problem.code} title={trouble.title}>
      {trouble.fix}
    </Alert>
  );
}

function Found({ pack: { roots, leftOut } }: { readonly pack: ReadPack }) {
  const t = useTranslations("roots.editor");
  const format = useFormatter();
  return (
    <div role="status" className="flex flex-col gap-2 text-[0.8125rem]">
      <p>{t("found", { count: roots.length })}</p>
      <ul className="flex max-h-72 flex-col gap-2 overflow-y-auto">
        {roots.map(({ subject, sha256, notAfter, known }) => (
          <li key={sha256}>
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className="break-words">{subject}</span>
              <span className="text-muted">
                {t("until", { when: format.dateTime(new Date(notAfter), { dateStyle: "medium" }) })}
              </span>
              <Badge tone={known ? "neutral" : "accent"}>{t(known ? "known" : "new")}</Badge>
            </p>
            <p className="font-mono text-xs break-all text-muted">{sha256}</p>
          </li>
        ))}
      </ul>
      {leftOut.notRoots > 0 && <p className="text-muted">{t("notRoots", { count: leftOut.notRoots })}</p>}
      {leftOut.expired > 0 && <p className="text-muted">{t("expired", { count: leftOut.expired })}</p>}
    </div>
  );
}

async function encoded(file: File) {
  let binary = "";
  for (const byte of new Uint8Array(await file.arrayBuffer())) binary += String.fromCharCode(byte);
  return { name: file.name.slice(0, 256), base64: btoa(binary) };
}
