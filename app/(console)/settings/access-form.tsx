"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useRef, useState, useTransition } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { SelectField } from "#components/ui/select-field.tsx";
import { useFocusKept } from "#components/use-focus-kept.ts";
import { type Level, levels } from "#lib/team/access.ts";
import { useToast } from "../toasts.tsx";
import { setAccess } from "./access-actions.ts";
import { SaveBar } from "./save-bar.tsx";
import { useChanges } from "./use-changes.ts";

interface Props {
  readonly id: string;
  /** The console's own, for everybody else. */
  readonly standard: Level;
  /** Null follows it. */
  readonly rest: Level | null;
  /** Everybody who is no owner; null has what everybody else has. */
  readonly people: readonly { readonly id: string; readonly name: string; readonly level: Level | null }[];
}

/** The access of one connection: everybody else's, and that of people by name. */
export function AccessForm({ id, standard, rest, people }: Props) {
  const t = useTranslations("rights");
  const router = useRouter();
  const kept: Record<string, Level | null> = {
    [everybody]: rest,
    ...Object.fromEntries(people.map((person) => [person.id, person.level])),
  };
  const { values, count, change, discard, keep } = useChanges(kept);
  const form = useRef<HTMLFormElement>(null);
  useFocusKept(form);
  const [failure, setFailure] = useState<Explained>();
  const toast = useToast();
  const [busy, startBusy] = useTransition();

  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const named = people.flatMap(({ id }) => (values[id] ? [[id, values[id]]] : []));
    startBusy(async () => {
      const answer = await setAccess({ id, rest: values[everybody] ?? null, people: named });
      setFailure(answer.ok ? undefined : answer.explained);
      if (answer.ok) {
        keep();
        toast({ text: t("one.saved") });
      }
      router.refresh();
    });
  }

  const field = (name: string) => ({
    value: values[name] ?? "",
    onChange: ({ target }: { target: HTMLSelectElement }) =>
      change({ [name]: levels.find((level) => level === target.value) ?? null }),
  });
  const options = levels.map((level) => ({ value: level as string, label: t(`levels.${level}`) }));
  return (
    <form ref={form} data-focus-home onSubmit={save} className="flex flex-col gap-4">
      <SelectField
        label={t("one.rest")}
        {...field(everybody)}
        options={[{ value: "", label: t("one.asDefault", { level: t(`levels.${standard}`) }) }, ...options]}
        className="sm:max-w-80"
      />
      <fieldset className="flex flex-col gap-3 border-line border-t pt-3">
        <legend className="float-left mb-2 font-medium text-[0.8125rem]">{t("one.people")}</legend>
        {people.length === 0 && <p className="clear-left text-muted text-sm">{t("one.alone")}</p>}
        <div className="clear-left grid gap-3 sm:grid-cols-2">
          {people.map((person) => (
            <SelectField
              key={person.id}
              label={person.name}
              {...field(person.id)}
              options={[{ value: "", label: t("one.asRest") }, ...options]}
            />
          ))}
        </div>
      </fieldset>
      <Legend />
      <SaveBar count={count} label={t("one.save")} pending={busy} failure={failure} onDiscard={discard} />
    </form>
  );
}

/** No id of a person. */
const everybody = "";

/** What each level means. */
function Legend() {
  const t = useTranslations("rights");
  return (
    <dl className="grid gap-x-4 gap-y-1 text-[0.8125rem] sm:grid-cols-[auto_minmax(0,1fr)]">
      {levels.map((level) => (
        <div key={level} className="contents">
          <dt className="font-medium">{t(`levels.${level}`)}</dt>
          <dd className="text-muted">{t(`hints.${level}`)}</dd>
        </div>
      ))}
    </dl>
  );
}
