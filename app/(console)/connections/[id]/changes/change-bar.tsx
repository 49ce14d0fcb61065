"use client";

import { Copy, Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { ColumnFacts } from "#lib/browse/shapes.ts";
import type { Editable, NotEditable } from "#lib/change/shapes.ts";
import type { DraftState } from "../sql/use-draft.ts";
import type { TableWriting } from "./grid-editing.ts";

const NamedKeyDialog = lazy(async () => ({
  default: (await import("./named-key-dialog.tsx")).NamedKeyDialog,
}));

interface Props {
  readonly writing: TableWriting;
  readonly why: NotEditable | undefined;
  readonly editable: Editable | undefined;
  /** Whether that could not be found out. */
  readonly failed: boolean;
  readonly onAgain: () => void;
  readonly named: readonly string[] | undefined;
  readonly columns: readonly ColumnFacts[];
  readonly onNamed: (columns: readonly string[] | undefined) => void;
  readonly count: number;
  readonly conflicts: number;
  /** They were asked to be applied when the page went away. */
  readonly asked: boolean;
  readonly draft: DraftState;
  readonly said: string;
  /** How many changes were let go, and can be brought back. */
  readonly discarded: number;
  /** There is a row that could be copied or deleted. */
  readonly hasRow: boolean;
  readonly onAdd: () => void;
  readonly onCopy: () => void;
  readonly onDelete: () => void;
  readonly onReview: () => void;
  readonly onDiscard: () => void;
  readonly onBringBack: () => void;
}

/** Under the grid: why it is not edited, or what can be done with its rows; and what is pending. */
export function ChangeBar(props: Props) {
  const { writing, why, editable, named, columns, count, conflicts, draft, said, discarded, hasRow } = props;
  const t = useTranslations("changes");
  const drafts = useTranslations("statements.draft");
  const [names, setNames] = useState(false);
  const relation = why ?? sameWhy(editable);
  const needsNames = editable?.by === "named" && relation === null;
  const mayRow = relation === null && editable !== undefined && (!needsNames || named !== undefined);
  const unsafe = unsafeWords[draft];
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-line border-t px-2 py-1 text-xs empty:hidden">
      {relation !== null && (
        <p className="flex flex-wrap items-center gap-2 text-muted">
          {t("notEditable.line", { why: t(`notEditable.${relation}`) })}
          {why === "production-locked" && writing.unlock}
        </p>
      )}
      {why === undefined && props.failed && (
        <p className="flex flex-wrap items-center gap-2 text-muted">
          {t("notKnown")}
          <Button size="sm" look="quiet" onClick={props.onAgain}>
            {t("askAgain")}
          </Button>
        </p>
      )}
      {relation === null && editable !== undefined && (
        <span className="flex flex-wrap items-center gap-1">
          {editable.insert === null && (
            <Button
              size="sm"
              look="quiet"
              aria-keyshortcuts="Control+Alt+Insert"
              title="Ctrl+Alt+Insert"
              onClick={props.onAdd}
            >
              <Plus aria-hidden className="size-3.5" />
              {t("add")}
            </Button>
          )}
          {editable.insert === null && (
            <Button
              size="sm"
              look="quiet"
              disabled={!hasRow || !mayRow}
              aria-keyshortcuts="Control+Alt+Shift+Insert"
              title="Ctrl+Alt+Shift+Insert"
              onClick={props.onCopy}
            >
              <Copy aria-hidden className="size-3.5" />
              {t("copy")}
            </Button>
          )}
          {editable.delete === null && (
            <Button
              size="sm"
              look="quiet"
              disabled={!hasRow || !mayRow}
              aria-keyshortcuts="Delete"
              title="Delete"
              onClick={props.onDelete}
            >
              <Trash2 aria-hidden className="size-3.5" />
              {t("delete")}
            </Button>
          )}
          {editable.update !== null && (
            <span className="text-muted">
              {t("notEditable.rows", { why: t(`notEditable.${editable.update}`) })}
            </span>
          )}
          {needsNames && (
            <>
              <span className="text-muted">
                {named === undefined
                  ? t("named.needed")
                  : t("named.by", { columns: named.length === 0 ? "" : named.join(", ") })}
              </span>
              <Button size="sm" onClick={() => setNames(true)}>
                {t("named.choose")}
              </Button>
            </>
          )}
        </span>
      )}
      <span role="status" aria-label={t("status")} className="min-w-0 flex-1 text-ink">
        {said}
      </span>
      {discarded > 0 && count === 0 && (
        <span className="flex items-center gap-1 text-muted">
          {t("discarded", { count: discarded })}
          <Button size="sm" look="quiet" onClick={props.onBringBack}>
            {t("bringBack")}
          </Button>
        </span>
      )}
      {count > 0 && (
        <section
          aria-label={t("pending")}
          className="-my-1 -mr-2 ml-auto flex flex-wrap items-center gap-x-2 gap-y-1 bg-warn-soft px-2 py-1"
        >
          <span className="font-medium text-warn">{t("count", { count })}</span>
          {conflicts > 0 && (
            <span className="font-medium text-danger">{t("conflictCount", { count: conflicts })}</span>
          )}
          {props.asked && <span className="text-danger">{t("askedBefore")}</span>}
          {unsafe !== undefined && <span className="text-danger">{drafts(unsafe)}</span>}
          <Button
            size="sm"
            look="primary"
            aria-keyshortcuts="Control+S"
            title="Ctrl+S"
            onClick={props.onReview}
          >
            {t("toReview")}
          </Button>
          <Button size="sm" onClick={props.onDiscard}>
            {t("discard")}
          </Button>
        </section>
      )}
      {names && editable !== undefined && (
        <Suspense fallback={null}>
          <NamedKeyDialog
            columns={columns}
            named={named ?? []}
            onClose={() => setNames(false)}
            onNamed={(chosen) => {
              setNames(false);
              props.onNamed(chosen.length === 0 ? undefined : chosen);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Why nothing at all can be changed. */
function sameWhy(editable: Editable | undefined): NotEditable | null {
  if (editable === undefined) return null;
  const { update, insert, delete: remove } = editable;
  return update !== null && insert !== null && remove !== null ? update : null;
}

const unsafeWords: Partial<
  Readonly<Record<DraftState, "offline" | "signedOut" | "refused" | "tooLong" | "tooMany">>
> = {
  offline: "offline",
  "signed-out": "signedOut",
  refused: "refused",
  "too-long": "tooLong",
  "too-many": "tooMany",
};
