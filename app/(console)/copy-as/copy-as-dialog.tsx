"use client";

import { NextIntlClientProvider, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { askGround, type CopyAsGround } from "./ask-copy-as.ts";
import { CopyAsText } from "./copy-as-text.tsx";
import type { CopySource } from "./copy-source.ts";

interface Props {
  readonly source: CopySource;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Fetches what it needs each time it is opened: the connection may have changed meanwhile. */
export function CopyAsDialog({ source, open, onClose }: Props) {
  const t = useTranslations("copyAs");
  const [ground, setGround] = useState<CopyAsGround | "failed">();
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a source made anew with each render is the same one
  useEffect(() => {
    setGround(undefined);
    if (!open) return;
    let left = false;
    askGround(source).then(
      (found) => left || setGround(found),
      () => left || setGround("failed"),
    );
    return () => {
      left = true;
    };
  }, [open, attempt]);

  // Not inside the form that it may be opened from: Enter on a choice would submit that.
  return createPortal(
    <Dialog
      open={open}
      title={t("title")}
      onClose={onClose}
      wide
      foot={<Button onClick={onClose}>{t("close")}</Button>}
    >
      {ground === undefined && (
        <p role="status" className="flex items-center gap-2 text-muted">
          <Spinner /> {t("loading")}
        </p>
      )}
      {ground === "failed" && (
        <Alert tone="danger" role="alert" title={t("failed")}>
          <Button size="sm" className="mt-2" onClick={() => setAttempt(attempt + 1)}>
            {t("again")}
          </Button>
        </Alert>
      )}
      {ground !== undefined && ground !== "failed" && (
        <NextIntlClientProvider locale={ground.words.locale} messages={{ copyAs: ground.words.copyAs }}>
          <CopyAsText ground={ground} />
        </NextIntlClientProvider>
      )}
    </Dialog>,
    document.body,
  );
}
