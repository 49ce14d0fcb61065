"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { OutcomePlace } from "../attempt/outcome-place.ts";
import type { DemoClientAction } from "./demo-client-action.ts";

/** Whether the demo can help with a problem, by its code: no other console has a certificate to give. */
export function offersDemoClient(code: string, demoClient: DemoClientAction | undefined): boolean {
  return demoClient !== undefined && asksForOne.includes(code);
}

/** In the demo alone: the client certificate that its server asks for, with its key, in one click. */
export function DemoClientOffer({ demoClient, onApply }: Pick<OutcomePlace, "demoClient" | "onApply">) {
  const t = useTranslations("form");
  const words = useTranslations("outcome");
  const [state, setState] = useState<"idle" | "asking" | "failed">("idle");
  if (demoClient === undefined || onApply === undefined) return null;

  async function give(ask: DemoClientAction, apply: NonNullable<typeof onApply>): Promise<void> {
    setState("asking");
    const answered = await ask().catch(() => undefined);
    setState(answered?.ok ? "idle" : "failed");
    if (answered?.ok) apply(answered.value);
  }

  return (
    <>
      <h4 className="text-sm font-semibold">{t("demo.give")}</h4>
      <p className="text-muted">{t(state === "failed" ? "result.lost" : "demo.lead")}</p>
      <Button
        size="sm"
        look="primary"
        className="mt-auto self-start"
        aria-label={t("result.apply", { title: t("demo.give") })}
        pending={state === "asking"}
        onClick={() => void give(demoClient, onApply)}
      >
        {words("apply")}
      </Button>
    </>
  );
}

const asksForOne: readonly string[] = ["auth-client-certificate-missing", "client-certificate-required"];
