"use client";

import { Check } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import type { Answer } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { useFocusKept } from "#components/use-focus-kept.ts";
import { actionFailure } from "../attempt/action-failure.ts";
import { entriesPlace, forgetEntries } from "../form/entries-place.ts";
import { noteSaved, takeSaved } from "../form/just-saved.ts";

interface Props {
  readonly connectionId: string;
  /** Undefined for a saved connection. */
  readonly unsaved: Unsaved | undefined;
  readonly userId: string;
  readonly save: (id: string, name: string) => Promise<Answer<{ readonly id: string }>>;
}

interface Unsaved {
  readonly name: string;
  /** Whether its name is more than its host's. */
  readonly isNamed: boolean;
  /** The saved connection that it was made of. */
  readonly of: string | undefined;
}

/** Says that what is connected is not saved, and saves it; then that it is. */
export function UnsavedBar({ connectionId, unsaved, userId, save }: Props) {
  const t = useTranslations("session.unsaved");
  const [saved, setSaved] = useState<string>();
  const bar = useRef<HTMLDivElement>(null);
  useFocusKept(bar);
  // Saved over another one, the page goes on to that.
  useEffect(() => setSaved((before) => before ?? takeSaved()), []);
  return (
    <div ref={bar} className="has-[>section,>p:not(:empty)]:mb-2">
      {unsaved !== undefined && saved === undefined && (
        <Question {...{ connectionId, unsaved, userId, save }} onSaved={setSaved} />
      )}
      <p
        role="status"
        data-focus-home
        tabIndex={-1}
        className="flex items-center gap-1.5 text-success text-sm empty:hidden"
      >
        {saved !== undefined && (
          <>
            <Check aria-hidden className="size-4 shrink-0" />
            <span className="min-w-0 break-words">{t("saved", { name: saved })}</span>
          </>
        )}
      </p>
    </div>
  );
}

function Question({
  connectionId,
  unsaved: { name, isNamed, of },
  userId,
  save,
  onSaved,
}: Props & { readonly unsaved: Unsaved; readonly onSaved: (name: string) => void }) {
  const t = useTranslations("session.unsaved");
  const result = useTranslations("form.result");
  const router = useRouter();
  const id = useId();
  const [given, setGiven] = useState(name);
  const [pending, setPending] = useState(false);
  const [trouble, setTrouble] = useState<{ readonly code: string; readonly words: readonly string[] }>();

  async function run(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    setTrouble(undefined);
    try {
      const answer = await save(connectionId, given);
      if (!answer.ok) {
        const { problem, title, cause, fix } = answer.explained;
        setTrouble({ code: problem.code, words: [title, cause, fix] });
        return;
      }
      forgetEntries(entriesPlace(userId, of));
      const called = given.trim() || name;
      if (answer.value.id === connectionId) {
        onSaved(called);
        router.refresh();
      } else {
        noteSaved(called);
        router.replace(`/connections/${encodeURIComponent(answer.value.id)}`);
      }
    } catch (error) {
      setTrouble({ code: "unexpected", words: [result(actionFailure(error))] });
    } finally {
      setPending(false);
    }
  }

  const [title, ...more] = trouble?.words ?? [];
  return (
    <section
      aria-label={t("label")}
      className="flex flex-col gap-2 rounded-lg border border-warn/35 bg-warn-soft px-4 py-2.5 text-[0.8125rem]"
    >
      <form onSubmit={run} className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="mr-auto min-w-0 break-words">
          <span className="font-medium text-warn">
            {of === undefined ? t("title") : t("titleOf", { name })}
          </span>{" "}
          {t("hint")}
        </p>
        {of === undefined && !isNamed && (
          <span className="flex min-w-0 flex-wrap items-center gap-x-2">
            <label htmlFor={id}>{t("name")}</label>
            <input
              id={id}
              value={given}
              onChange={(event) => setGiven(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              className="control w-56 max-w-full"
            />
          </span>
        )}
        <Button type="submit" look="primary" size="sm" pending={pending}>
          {of === undefined ? t("save") : t("saveOf")}
        </Button>
      </form>
      {trouble !== undefined && (
        <Alert tone="danger" role="alert" problem={trouble.code} title={title}>
          {more.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Alert>
      )}
    </section>
  );
}
