"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { FieldFrame } from "#components/ui/field.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { SortNote } from "#lib/certificates/sorted-facts.ts";
import { fieldMessage } from "#lib/problems/field-messages.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { problemWords, type Translate } from "#lib/problems/words.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { useFieldWords } from "./form-setting.tsx";
import type { Sorting } from "./use-sorting.ts";

/** What became of the files that were given, in words; and the password that one of them needs. */
export function SortOutcome({ sorting }: { readonly sorting: Sorting }) {
  const t = useTranslations("material.sort");
  const { state } = sorting;
  return (
    <div aria-live="polite" className="flex flex-col gap-2 empty:hidden">
      {state.kind === "sorting" && (
        <p className="flex items-center gap-1.5 text-xs text-muted">
          <Spinner className="size-3.5" /> {t("sorting")}
        </p>
      )}
      {state.kind === "unread" && <Alert tone="warn">{t("unread")}</Alert>}
      {state.kind === "too-large" && <Alert tone="danger">{t("tooLarge")}</Alert>}
      {state.kind === "refused" && <Unusable problem={state.problem} />}
      {state.kind === "locked" && <Password problem={state.problem} unlock={sorting.unlock} />}
      {state.kind === "sorted" && (
        <>
          <Placed notes={state.answer.notes} />
          {state.answer.problems.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
            <Unusable key={index} problem={one} />
          ))}
        </>
      )}
    </div>
  );
}

function Placed({ notes }: { readonly notes: readonly SortNote[] }) {
  const t = useTranslations("material.sort");
  return (
    <Alert tone="success" role="status" title={t("done")}>
      <ul className="flex flex-col gap-0.5 text-[0.8125rem]">
        {notes.map((note) => (
          <li key={note.kind === "placed" ? note.box : note.kind}>
            <Line note={note} />
          </li>
        ))}
      </ul>
      {notes.some((note) => note.kind === "placed" && note.box === "ca") && <UnusedAuthority />}
    </Alert>
  );
}

function Line({ note }: { readonly note: SortNote }) {
  const t = useTranslations("material.sort");
  const labels = useTranslations("form.labels");
  if (note.kind === "wrong-box") return t("wrongBox", { box: labels(note.box) });
  if (note.kind === "duplicates") return t("duplicates", { count: note.count });
  if (note.kind === "keys-left") return t("keysLeft", { count: note.count });
  const said = t(`placed.${note.box}`, { count: note.count });
  return note.from.length === 0 ? said : t("from", { what: said, files: note.from.join(", ") });
}

/** A CA in its box counts only where it is what the form trusts; changing that is the person's own step. */
function UnusedAuthority() {
  const t = useTranslations("material.sort");
  const { control, setValue } = useFormContext<FormValues>();
  const trust = useWatch({ control, name: "trust" });
  if (trust === "own") return null;
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-2 text-[0.8125rem]">
      {t("trustUnused")}
      <Button size="sm" onClick={() => setValue("trust", "own", { shouldDirty: true, shouldValidate: true })}>
        {t("trustIt")}
      </Button>
    </p>
  );
}

/** What cannot be used, why, and how to convert it. */
function Unusable({ problem }: { readonly problem: Problem }) {
  const t = useTranslations();
  const say = useFieldWords();
  const file =
    typeof problem.facts.file === "string" && problem.facts.file !== "" ? problem.facts.file : undefined;
  // Too large, too many: the words stand beside those of the fields.
  const words =
    problem.code === "setting-invalid"
      ? { title: say(fieldMessage(problem), problem.facts), cause: "", fix: "" }
      : problemWords({ ...problem, fixes: [] }, t as unknown as Translate);
  return (
    <Alert
      tone="warn"
      problem={problem.code}
      title={file === undefined ? words.title : t("material.sort.file", { file, title: words.title })}
    >
      {words.fix !== "" && (
        <p className="text-[0.8125rem]">
          {words.cause} {words.fix}
        </p>
      )}
    </Alert>
  );
}

function Password(props: {
  readonly problem: Problem;
  readonly unlock: (password: string) => Promise<void>;
}) {
  const t = useTranslations();
  const [password, setPassword] = useState("");
  const { problem, unlock } = props;
  const file = typeof problem.facts.file === "string" ? problem.facts.file : "";
  const wrong = problem.facts.given === true;
  const open = () => {
    if (password !== "") void unlock(password);
  };
  return (
    <div className="flex flex-col gap-2 rounded-md border border-line bg-sunken px-3 py-2.5">
      <FieldFrame
        label={t("material.sort.password", { file: file === "" ? "PKCS#12" : file })}
        hint={t("material.sort.passwordHint")}
        {...(wrong && {
          error: t("problems.pkcs12-password-wrong.title"),
          problem: problem.code,
        })}
      >
        {(ties) => (
          <span className="flex gap-2">
            <input
              {...ties}
              type="password"
              autoComplete="off"
              autoCapitalize="none"
              autoCorrect="off"
              spellCheck={false}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                // It stands within the form, whose own Enter is another matter.
                event.preventDefault();
                open();
              }}
              className="control"
            />
            <Button onClick={open}>{t("material.sort.open")}</Button>
          </span>
        )}
      </FieldFrame>
    </div>
  );
}
