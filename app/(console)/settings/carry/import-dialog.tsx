"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Badge, type BadgeTone } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ChooseFileButton } from "#components/ui/choose-file-button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DropArea } from "#components/ui/drop-area.tsx";
import { TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { Waiting } from "#components/waiting.tsx";
import type { ConflictChoice } from "#lib/carry/import-plan.ts";
import { confirmOwnPassword } from "../../connections/confirm-actions.ts";
import { ConfirmPerson } from "../../connections/form/confirm-person.tsx";
import { useToast } from "../../toasts.tsx";
import { removeConnection } from "../actions.ts";
import { askImport, askRecipient } from "./ask-carry.ts";
import type { ImportAnswered, ShownEntry } from "./carry-answers.ts";
import { CarryTrouble } from "./carry-trouble.tsx";

/** The console takes as much in one request; what is larger goes through the command line. */
const mostBytes = 1_000_000;

/** Brings connections in from a file: first what would happen, to be looked at; then all of it at once. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("carry.import");
  const router = useRouter();
  const toast = useToast();
  const formId = useId();
  const [file, setFile] = useState<File>();
  const [credentials, setCredentials] = useState<File>();
  const [passphrase, setPassphrase] = useState("");
  const [user, setUser] = useState("");
  const [plan, setPlan] = useState<ImportAnswered>();
  const [choices, setChoices] = useState<ReadonlyMap<number, ConflictChoice>>(new Map());
  const [trouble, setTrouble] = useState<Explained | "lost" | "too-large">();
  const [unwritten, setUnwritten] = useState(false);
  const [busy, setBusy] = useState<"reading" | "writing">();
  const locked = isLocked(trouble);
  const count =
    plan === undefined ? 0 : plan.entries.filter((entry, index) => isTaken(entry, choices.get(index))).length;

  async function ask(
    write: boolean,
    of: File | undefined = file,
    beside: File | null = credentials ?? null,
  ): Promise<void> {
    if (of === undefined) return;
    setTrouble(undefined);
    setUnwritten(false);
    if (of.size + (beside?.size ?? 0) > mostBytes) return setTrouble("too-large");
    setBusy(write ? "writing" : "reading");
    const answer = await askImport({
      file: await base64Of(of),
      ...(beside !== null && { credentials: await base64Of(beside) }),
      passphrase,
      user,
      onConflict: "skip",
      choices: [...choices],
      write,
    });
    setBusy(undefined);
    if (!answer.ok) {
      setTrouble(answer.explained ?? "lost");
      if (!write) setPlan(undefined);
      return;
    }
    if (answer.value.created === null) {
      setPlan(answer.value);
      setUnwritten(write);
      return;
    }
    done(answer.value.created);
  }

  function done(created: readonly string[]): void {
    const undone = async () => {
      for (const id of created) if (!(await removeConnection(id)).ok) break;
      toast({ text: t("undone") });
      router.refresh();
    };
    // What was written over cannot be taken back this way.
    const canUndo = created.length === count && created.length > 0 && created.length <= mostUndone;
    toast({
      text: t("done", { count }),
      ...(canUndo && { action: { label: t("undo"), run: () => void undone() } }),
    });
    router.refresh();
    onClose();
  }

  function take(next: File): void {
    setFile(next);
    setCredentials(undefined);
    setPlan(undefined);
    setChoices(new Map());
    void ask(false, next, null);
  }

  return (
    <Dialog
      open
      wide
      title={t("title")}
      onClose={onClose}
      foot={
        <>
          <span className="mr-auto self-center">
            <Waiting words={busy === undefined ? "" : t(busy)} />
          </span>
          <Button look="quiet" onClick={onClose}>
            {t("cancel")}
          </Button>
          {plan === undefined ? (
            <Button
              look="primary"
              type="submit"
              form={formId}
              pending={busy !== undefined}
              disabled={file === undefined}
            >
              {t("look")}
            </Button>
          ) : (
            <Button
              look="primary"
              pending={busy !== undefined}
              disabled={count === 0}
              onClick={() => void ask(true)}
            >
              {t("go", { count })}
            </Button>
          )}
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void ask(false);
        }}
      >
        <p className="text-muted">{t("lead")}</p>
        <FileDrop name={file?.name} onFile={take} />
        {locked && (
          <TextField
            label={t("passphrase")}
            type="password"
            autoComplete="off"
            autoFocus
            required
            maxLength={1024}
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
            {...(locked === "passphrase-wrong" && { error: t("wrong"), problem: "import-locked" })}
          />
        )}
        {trouble === "too-large" ? (
          <Alert tone="danger" role="alert" title={t("tooLarge")} />
        ) : (
          locked === undefined && <CarryTrouble trouble={trouble} />
        )}
        {plan?.entries.some(({ outcome }) => outcome === "refused") &&
          plan.source !== "cloak-connections" && (
            <div className="flex flex-col items-start gap-3">
              <TextField
                className="w-full max-w-md"
                label={t("user")}
                hint={t("userHint")}
                maxLength={1024}
                value={user}
                onChange={(event) => setUser(event.target.value)}
              />
              <Button type="submit" pending={busy !== undefined}>
                {t("again")}
              </Button>
            </div>
          )}
        {plan?.source === "dbeaver" && (
          <FileDrop
            name={credentials?.name}
            title={t("credentials")}
            onFile={(next) => {
              setCredentials(next);
              void ask(false, file, next);
            }}
          />
        )}
      </form>
      {plan?.wantsConfirmation === true && (
        <div className="mt-4 rounded-md border border-line p-2">
          <p className="px-2 pt-1 font-medium">{t("confirm")}</p>
          <ConfirmPerson confirm={confirmOwnPassword} onConfirmed={() => void ask(false)} />
        </div>
      )}
      {unwritten && <Alert tone="danger" role="alert" className="mt-4" title={t("unwritten")} />}
      {plan !== undefined && (
        <Entries
          plan={plan}
          choices={choices}
          onChoice={(index, choice) => setChoices(new Map(choices).set(index, choice))}
        />
      )}
      {file === undefined && <OwnRecipient />}
    </Dialog>
  );
}

/** More are no slip that one click should take back. */
const mostUndone = 50;

function Entries({
  plan,
  choices,
  onChoice,
}: {
  readonly plan: ImportAnswered;
  readonly choices: ReadonlyMap<number, ConflictChoice>;
  readonly onChoice: (index: number, choice: ConflictChoice) => void;
}) {
  const t = useTranslations("carry.import");
  const sources = useTranslations("carry.sources");
  const states = useTranslations("carry.states");
  const found = useRef<HTMLParagraphElement>(null);
  // What had the focus may be gone now, as the box of a passphrase that was right.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each plan anew
  useEffect(() => {
    if (document.activeElement === document.body) found.current?.focus();
  }, [plan]);
  // A choice that was changed here says another thing than the plan did.
  const stateOf = ({ outcome, state }: ShownEntry, choice: ConflictChoice | undefined) =>
    choice === undefined || outcome !== "conflict" ? state : states(`conflict-${acts[choice]}`);
  if (plan.entries.length === 0) return <p className="mt-4 text-muted">{t("empty")}</p>;
  return (
    <section className="mt-4" aria-label={t("plan")}>
      <p ref={found} tabIndex={-1} className="font-medium" role="status">
        {t("found", { count: plan.entries.length, source: sources(sourceKey(plan.source)) })}
      </p>
      <ul className="mt-1 divide-y divide-line">
        {plan.entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a file never changes its order, and names may be the same
          <li key={index} className="grid gap-x-4 gap-y-1.5 py-2.5 sm:grid-cols-[minmax(0,1fr)_auto]">
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-2">
                <span className="min-w-0 break-words font-medium">
                  {entry.name || t("unnamed", { number: index + 1 })}
                </span>
                <Badge wraps tone={tones[entry.outcome]}>
                  {stateOf(entry, choices.get(index))}
                </Badge>
              </p>
              {entry.place !== "" && (
                <p className="wrap-anywhere font-mono text-[0.8125rem]">{entry.place}</p>
              )}
              {entry.lines.length > 0 && (
                <ul className="mt-0.5 text-[0.8125rem] text-muted">
                  {entry.lines.map((line) => (
                    <li key={line} className="break-words">
                      {line}
                    </li>
                  ))}
                </ul>
              )}
            </div>
            {entry.choices.length > 0 && (
              <SelectField
                label={t("choice", { name: entry.name })}
                className="sm:w-52"
                value={choices.get(index) ?? "skip"}
                onChange={(event) => onChoice(index, event.target.value as ConflictChoice)}
                options={entry.choices.map((choice) => ({ value: choice, label: t(`choices.${choice}`) }))}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a choice makes of a connection whose name is taken. */
const acts = { skip: "skip", rename: "create", replace: "replace" } as const;

const tones: Readonly<Record<ShownEntry["outcome"], BadgeTone>> = {
  new: "success",
  same: "neutral",
  conflict: "warn",
  refused: "danger",
};

/** A file by its chooser, or dropped. */
function FileDrop({
  name,
  title,
  onFile,
}: {
  readonly name: string | undefined;
  readonly title?: string;
  readonly onFile: (file: File) => void;
}) {
  const t = useTranslations("carry.import");
  return (
    <DropArea className="justify-between gap-x-4" onFiles={([file]) => onFile(file)}>
      {() => (
        <>
          <p className="min-w-0 flex-1 basis-48 break-words">{name ?? title ?? t("drop")}</p>
          <ChooseFileButton
            label={t(name === undefined ? "choose" : "other")}
            onFiles={([file]) => onFile(file)}
          />
        </>
      )}
    </DropArea>
  );
}

/** For whom another console seals its connections, so that this one alone opens them. */
function OwnRecipient() {
  const t = useTranslations("carry.import");
  const [recipient, setRecipient] = useState<string>();
  useEffect(() => {
    askRecipient().then((answer) => {
      if (answer.ok) setRecipient(answer.value.recipient);
    });
  }, []);
  if (recipient === undefined) return null;
  return (
    <div className="mt-4 border-line border-t pt-3 text-[0.8125rem]">
      <p className="text-muted">{t("recipient")}</p>
      <div className="mt-1 flex flex-wrap items-center gap-2">
        <code className="min-w-0 break-all font-mono">{recipient}</code>
        <CopyButton
          text={recipient}
          label={t("copy")}
          copiedLabel={t("copied")}
          failedLabel={t("notCopied")}
        />
      </div>
    </div>
  );
}

/** Whether an entry will be written. */
function isTaken({ outcome, choices }: ShownEntry, choice: ConflictChoice = "skip"): boolean {
  return outcome === "new" || (choices.length > 0 && choice !== "skip");
}

function isLocked(
  trouble: Explained | string | undefined,
): "passphrase-missing" | "passphrase-wrong" | undefined {
  if (trouble === undefined || typeof trouble === "string" || trouble.problem.code !== "import-locked")
    return undefined;
  const { reason } = trouble.problem.facts;
  return reason === "passphrase-missing" || reason === "passphrase-wrong" ? reason : undefined;
}

/** A key of words has no dot in it. */
function sourceKey(source: ImportAnswered["source"]) {
  return source === "cloak-db-0.3" ? "cloak-db-0_3" : source;
}

async function base64Of(file: File): Promise<string> {
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  return address.slice(address.indexOf(",") + 1);
}
