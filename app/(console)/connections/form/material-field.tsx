"use client";

import { useTranslations } from "next-intl";
import { lazy, type ReactNode, Suspense } from "react";
import { useController, useFormContext } from "react-hook-form";
import { MaterialBox as Box } from "#components/ui/material-box.tsx";
import type { MaterialBox } from "#lib/certificates/material-boxes.ts";
import type { PemTextProblem } from "#lib/certificates/pem-kind.ts";
import { mostGivenBytes } from "#lib/certificates/sorted-facts.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { messageOf, useFieldWords, useFormSetting, useTrouble } from "./form-setting.tsx";
import { loadTextForBox, usePemReader } from "./pem-reader.ts";
import { type Reading, useMaterialFacts } from "./use-material-facts.ts";
import { useSorting } from "./use-sorting.ts";

const MaterialSummary = lazy(async () => (await import("./load-pictures.ts")).loadMaterialSummary());

const MoveToItsBox = lazy(async () => ({ default: (await import("./move-to-its-box.tsx")).MoveToItsBox }));

const SortOutcome = lazy(async () => ({ default: (await import("./sort-outcome.tsx")).SortOutcome }));

interface Props {
  readonly box: MaterialBox;
  readonly hint?: ReactNode;
  readonly aside?: ReactNode;
  /** What a key is opened and compared with. */
  readonly passphrase?: string;
  readonly certificate?: string;
  /** Told of each new reading, for what stands beside the box. */
  readonly children?: (reading: Reading) => ReactNode;
}

/** A certificate or key box of the form, with what was understood of its content below it. */
export function MaterialField({ box, hint, aside, passphrase, certificate, children }: Props) {
  const t = useTranslations("form");
  const { control } = useFormContext<FormValues>();
  const { prompts, setPrompts } = useFormSetting();
  const { field } = useController({ control, name: box });
  const sorting = useSorting(box);
  const text = field.value;
  const pem = usePemReader(text);
  const atOnce = pem?.pemTextProblem(box, text);
  const reading = useMaterialFacts({
    box,
    // What the text alone shows to be wrong needs no second opinion, and leaves this page for none.
    text: pem === undefined || atOnce ? "" : text,
    ...(passphrase !== undefined && { passphrase }),
    ...(certificate !== undefined && { certificate }),
  });
  const trouble = useBoxTrouble(box, atOnce, reading);
  const prompt = text === "" ? prompts[box] : undefined;

  function take(next: string): void {
    sorting.forget();
    field.onChange(next);
    if (prompts[box] !== undefined) setPrompts({ ...prompts, [box]: undefined });
  }

  /** One file that is this box's goes in as it is; anything else is sorted. */
  async function takeFiles(files: readonly File[]): Promise<void> {
    const [only] = files;
    const text = only && files.length === 1 ? await textOfFile(box, only) : undefined;
    if (text !== undefined) take(text);
    else {
      await sorting.give(files);
    }
  }

  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Box
        label={t(`labels.${box}`)}
        value={text}
        onText={take}
        onFiles={(files) => void takeFiles(files)}
        onPasted={(pasted) => {
          void loadTextForBox().then((textForBox) => {
            if (textForBox(box, pasted) !== undefined) return;
            // After the text has arrived in the box, which makes the form forget what it said before.
            setTimeout(() => void sorting.give(pasted), 0);
          });
        }}
        onBlur={field.onBlur}
        inputRef={field.ref}
        chooseLabel={t("material.choose")}
        dropLabel={t("material.drop")}
        placeholder={t(`placeholders.${box}`)}
        aside={aside}
        {...trouble}
        {...(prompt !== undefined
          ? { hint: t("string.choose", { file: prompt }) }
          : hint !== undefined && { hint })}
      >
        {atOnce?.code === "pem-wrong-box" && (
          <Suspense fallback={null}>
            <MoveToItsBox box={box} belongs={atOnce.facts.belongs} />
          </Suspense>
        )}
        {pem !== undefined && text.trim() !== "" && !atOnce && (
          <Suspense fallback={null}>
            <MaterialSummary box={box} reading={reading} />
          </Suspense>
        )}
      </Box>
      {sorting.state.kind !== "idle" && (
        <Suspense fallback={null}>
          <SortOutcome sorting={sorting} />
        </Suspense>
      )}
      {children?.(reading)}
    </div>
  );
}

/** A file's text where it may stay in the box. What is too large is left to the sorting, which says so. */
async function textOfFile(box: MaterialBox, file: File): Promise<string | undefined> {
  if (file.size > mostGivenBytes) return undefined;
  const textForBox = await loadTextForBox();
  return textForBox(box, new Uint8Array(await file.arrayBuffer()));
}

/** The mistake to show: what the text shows at once, then what the form found, then what the console found. */
function useBoxTrouble(
  box: MaterialBox,
  atOnce: PemTextProblem | undefined,
  reading: Reading,
): { readonly error?: string; readonly problem?: string } {
  const say = useFieldWords();
  const found = useTrouble(box);
  const understood: Problem | undefined = reading.facts?.problems.find(
    // The passphrase has a field of its own to be missing in.
    (one) => !one.code.startsWith("key-passphrase-"),
  );
  const told = atOnce ?? understood;
  if (told === undefined) return found;
  return { error: say(messageOf(told), told.facts), problem: told.code };
}
