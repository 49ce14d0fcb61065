"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { type Held, isHolding, type LostSession } from "#lib/session/held.ts";
import type { TabHandle } from "./use-tab.ts";

interface Props {
  readonly tab: TabHandle;
  /** A statement runs: nothing rests. */
  readonly busy: boolean;
  /** Runs what stands in the box, in a new session. */
  readonly onRunAnew: () => void;
}

/** What the tab's own session holds, how long it still lives, and what was lost with one that is gone. */
export function SessionStrip({ tab, busy, onRunAnew }: Props) {
  const t = useTranslations("session.tab");
  const { session, lost, elsewhere, copied } = tab.state;
  if (elsewhere)
    return (
      <Strip tone="warn" action={<Action label={t("takeOver")} onClick={tab.takeOver} />}>
        {t("elsewhere")}
      </Strip>
    );
  if (lost !== undefined)
    return (
      <Strip tone="danger" action={<Action label={t("runAnew")} disabled={busy} onClick={onRunAnew} />}>
        <Lost lost={lost} />
      </Strip>
    );
  if (copied) return <Strip>{t("copied")}</Strip>;
  if (session === undefined) return null;
  if (session.shared && session.transaction === "none") return <Strip>{t("shared")}</Strip>;
  if (session.endsInMs === null) return null;
  return <Holding key={tab.state.at} tab={tab} busy={busy} />;
}

function Holding({ tab, busy }: Pick<Props, "tab" | "busy">) {
  const t = useTranslations("session.tab");
  const parts = useHeldParts();
  const { session, at } = tab.state;
  const now = useSeconds();
  const passed = now - at;
  const left = busy || session?.endsInMs == null ? Number.POSITIVE_INFINITY : session.endsInMs - passed;
  const isOver = left < -graceMs;
  const { look } = tab;
  useEffect(() => {
    if (isOver) look();
  }, [isOver, look]);
  if (session === undefined) return null;
  const { transaction, openMs } = session;
  const list = [
    t("own"),
    ...(session.shared ? [t("shared")] : []),
    ...parts(session.held),
    ...(transaction === "none" || openMs === null ? [] : [t(transaction, { time: clock(openMs + passed) })]),
  ];
  return (
    <Strip tone={left <= shownMs ? "warn" : undefined}>
      {list.map((part, place) => (
        <span key={part}>
          {place > 0 && " · "}
          <CellText text={part} />
        </span>
      ))}
      {left <= shownMs && (
        <span className="ml-2 font-medium text-warn">
          {t(transaction === "none" ? "endsIn" : "rolledBackIn", { time: clock(Math.max(0, left)) })}
        </span>
      )}
    </Strip>
  );
}

/** From when on the countdown shows, ms. */
const shownMs = 60_000;
/** The console has ended it by then, ms. */
const graceMs = 1_500;

function Lost({ lost }: { readonly lost: LostSession }) {
  const t = useTranslations("session.tab");
  const parts = useHeldParts();
  const list = [...(lost.transaction ? [t("transaction")] : []), ...parts(lost.held)];
  return (
    <>
      <span className="font-medium text-danger">{t("lost")}</span>{" "}
      {list.length > 0 ? (
        <>
          {t("lostList")} <CellText text={list.join(", ")} />.
        </>
      ) : (
        t("lostUnknown")
      )}
    </>
  );
}

/** What a session holds, a piece of text each. */
export function useHeldParts(): (held: Held) => readonly string[] {
  const t = useTranslations("session.tab");
  return (held) => {
    const { searchPath, role } = held;
    const settings = held.settings.filter((name) => searchPath === null || name !== "search_path");
    const counted = (["temporary", "prepared", "cursors", "channels", "locks"] as const).filter(
      (kind) => held[kind] > 0,
    );
    if (!isHolding(held)) return [];
    return [
      ...(role === null ? [] : [t("role", { role })]),
      ...(searchPath === null ? [] : [`search_path=${searchPath}`]),
      ...(settings.length === 0
        ? []
        : [t("settings", { names: settings.join(", "), count: settings.length })]),
      ...counted.map((kind) => t(kind, { count: held[kind] })),
    ];
  };
}

interface StripProps {
  readonly tone?: "warn" | "danger" | undefined;
  readonly action?: React.ReactNode;
  readonly children: React.ReactNode;
}

function Strip({ tone, action, children }: StripProps) {
  const t = useTranslations("session.tab");
  return (
    <section
      aria-label={t("label")}
      className={classes(
        "flex flex-wrap items-center gap-x-3 gap-y-1 rounded-t-lg border-line border-b px-3 py-1.5 text-[0.8125rem] tabular-nums",
        tone === "danger" ? "bg-danger-soft" : tone === "warn" ? "bg-warn-soft" : "bg-canvas/50 text-muted",
      )}
    >
      <span {...(tone === "danger" && { role: "alert" })} className="min-w-0 [overflow-wrap:anywhere]">
        {children}
      </span>
      {action !== undefined && <span className="ml-auto">{action}</span>}
    </section>
  );
}

function Action(props: {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}) {
  const { label, ...rest } = props;
  return (
    <Button size="sm" {...rest}>
      {label}
    </Button>
  );
}

function useSeconds(): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** `03:07`, `1:03:07`. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (count: number) => String(count).padStart(2, "0");
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? rest : `${Math.floor(seconds / 3600)}:${rest}`;
}
