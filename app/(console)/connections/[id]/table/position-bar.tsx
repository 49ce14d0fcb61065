"use client";

import {
  ChevronFirst,
  ChevronLast,
  ChevronLeft,
  ChevronRight,
  KeyRound,
  type LucideIcon,
  RefreshCw,
} from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { ReadAt } from "../read-at.tsx";
import { RefusedNote } from "../refused-note.tsx";
import type { CountHandle } from "./use-count.ts";
import type { PageWindow } from "./use-pages.ts";

interface Props {
  /** The page in sight. */
  readonly shown: PageWindow | undefined;
  /** Of rows in all, as far as it is known without counting; null: nobody has told. */
  readonly estimate: number | null;
  /** All rows there are, where the pages that are held begin and end with the table. */
  readonly known: number | undefined;
  readonly counting: CountHandle;
  readonly busy: boolean;
  readonly refreshing: boolean;
  readonly can: { readonly back: boolean; readonly on: boolean; readonly key: boolean };
  readonly onFirst: () => void;
  readonly onBack: () => void;
  readonly onOn: () => void;
  readonly onLast: () => void;
  readonly onKey: () => void;
  readonly onRefresh: () => void;
}

/** Where in the table the rows in sight are, and the ways to others. */
export function PositionBar(props: Props) {
  const { shown, counting, can, busy } = props;
  const t = useTranslations("browse.position");
  const format = useFormatter();
  const { state } = counting;
  const exact = state.phase === "counted" ? state.rows : props.known;
  const total =
    exact !== undefined
      ? t("of", { total: format.number(exact) })
      : props.estimate === null
        ? t("ofUnknown")
        : t("of", { total: `≈ ${format.number(props.estimate)}` });
  return (
    <div className="mt-auto border-line border-t bg-canvas/50 text-xs">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 px-2 py-1">
        <span className="flex">
          <Step label={t("first")} Icon={ChevronFirst} disabled={!can.back} onClick={props.onFirst} />
          <Step label={t("back")} Icon={ChevronLeft} disabled={!can.back} onClick={props.onBack} />
          <Step label={t("on")} Icon={ChevronRight} disabled={!can.on} onClick={props.onOn} />
          <Step label={t("last")} Icon={ChevronLast} disabled={!can.on} onClick={props.onLast} />
        </span>
        <p role="status" aria-label={t("label")} className="tabular-nums">
          {shown !== undefined && (
            <>
              {placeOf(shown)} {total}
            </>
          )}
        </p>
        {state.phase === "none" && exact === undefined && shown !== undefined && (
          <Button size="sm" look="quiet" onClick={() => counting.count(false)}>
            {t("count")}
          </Button>
        )}
        {state.phase === "counting" && (
          <Button size="sm" look="quiet" onClick={counting.stop}>
            {t("countStop")}
          </Button>
        )}
        {state.phase === "slow" && (
          <span className="flex flex-wrap items-center gap-1">
            {t("countSlow")}
            <Button size="sm" onClick={() => counting.count(true)}>
              {t("countOn")}
            </Button>
            <Button size="sm" look="quiet" onClick={counting.stop}>
              {t("countStop")}
            </Button>
          </span>
        )}
        <span className="ml-auto flex flex-wrap items-center gap-1 text-muted">
          {shown !== undefined && (
            <span>
              {t("ms", { ms: format.number(shown.page.ms, { maximumFractionDigits: 1 }) })} ·{" "}
              <ReadAt iso={shown.page.readAt} />
            </span>
          )}
          {can.key && (
            <Button size="sm" look="quiet" aria-keyshortcuts="Control+G" onClick={props.onKey}>
              <KeyRound aria-hidden className="size-3.5" />
              {t("key")}
            </Button>
          )}
          <Button
            size="sm"
            look="quiet"
            aria-keyshortcuts="F5"
            pending={props.refreshing}
            disabled={busy && !props.refreshing}
            onClick={props.onRefresh}
          >
            {!props.refreshing && <RefreshCw aria-hidden className="size-3.5" />}
            {t("refresh")}
          </Button>
        </span>
      </div>
      {state.phase === "refused" && <RefusedNote refused={state.refused} className="m-2" />}
    </div>
  );

  function placeOf({ page, rows, marks }: PageWindow): string {
    const count = rows.length - marks.filter((mark) => mark === "gone").length;
    if (count === 0) return t("none");
    if (page.position === null) return t("some", { count });
    const from = page.position.rows + 1;
    const words = { from: format.number(from), to: format.number(from + count - 1) };
    return t(page.position.exact ? "rows" : "rowsAbout", words);
  }
}

interface StepProps {
  readonly label: string;
  readonly Icon: LucideIcon;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

/** It keeps its focus at the end of the way, too. */
function Step({ label, Icon, disabled, onClick }: StepProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-disabled={disabled}
      onClick={() => {
        if (!disabled) onClick();
      }}
      className="grid size-7 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink aria-disabled:opacity-40 pointer-coarse:size-9"
    >
      <Icon aria-hidden className="size-4" />
    </button>
  );
}
