"use client";

import { KeyRound, Trash2, Undo2 } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Badge } from "./badge.tsx";
import { Button } from "./button.tsx";
import { classes } from "./classes.ts";
import { FieldError } from "./field.tsx";

export type SecretAct = "keep" | "replace" | "remove";

export interface SecretFieldTexts {
  readonly stored: string;
  readonly replace: string;
  readonly remove: string;
  readonly removed: string;
  readonly undo: string;
}

interface Props {
  readonly label: string;
  readonly stored: boolean;
  readonly act: SecretAct;
  readonly onAct: (act: SecretAct) => void;
  readonly texts: SecretFieldTexts;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly problem?: string | undefined;
  /** The control to type a new secret into: shown when none is stored or it is being replaced. */
  readonly children: (aside: ReactNode) => ReactNode;
  readonly className?: string;
}

/** A secret that may already be stored. Its value never comes here: only that it is there, and what happens to it. */
export function SecretField(props: Props) {
  const { label, stored, act, onAct, texts, hint, error, problem, children, className } = props;
  const id = useId();
  if (!stored) return <div className={className}>{children(null)}</div>;
  const undo = (
    <Button look="quiet" size="sm" onClick={() => onAct("keep")}>
      <Undo2 aria-hidden className="size-3.5" />
      {texts.undo}
    </Button>
  );
  if (act === "replace") return <div className={className}>{children(undo)}</div>;
  const hasError = error !== undefined && error !== null && error !== false;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot stand on the line of the others
    <div role="group" aria-labelledby={id} className={classes("flex flex-col gap-1", className)}>
      <div id={id} className="min-h-5 text-[0.8125rem] font-medium">
        {label}
      </div>
      <div className="flex min-h-[2.125rem] flex-wrap items-center gap-2 rounded-md border border-line bg-sunken px-2.5 py-0.5">
        <KeyRound aria-hidden className="size-3.5 text-muted" />
        {act === "keep" ? (
          <>
            <Badge tone="success">{texts.stored}</Badge>
            <span className="ml-auto flex flex-wrap justify-end gap-1">
              <Button look="quiet" size="sm" onClick={() => onAct("replace")}>
                {texts.replace}
              </Button>
              <Button look="quiet" size="sm" onClick={() => onAct("remove")}>
                <Trash2 aria-hidden className="size-3.5" />
                {texts.remove}
              </Button>
            </span>
          </>
        ) : (
          <>
            <Badge tone="warn">{texts.removed}</Badge>
            <span className="ml-auto">{undo}</span>
          </>
        )}
      </div>
      {hasError && <FieldError problem={problem}>{error}</FieldError>}
      {hint !== undefined && <div className="text-xs text-muted">{hint}</div>}
    </div>
  );
}
