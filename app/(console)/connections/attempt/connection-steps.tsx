"use client";

import { Check, Circle, Minus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { classes } from "#components/ui/classes.ts";
import { Spinner } from "#components/ui/spinner.tsx";
import { type StepName, stepNames } from "#lib/problems/step-names.ts";
import type { StepReport } from "#lib/wire/report.ts";
import type { AttemptState } from "./use-attempt.ts";

/** `unchecked`: the step was reached, but the mode asks for no check there. */
type StepState = StepReport["state"] | "running" | "waiting" | "unchecked";

/** The steps of a connection, live: each with its state and milliseconds. */
export function ConnectionSteps({ state }: { readonly state: AttemptState }) {
  const t = useTranslations("form.result");
  return (
    <ol aria-label={t("steps")} aria-busy={state.running} className="flex flex-col">
      {stepNames.map((name) => (
        <Step
          key={name}
          name={name}
          report={state.steps.find((step) => step.name === name)}
          running={state.current === name}
        />
      ))}
    </ol>
  );
}

interface StepProps {
  readonly name: StepName;
  readonly report: StepReport | undefined;
  readonly running: boolean;
}

function Step({ name, report, running }: StepProps) {
  const t = useTranslations("form.result");
  const words = useTranslations("steps.names");
  const state = stepState(report, running);
  const seen = state === "unchecked" ? t("states.unchecked") : report === undefined ? "" : factLine(report);
  return (
    <li
      data-state={state}
      className="relative flex items-baseline gap-2.5 py-[3px] text-[0.8125rem] before:absolute before:top-[1.05rem] before:left-[0.46875rem] before:h-[calc(100%-0.65rem)] before:w-px before:bg-line last:before:hidden"
    >
      <StepMark state={state} />
      <span className={classes("min-w-0", quiet.has(state) ? "text-muted" : "font-medium")}>
        {words(name)}
      </span>
      <span className="sr-only">{t(`states.${state}`)}</span>
      <span className="min-w-0 flex-1 truncate text-xs text-muted" title={seen}>
        {seen}
      </span>
      {report !== undefined && report.state !== "skipped" && (
        <span className="shrink-0 text-xs text-muted">{t("ms", { ms: milliseconds(report.ms) })}</span>
      )}
    </li>
  );
}

const quiet: ReadonlySet<StepState> = new Set(["waiting", "skipped", "unchecked"]);

function stepState(report: StepReport | undefined, running: boolean): StepState {
  if (report === undefined) return running ? "running" : "waiting";
  return report.state === "passed" && report.facts.checked === false ? "unchecked" : report.state;
}

function StepMark({ state }: { readonly state: StepState }) {
  const look = "relative size-4 shrink-0 translate-y-[3px]";
  switch (state) {
    case "passed":
      return (
        <Check aria-hidden className={classes(look, "rounded-full bg-success-soft p-0.5 text-success")} />
      );
    case "failed":
      return <X aria-hidden className={classes(look, "rounded-full bg-danger p-0.5 text-danger-ink")} />;
    case "running":
      return <Spinner className={classes(look, "rounded-full bg-surface text-accent")} />;
    case "skipped":
    case "unchecked":
      return <Minus aria-hidden className={classes(look, "rounded-full bg-sunken p-0.5 text-muted")} />;
    default:
      return <Circle aria-hidden className={classes(look, "bg-surface p-1 text-control")} />;
  }
}

/** One decimal below ten, none above. */
export function milliseconds(ms: number): string {
  return ms < 9.95 ? ms.toFixed(1) : String(Math.round(ms));
}

/** The little of a step's evidence that says most; the whole of it stands under the result. */
const telling: Readonly<Record<StepName, readonly string[]>> = {
  name: ["addresses"],
  address: ["address", "errors"],
  "tls-request": ["answer", "message"],
  handshake: ["protocol", "cipher", "alert"],
  chain: ["reason"],
  "host-name": ["names"],
  "sign-in": ["method", "sqlstate"],
  session: ["version", "database", "sqlstate"],
};

function factLine({ name, facts }: StepReport): string {
  return telling[name]
    .map((fact) => facts[fact])
    .filter((fact) => fact !== undefined && fact !== null)
    .map((fact) => (Array.isArray(fact) ? fact.join(", ") : String(fact)))
    .join(" · ");
}
