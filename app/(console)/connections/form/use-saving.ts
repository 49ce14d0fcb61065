import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import type { Explained } from "#app/_server/answer.ts";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import type { ProfileView } from "#lib/profiles/view.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { useToast } from "../../toasts.tsx";
import { type ActionFailure, actionFailure } from "../attempt/action-failure.ts";
import type { SaveAnswer, SavedAs } from "./save-answer.ts";

export type SaveAction = (values: FormValues, target?: SavedAs) => Promise<SaveAnswer>;

/** Somebody else saved the same connection meanwhile. */
export interface Conflict {
  readonly theirs: ProfileView;
}

export interface Saving {
  readonly running: boolean;
  /** How the last save ended; undefined before, and while one is under way. */
  readonly ended: "saved" | "refused" | undefined;
  readonly trouble: Explained | undefined;
  /** Why there was no answer. */
  readonly failure: ActionFailure | undefined;
  readonly conflict: Conflict | undefined;
  /** @param over the saved connection that is written over; undefined makes a new one */
  readonly run: (values: FormValues, over: ProfileView | undefined) => Promise<void>;
  /** It was not even sent: the fields say why. */
  readonly refuse: () => void;
  readonly closeConflict: () => void;
  readonly clear: () => void;
}

interface Around {
  readonly form: UseFormReturn<FormValues>;
  /** The saved connection that the form shows; undefined while it is new. */
  readonly view: ProfileView | undefined;
  readonly onSaved: (view: ProfileView) => void;
  readonly onFields: (problems: FieldProblems) => void;
  /** Something stands in the result that should be seen. */
  readonly onTrouble: () => void;
}

/** Saves the form, says how that ended, and goes on to the list with a new connection. */
export function useSaving(save: SaveAction, { form, view, onSaved, onFields, onTrouble }: Around): Saving {
  const t = useTranslations("toasts");
  const router = useRouter();
  const toast = useToast();
  const [running, setRunning] = useState(false);
  const [ended, setEnded] = useState<Saving["ended"]>();
  const [trouble, setTrouble] = useState<Explained>();
  const [failure, setFailure] = useState<ActionFailure>();
  const [conflict, setConflict] = useState<Conflict>();

  async function run(values: FormValues, over: ProfileView | undefined): Promise<void> {
    setRunning(true);
    try {
      settle(await save(values, over && { id: over.id, rev: over.rev }));
    } catch (error) {
      setEnded("refused");
      setFailure(actionFailure(error));
      onTrouble();
    } finally {
      setRunning(false);
    }
  }

  function settle(answer: SaveAnswer): void {
    switch (answer.type) {
      case "fields":
        setEnded("refused");
        onFields(answer.problems);
        return;
      case "problem":
        setEnded("refused");
        setTrouble(answer.explained);
        onTrouble();
        return;
      case "conflict":
        setConflict({ theirs: answer.theirs });
        return;
      default: {
        const isNew = view === undefined || view.unsaved;
        onSaved(answer.view);
        form.reset(answer.view.values);
        setEnded("saved");
        const { oldSecret } = answer;
        if (oldSecret !== undefined) {
          const run = () => router.push("/settings/security#backups");
          toast({ tone: "info", text: oldSecret.text, action: { label: oldSecret.label, run } });
        }
        if (isNew) {
          toast({ text: t("saved", { name: answer.view.values.name }) });
          router.push("/connections");
        }
      }
    }
  }

  function clear(): void {
    setTrouble(undefined);
    setFailure(undefined);
    setEnded(undefined);
  }

  return {
    running,
    ended,
    trouble,
    failure,
    conflict,
    run,
    refuse: () => setEnded("refused"),
    closeConflict: () => setConflict(undefined),
    clear,
  };
}
