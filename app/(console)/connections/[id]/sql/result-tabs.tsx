"use client";

import { CircleCheck, CircleDashed, CircleX, Info, LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId, useRef } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { classes } from "#components/ui/classes.ts";
import type { Script, ScriptItem } from "./use-script.ts";

interface Props {
  readonly script: Script;
  /** The result that is shown. */
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  /** The result itself. */
  readonly children: ReactNode;
}

/** The results of a script, a tab each; of a single statement its result alone. */
export function ResultTabs({ script, selected, onSelect, children }: Props) {
  const t = useTranslations("statements.script");
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const { items } = script;
  const shown = items[selected];
  const body = shown === undefined ? null : <ItemBody item={shown}>{children}</ItemBody>;
  if (items.length === 1) {
    return (
      <>
        <ScriptOutcome script={script} />
        {body}
      </>
    );
  }
  const move = (to: number) => {
    const next = Math.min(items.length - 1, Math.max(0, to));
    onSelect(next);
    list.current?.querySelectorAll<HTMLButtonElement>("[role=tab]")[next]?.focus();
  };
  return (
    <>
      <ScriptOutcome script={script} />
      <div
        ref={list}
        role="tablist"
        aria-label={t("results")}
        className="flex gap-0.5 overflow-x-auto border-line border-t bg-canvas/50 px-2 pt-1.5"
      >
        {items.map((item, index) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: they never change their places
            key={index}
            type="button"
            role="tab"
            id={`${id}-${index}`}
            aria-selected={index === selected}
            aria-controls={`${id}-panel`}
            tabIndex={index === selected ? 0 : -1}
            onClick={() => onSelect(index)}
            onKeyDown={({ key }) => {
              const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: items.length - 1 }[key];
              if (to !== undefined) move(to);
            }}
            className={classes(
              "flex max-w-56 shrink-0 items-center gap-1.5 rounded-t-md border border-b-0 px-2.5 py-1 text-xs",
              index === selected
                ? "border-line bg-surface font-medium text-ink"
                : "border-transparent text-muted hover:text-ink",
            )}
          >
            <ItemMark item={item} isRunning={script.phase === "running" && index === script.at} />
            <span className="truncate font-mono">
              {t("result", { number: index + 1, begins: item.piece.begins })}
            </span>
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${selected}`}>
        {body}
      </div>
    </>
  );
}

function ItemMark({ item, isRunning }: { readonly item: ScriptItem; readonly isRunning: boolean }) {
  const look = "size-3.5 shrink-0";
  if (item.piece.does === "say") return <Info aria-hidden className={classes(look, "text-accent")} />;
  if (isRunning && item.state?.phase !== "ended") {
    return <LoaderCircle aria-hidden className={classes(look, "spin text-accent")} />;
  }
  if (item.state?.end === undefined)
    return <CircleDashed aria-hidden className={classes(look, "text-muted")} />;
  return item.state.end.type === "done" ? (
    <CircleCheck aria-hidden className={classes(look, "text-success")} />
  ) : (
    <CircleX aria-hidden className={classes(look, "text-danger")} />
  );
}

/** What a script came to as a whole; announced. */
function ScriptOutcome({ script }: { readonly script: Script }) {
  const t = useTranslations("statements.script");
  const { items, phase, at, stopped, outcome, whole } = script;
  if (items.length === 1 && !whole) return null;
  const count = items.length;
  const parts =
    phase === "running"
      ? [t("progress", { number: at + 1, count })]
      : [
          stopped ? t("stoppedAt", { number: at + 1, count, ran: at }) : t("allRan", { count }),
          outcome !== undefined && t(`outcome.${outcome}`),
        ];
  const isBad = stopped || outcome === "commit-failed" || outcome === "ended-itself";
  return (
    <p
      role="status"
      data-script={phase}
      className={classes(
        "border-line border-t px-3 py-1.5 text-[0.8125rem]",
        isBad ? "text-danger" : "text-muted",
      )}
    >
      {parts.filter((part) => part !== false).join(" ")}
    </p>
  );
}

function ItemBody({ item, children }: { readonly item: ScriptItem; readonly children: ReactNode }) {
  const t = useTranslations("statements");
  const { piece, state } = item;
  if (piece.does === "say") {
    return (
      <div className="border-line border-t px-3 py-2">
        <Alert tone="info" role="status" title={<PsqlTitle command={piece.begins} />}>
          <p className="text-[0.8125rem]">{t(`psql.${piece.says}`)}</p>
        </Alert>
      </div>
    );
  }
  if (state === undefined) {
    return <p className="border-line border-t px-3 py-2 text-[0.8125rem] text-muted">{t("script.notRun")}</p>;
  }
  return children;
}

function PsqlTitle({ command }: { readonly command: string }) {
  const t = useTranslations("statements.psql");
  return <CellText text={t("title", { command })} />;
}
