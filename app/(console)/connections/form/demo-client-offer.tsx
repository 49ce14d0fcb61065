"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { FormChange } from "#lib/settings/form-values.ts";
import type { DemoClientAction } from "./demo-client-action.ts";
import { useFormSetting } from "./form-setting.tsx";

interface Props {
  /** The problem that is shown. */
  readonly code: string;
  readonly onApply: (change: FormChange) => void;
}

/** In the demo alone: the client certificate that its server asks for, with its key, in one click. */
export function DemoClientOffer({ code, onApply }: Props) {
  const t = useTranslations("form");
  const { demoClient } = useFormSetting();
  const [state, setState] = useState<"idle" | "asking" | "failed">("idle");
  if (demoClient === undefined || !asksForOne.includes(code)) return null;

  async function give(ask: DemoClientAction): Promise<void> {
    setState("asking");
    const answered = await ask().catch(() => undefined);
    setState(answered?.ok ? "idle" : "failed");
    if (answered?.ok) onApply(answered.value);
  }

  return (
    <div className="flex flex-col items-start gap-1 rounded-md bg-surface p-2">
      <Button size="wrap" pending={state === "asking"} onClick={() => void give(demoClient)}>
        {t("result.apply", { title: t("demo.give") })}
      </Button>
      <p className="text-xs text-muted">{t(state === "failed" ? "result.lost" : "demo.lead")}</p>
    </div>
  );
}

const asksForOne: readonly string[] = ["auth-client-certificate-missing", "client-certificate-required"];
