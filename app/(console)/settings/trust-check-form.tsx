"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { ChainPicture } from "#app/(console)/chain/chain-picture.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { FieldFrame } from "#components/ui/field.tsx";
import type { ChainDrawing } from "#lib/connect/chain/chain-drawing.ts";
import { wayChain } from "#lib/connect/chain/way-chain.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { TrustCheck } from "#lib/trust/store-roots.ts";

type Answer =
  | { readonly type: "checked"; readonly check: TrustCheck }
  | { readonly type: "refused"; readonly problem: Problem; readonly title: string; readonly fix: string }
  | { readonly type: "failed" };

/** Which of this console's stores trust a pasted certificate. */
export function TrustCheckForm() {
  const t = useTranslations("settings.trust");
  const chain = useTranslations("chain");
  const format = useFormatter();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer>();
  const day = (iso: string) => format.dateTime(new Date(iso), { dateStyle: "medium" });

  async function check(): Promise<void> {
    setBusy(true);
    setAnswer(await ask(text).catch((): Answer => ({ type: "failed" })));
    setBusy(false);
  }

  return (
    <form
      className="mt-3 flex flex-col items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void check();
      }}
    >
      <FieldFrame className="w-full" label={t("check.box")} hint={t("check.hint")}>
        {(ties) => (
          <textarea
            {...ties}
            rows={5}
            spellCheck={false}
            value={text}
            placeholder="-----BEGIN CERTIFICATE-----"
            onChange={(event) => setText(event.target.value)}
            className="control h-auto font-mono text-xs"
          />
        )}
      </FieldFrame>
      <Button type="submit" size="sm" pending={busy}>
        {t("check.action")}
      </Button>
      <div role="status" aria-label={t("check.result")} className="w-full text-[0.8125rem]">
        {answer?.type === "failed" && <Alert tone="danger" title={t("failed")} />}
        {answer?.type === "refused" && (
          <Alert tone="danger" role="alert" problem={answer.problem.code} title={answer.title}>
            {answer.fix}
          </Alert>
        )}
        {answer?.type === "checked" && (
          <>
            <div className="mt-1 mb-4">
              <ChainPicture drawing={drawingOf(answer.check)} label={chain("label")} />
            </div>
            <p className="font-medium break-words">{answer.check.subject}</p>
            <p className={answer.check.dates === "valid" ? "text-muted" : "text-danger"}>
              {answer.check.dates === "valid"
                ? t("check.valid", { when: day(answer.check.notAfter) })
                : answer.check.dates === "expired"
                  ? t("check.expired", { when: day(answer.check.notAfter) })
                  : t("check.early", { when: day(answer.check.notBefore) })}
            </p>
            <p className="font-mono text-xs break-all text-muted">{answer.check.sha256}</p>
            <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5">
              {answer.check.stores.map(({ store, verdict, end }) => (
                <div key={store} className="contents">
                  <dt className="text-muted">{t(store)}</dt>
                  <dd className={`break-words ${verdict === "trusted" ? "text-success" : ""}`}>
                    {t(`check.${verdict}`, { end })}
                  </dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
    </form>
  );
}

/** The way that leads to a store, to all that answer for it; else the longest that does not. */
function drawingOf({ stores }: TrustCheck): ChainDrawing {
  const trusted = stores.filter(({ verdict }) => verdict === "trusted");
  const [best] = trusted.length > 0 ? trusted : stores.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  if (best === undefined) return [];
  const same = trusted.filter(({ end }) => end === best.end).map(({ store }) => store);
  return wayChain({ ...best.way, store: same.join(",") || best.store });
}

function lengthOf({ way }: TrustCheck["stores"][number]): number {
  return way.certificates.length;
}

async function ask(pem: string): Promise<Answer> {
  const response = await fetch("/api/trust", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ pem }),
  });
  const body: unknown = await response.json();
  if (response.ok) return { type: "checked", check: body as TrustCheck };
  if (typeof body === "object" && body !== null && "title" in body)
    return { type: "refused", ...(body as { problem: Problem; title: string; fix: string }) };
  return { type: "failed" };
}
