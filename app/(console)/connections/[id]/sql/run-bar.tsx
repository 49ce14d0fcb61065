"use client";

import { ListVideo, Play, Square } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Switch } from "#components/ui/switch.tsx";
import type { Statements } from "./use-statements.ts";

export const rowLimits = [1_000, 10_000, 100_000] as const;

interface Props {
  readonly busy: boolean;
  readonly cancelling: boolean;
  readonly inTransaction: boolean;
  readonly mayWrite: boolean;
  /** Runs are read-only now. */
  readonly protects: boolean;
  /** What unlocks writing, where the connection is locked. */
  readonly unlock: ReactNode;
  readonly unbound: readonly string[] | null;
  readonly statements: Statements;
  readonly whole: boolean;
  readonly rowCap: number;
  readonly onRun: () => void;
  readonly onRunAll: () => void;
  readonly onCancel: () => void;
  readonly onPlan: () => void;
  readonly onFormat: () => void;
  readonly onReadOnly: (readOnly: boolean) => void;
  readonly onWhole: (whole: boolean) => void;
  readonly onRowCap: (rows: number) => void;
}

/** What can be done with the statements, and under which conditions. */
export function RunBar(props: Props) {
  const { busy, inTransaction, protects, statements, rowCap } = props;
  const t = useTranslations("session.sql");
  const words = useTranslations("statements.script");
  const oneIsPossible = !protects && !inTransaction;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-t bg-canvas/50 px-3 py-2">
      <Button look="primary" size="sm" pending={busy} onClick={props.onRun} title={words("runWhat")}>
        {!busy && <Play aria-hidden className="size-3.5" />}
        {t("run")}
      </Button>
      {statements.count > 1 && (
        <Button size="sm" disabled={busy} onClick={props.onRunAll} title={words("runAllWhat")}>
          <ListVideo aria-hidden className="size-3.5" />
          {words("runAll")}
        </Button>
      )}
      <Button size="sm" disabled={!busy} pending={props.cancelling} onClick={props.onCancel}>
        {!props.cancelling && <Square aria-hidden className="size-3" />}
        {t("cancel")}
      </Button>
      <Button
        size="sm"
        look="quiet"
        disabled={busy || statements.count === 0}
        onClick={props.onPlan}
        title={words("planWhat")}
        aria-keyshortcuts="Control+E"
      >
        {words("plan")}
      </Button>
      <Button
        size="sm"
        look="quiet"
        disabled={statements.count === 0}
        onClick={props.onFormat}
        title={words("formatHint")}
      >
        {words("format")}
      </Button>
      <div className="ml-1 flex flex-wrap items-center gap-x-3 gap-y-1">
        <ReadOnlySwitch {...props} />
        {statements.count > 1 && (
          <Switch
            label={words("transaction")}
            checked={props.whole && oneIsPossible}
            disabled={busy || !oneIsPossible}
            onChange={(event) => props.onWhole(event.target.checked)}
            title={words(oneIsPossible ? "transactionHint" : "transactionNot")}
          />
        )}
      </div>
      <label className="ml-auto flex min-w-0 flex-wrap items-center gap-x-2 text-[0.8125rem] text-muted">
        {t("limit")}
        <select
          value={rowCap}
          onChange={(event) => props.onRowCap(Number(event.target.value))}
          className="control w-auto max-w-full py-0.5 text-[0.8125rem]"
        >
          {rowLimits.map((rows) => (
            <option key={rows} value={rows}>
              {t("limitRows", { rows })}
            </option>
          ))}
        </select>
      </label>
      {!props.mayWrite && <p className="basis-full text-muted text-xs">{t("readOnlyOnly")}</p>}
    </div>
  );
}

function ReadOnlySwitch({ busy, inTransaction, mayWrite, protects, unlock, unbound, onReadOnly }: Props) {
  const t = useTranslations("session.sql");
  const advice = useTranslations("advice");
  return (
    <>
      <Switch
        label={t("readOnly")}
        checked={protects}
        disabled={busy || inTransaction || !mayWrite}
        onChange={(event) => onReadOnly(event.target.checked)}
        title={inTransaction ? t("readOnlyInTransaction") : t(mayWrite ? "readOnlyHint" : "readOnlyOnly")}
      />
      {unlock}
      {protects && unbound === null && (
        <span title={advice("unboundUntoldWhy")}>
          <Badge>{advice("unboundUntold")}</Badge>
          <span className="sr-only">{advice("unboundUntoldWhy")}</span>
        </span>
      )}
      {protects && unbound !== null && unbound.length > 0 && (
        <span title={t("readOnlyUnboundWhy", { roles: unbound.join(", ") })}>
          <Badge tone="danger">{t("readOnlyUnbound")}</Badge>
          <span className="sr-only">{t("readOnlyUnboundWhy", { roles: unbound.join(", ") })}</span>
        </span>
      )}
    </>
  );
}
