"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useState, useTransition } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { SaveLine } from "#components/save-line.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { type Level, levels } from "#lib/team/access.ts";
import { useToast } from "../toasts.tsx";
import { setAccess } from "./access-actions.ts";

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
  const [failure, setFailure] = useState<Explained>();
  const toast = useToast();
  const [busy, startBusy] = useTransition();

  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const chosen = (name: string) => levels.find((level) => level === values.get(name)) ?? null;
    const named = people.flatMap((person) => {
      const level = chosen(`person ${person.id}`);
      return level === null ? [] : [[person.id, level]];
    });
    startBusy(async () => {
      const answer = await setAccess({ id, rest: chosen("rest"), people: named });
      setFailure(answer.ok ? undefined : answer.explained);
      if (answer.ok) toast({ text: t("one.saved") });
      router.refresh();
    });
  }

  const options = levels.map((level) => ({ value: level as string, label: t(`levels.${level}`) }));
  return (
    <form onSubmit={save} className="flex flex-col gap-4">
      <SelectField
        label={t("one.rest")}
        name="rest"
        defaultValue={rest ?? ""}
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
              name={`person ${person.id}`}
              defaultValue={person.level ?? ""}
              options={[{ value: "", label: t("one.asRest") }, ...options]}
            />
          ))}
        </div>
      </fieldset>
      <Legend />
      <SaveLine label={t("one.save")} pending={busy} failure={failure} />
    </form>
  );
}

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
