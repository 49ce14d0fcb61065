"use client";

import { Check, Circle, Minus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { classes } from "#components/ui/classes.ts";
import { Spinner } from "#components/ui/spinner.tsx";
import { type StepName, stepNames } from "#lib/problems/step-names.ts";
import { readableMs } from "#lib/rounded-ms.ts";
import type { StepReport } from "#lib/wire/report.ts";
import type { AttemptState } from "./attempt-state.ts";

/** `unchecked`: the step was reached, but the mode asks for no check there. */
type StepState = StepReport["state"] | "running" | "waiting" | "unchecked";

/**
 * The steps of a connection, live: each with its state, its time as a bar that begins where the one before it ended,
 * and what it found, whole. Loaded with the first test.
 */
export function ConnectionSteps({ state }: { readonly state: AttemptState }) {
  const t = useTranslations("form.result");
  const words = useTranslations("outcome");
  const { steps, running, current, end } = state;
  const spent = steps.reduce((sum, { ms }) => sum + ms, 0);
  const total = end?.type === "done" ? Math.max(end.report.ms, spent) : spent;
  let before = 0;
  let line = "";
  const rows = stepNames.map((name) => {
    const report = steps.find((step) => step.name === name);
    const begins = before;
    before += report?.ms ?? 0;
    const found = report === undefined ? "" : factLine(report);
    // The one address that a name has is the one that is dialled.
    const seen = found === line ? "" : found;
    line = found;
    return { name, report, begins, seen };
  });
  return (
    <div className="min-w-0 lg:col-start-1 lg:row-start-1">
      <ol aria-label={t("steps")} aria-busy={running} className="flex flex-col">
        {rows.map((row) => (
          <Step key={row.name} {...row} spent={spent} running={current === row.name} />
        ))}
      </ol>
      {spent > 0 && (
        <p className="mt-1.5 flex justify-between gap-3 border-t border-line pt-1.5 pl-6.5 text-[0.8125rem] font-medium">
          <span>{words("total")}</span>
          <span>{t("ms", { ms: readableMs(total) })}</span>
        </p>
      )}
    </div>
  );
}

interface StepProps {
  readonly name: StepName;
  readonly report: StepReport | undefined;
  /** What it found, in a line. */
  readonly seen: string;
  readonly running: boolean;
  /** When it began, and how long all steps took: ms. */
  readonly begins: number;
  readonly spent: number;
}

function Step({ name, report, seen, running, begins, spent }: StepProps) {
  const t = useTranslations("form.result");
  const words = useTranslations("steps.names");
  const state = stepState(report, running);
  const timed = report !== undefined && report.state !== "skipped";
  return (
    <li
      data-state={state}
      className="relative grid grid-cols-[1rem_minmax(0,1fr)_2rem_auto] gap-x-2.5 py-0.75 text-[0.8125rem] before:absolute before:top-6 before:-bottom-0.5 before:left-[0.46875rem] before:w-px before:bg-line last:before:hidden sm:grid-cols-[1rem_minmax(0,14rem)_minmax(3rem,1fr)_auto]"
    >
      <StepMark state={state} />
      <span className={classes("min-w-0", state === "failed" && "text-danger", look[state])}>
        {words(name)}
        <span className={said.has(state) ? "ml-2 font-normal" : "sr-only"}>{t(`states.${state}`)}</span>
      </span>
      <span aria-hidden className="flex items-center">
        {timed && spent > 0 && <TimeBar from={begins / spent} share={report.ms / spent} state={state} />}
      </span>
      <span className="min-w-13 text-right text-muted">
        {timed && t("ms", { ms: readableMs(report.ms) })}
      </span>
      {seen !== "" && <span className="col-span-3 col-start-2 min-w-0 text-muted wrap-anywhere">{seen}</span>}
    </li>
  );
}

const look: Readonly<Record<StepState, string>> = {
  passed: "font-medium",
  failed: "font-semibold",
  running: "font-medium",
  waiting: "text-muted",
  skipped: "text-muted",
  unchecked: "text-muted",
};

/** What the mark alone does not tell everybody. */
const said: ReadonlySet<StepState> = new Set(["failed", "running", "skipped", "unchecked"]);

function stepState(report: StepReport | undefined, running: boolean): StepState {
  if (report === undefined) return running ? "running" : "waiting";
  return report.state === "passed" && report.facts.checked === false ? "unchecked" : report.state;
}

/** Drawn by attributes: a style would be refused by the page's own policy where the server writes it. */
function TimeBar({ from, share, state }: { from: number; share: number; state: StepState }) {
  const width = Math.max(share * 100, 1.5);
  return (
    <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" className="h-1.5 w-full">
      <rect width="100" height="6" className="fill-sunken" />
      <rect
        x={Math.min(from * 100, 100 - width)}
        width={width}
        height="6"
        className={state === "failed" ? "fill-danger" : "fill-accent"}
      />
    </svg>
  );
}

function StepMark({ state }: { readonly state: StepState }) {
  const mark = "relative mt-0.5 size-4 shrink-0";
  switch (state) {
    case "passed":
      return (
        <Check aria-hidden className={classes(mark, "rounded-full bg-success-soft p-0.5 text-success")} />
      );
    case "failed":
      return <X aria-hidden className={classes(mark, "rounded-sm bg-danger p-0.5 text-danger-ink")} />;
    case "running":
      return <Spinner className={classes(mark, "rounded-full bg-surface text-accent")} />;
    case "skipped":
    case "unchecked":
      return <Minus aria-hidden className={classes(mark, "rounded-full bg-sunken p-0.5 text-muted")} />;
    default:
      return <Circle aria-hidden className={classes(mark, "bg-surface p-1 text-control")} />;
  }
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
  if (facts.checked === false || facts.answer === yes) return "";
  return telling[name]
    .map((fact) => facts[fact])
    .filter((fact) => fact !== undefined && fact !== null)
    .map((fact) => (Array.isArray(fact) ? fact.join(", ") : String(fact)))
    .join(" · ");
}

/** A server's whole answer to SSLRequest, where it takes part: that the step passed says the same. */
const yes = "S";
