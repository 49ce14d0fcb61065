import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import type { UseFormReturn } from "react-hook-form";
import type { MaterialBox } from "#lib/certificates/pem-kind.ts";
import type { ProfileView } from "#lib/profiles/view.ts";
import { type FormChange, type FormValues, secretFields } from "#lib/settings/form-values.ts";
import { useToast } from "../../toasts.tsx";
import type { TestAction } from "../attempt/attempt-state.ts";
import { loadOutcome, loadSteps } from "../attempt/load-outcome.ts";
import type { AttemptHandle } from "../attempt/use-attempt.ts";
import type { FormSetting } from "./form-setting.tsx";
import type { FormProblems } from "./use-form-problems.ts";
import type { Saving } from "./use-saving.ts";
import type { Search } from "./use-search.ts";

export interface Acts {
  readonly test: () => void;
  /** Tries the form with another action, as it stands. */
  readonly look: (by: TestAction) => void;
  /** Looks for the strongest settings. */
  readonly search: () => void;
  readonly save: () => void;
  /**
   * Opens a saved connection, or what the form says without saving it.
   * @param changed whether the form says something else than what it was opened with
   */
  readonly connect: (changed: boolean) => void;
  /** Puts a change into the form and tries it. */
  readonly apply: (change: FormChange) => void;
  /** Does the last act once more, with the form as it stands. */
  readonly again: () => void;
  /** Saves what was chosen of two versions over the other one. */
  readonly settleConflict: (values: FormValues) => void;
}

interface Parts {
  readonly form: UseFormReturn<FormValues>;
  readonly setting: Pick<FormSetting, "stored" | "stringRead">;
  readonly view: ProfileView | undefined;
  readonly connect: TestAction;
  readonly problems: FormProblems;
  readonly attempt: AttemptHandle;
  readonly search: Search;
  readonly saving: Saving;
  /** Brings the result into sight. */
  readonly reveal: () => void;
}

/** What can be done with the form; each act begins with an empty result. */
export function useActs(parts: Parts): Acts {
  const { form, setting, view, connect, problems, attempt, search, saving, reveal } = parts;
  const t = useTranslations("toasts");
  const toast = useToast();
  const takeUndoAway = useRef<() => void>(() => undefined);
  // Where the form is gone there is nothing left to undo.
  useEffect(() => () => takeUndoAway.current(), []);

  const last = useRef<() => void>(() => undefined);
  const noted =
    <Given extends readonly unknown[]>(act: (...given: Given) => void) =>
    (...given: Given) => {
      last.current = () => act(...given);
      act(...given);
    };

  function clearResult(): void {
    problems.clear();
    saving.clear();
    search.close();
  }

  async function submit(
    act: (values: FormValues) => Promise<void> | void,
    onRefused: () => void = saving.clear,
  ): Promise<void> {
    await setting.stringRead.current;
    await form.handleSubmit(
      async (values) => {
        const tooLarge = tooLargeBox(values);
        if (tooLarge === undefined) await act(values);
        else refuse(() => problems.tell(tooLarge, "pem-too-long"));
      },
      (errors) => refuse(() => problems.landErrors(errors)),
    )();

    function refuse(say: () => void): void {
      attempt.forget();
      onRefused();
      say();
    }
  }

  async function runTest(values: FormValues, by?: TestAction): Promise<void> {
    clearResult();
    reveal();
    void loadOutcome();
    void loadSteps();
    const found = await attempt.run(values, view?.id, by);
    if (found !== undefined) problems.land(found);
  }

  /** What a look does not need may still be missing or wrong. */
  async function runLook(by: TestAction): Promise<void> {
    await setting.stringRead.current;
    await runTest(structuredClone(form.getValues()), by);
  }

  function runSearch(): void {
    clearResult();
    attempt.forget();
    search.begin();
  }

  async function runSave(values: FormValues, over = view): Promise<void> {
    clearResult();
    attempt.forget();
    await saving.run(values, over);
  }

  function change(to: FormChange): void {
    for (const [name, value] of Object.entries(to)) {
      form.setValue(name as keyof FormValues, value, { shouldDirty: true });
      // An empty field alone would keep what is stored.
      const secret = secretFields.find((field) => field === name);
      if (secret !== undefined && setting.stored[secret])
        form.setValue(`secretActs.${secret}`, value === "" ? "remove" : "replace", { shouldDirty: true });
    }
    form.clearErrors();
  }

  /** Takes back what a fix has changed; what was typed since then stays. */
  function undo(to: FormChange, before: FormValues): void {
    for (const name of [...(Object.keys(to) as (keyof FormChange)[]), "secretActs" as const])
      form.setValue(name, before[name], { shouldDirty: true });
    clearResult();
    attempt.forget();
    form.clearErrors();
    toast({ text: t("fixUndone") });
  }

  return {
    test: noted(() => void submit(runTest)),
    look: noted((by: TestAction) => void runLook(by)),
    search: noted(() => void submit(runSearch)),
    save: noted(() => void submit((values) => runSave(values), saving.refuse)),
    connect: noted((changed: boolean) => {
      if (view !== undefined && !changed) attempt.open(view.id);
      else void submit((values) => runTest(values, connect));
    }),
    apply: noted((to: FormChange) => {
      const before = structuredClone(form.getValues());
      change(to);
      takeUndoAway.current = toast({
        text: t("fixApplied"),
        action: { label: t("undo"), run: () => undo(to, before) },
      });
      void submit(runTest);
    }),
    again: () => last.current(),
    settleConflict: (values) => {
      const { conflict } = saving;
      if (conflict === undefined) return;
      saving.closeConflict();
      form.reset(values, { keepDefaultValues: true });
      noted(() => void runSave(values, conflict.theirs))();
    },
  };
}

/** What the server takes of one action (`bodySizeLimit`), less what goes around the values. */
const mostSent = 250_000;

/** The box that makes the form too large to be sent; the server would only drop it. */
function tooLargeBox(values: FormValues): MaterialBox | undefined {
  if (JSON.stringify(values).length <= mostSent) return undefined;
  return values.crl.length > values.ca.length ? "crl" : "ca";
}
