"use client";

import { lazy, Suspense } from "react";
import { useFormContext } from "react-hook-form";
import type { ProfileView } from "#lib/profiles/view.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { Conflict } from "./use-saving.ts";

/** Two people seldom edit the same connection at once: loaded when it happens. */
const ConflictDialog = lazy(async () => ({
  default: (await import("./conflict-dialog.tsx")).ConflictDialog,
}));

interface Props {
  readonly conflict: Conflict | undefined;
  /** What the form was loaded with. */
  readonly base: ProfileView | undefined;
  readonly onSave: (values: FormValues) => void;
  readonly onClose: () => void;
}

/** Asks which of two versions is kept, when there are two. */
export function ConflictQuestion({ conflict, base, onSave, onClose }: Props) {
  const { getValues } = useFormContext<FormValues>();
  if (conflict === undefined || base === undefined) return null;
  return (
    <Suspense fallback={null}>
      <ConflictDialog
        base={base}
        mine={getValues()}
        theirs={conflict.theirs}
        onClose={onClose}
        onSave={onSave}
      />
    </Suspense>
  );
}
