"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useId, useState } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import { Waiting } from "#components/waiting.tsx";
import { confirmOwnPassword } from "../../connections/confirm-actions.ts";
import { ConfirmPerson } from "../../connections/form/confirm-person.tsx";
import { useToast } from "../../toasts.tsx";
import { askExport, askExportable } from "./ask-carry.ts";
import type { Exportable } from "./carry-answers.ts";
import { CarryTrouble } from "./carry-trouble.tsx";

const kinds = ["none", "passphrase", "recipient"] as const;
type Kind = (typeof kinds)[number];

/** Takes connections out as a file: which, and whether their secrets come along, sealed. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("carry.export");
  const toast = useToast();
  const formId = useId();
  const [all, setAll] = useState<readonly Exportable[]>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [kind, setKind] = useState<Kind>("none");
  const [given, setGiven] = useState({ passphrase: "", again: "", recipient: "" });
  const [mistake, setMistake] = useState<"differ" | "nothing">();
  const [trouble, setTrouble] = useState<Explained | "lost">();
  const [confirming, setConfirming] = useState(false);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    askExportable().then((answer) => {
      if (!answer.ok) {
        setTrouble(answer.explained ?? "lost");
        return;
      }
      setAll(answer.value.connections);
      setChosen(new Set(answer.value.connections.map(({ id }) => id)));
    });
  }, []);

  // Secrets are for whoever manages a connection.
  const offered = (all ?? []).filter(({ manages }) => kind === "none" || manages);
  const taken = offered.filter(({ id }) => chosen.has(id));
  const others = taken.reduce((sum, one) => sum + one.others, 0);
  const flaw = flawOf(trouble);

  async function send(): Promise<void> {
    setMistake(undefined);
    setTrouble(undefined);
    if (taken.length === 0) return setMistake("nothing");
    if (kind === "passphrase" && given.passphrase !== given.again) return setMistake("differ");
    setBusy(true);
    const { passphrase, recipient } = given;
    const seal = kind === "none" ? null : kind === "passphrase" ? { passphrase } : { recipient };
    const answer = await askExport({ ids: taken.map(({ id }) => id), seal });
    setBusy(false);
    if (!answer.ok) {
      const { code, facts } = answer.explained?.problem ?? {};
      const isAsked = code === "not-allowed" && facts?.reason === "confirm";
      setConfirming(isAsked);
      if (!isAsked) setTrouble(answer.explained ?? "lost");
      return;
    }
    download(kind === "none" ? "connections.json" : "connections.age", answer.value);
    toast({ text: t("done", { count: taken.length }) });
    onClose();
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
            <Waiting words={busy ? t("waiting") : ""} />
          </span>
          <Button look="quiet" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button look="primary" type="submit" form={formId} pending={busy} disabled={all === undefined}>
            {t("go", { count: taken.length })}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void send();
        }}
      >
        <p className="text-muted">{t("lead")}</p>
        <RadioCards
          label={t("secrets")}
          name="secrets"
          value={kind}
          columns="sm:grid-cols-3"
          onChange={(value) => {
            setKind(value);
            setTrouble(undefined);
            setMistake(undefined);
          }}
          cards={kinds.map((value) => ({
            value,
            title: t(`kinds.${value}`),
            meaning: t(`meanings.${value}`),
          }))}
        />
        {kind === "passphrase" && (
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label={t("passphrase")}
              hint={t("passphraseHint")}
              type="password"
              autoComplete="new-password"
              required
              minLength={12}
              maxLength={256}
              value={given.passphrase}
              onChange={(event) => setGiven({ ...given, passphrase: event.target.value })}
              {...(flaw !== undefined && { error: t(`flaws.${flaw}`), problem: "setting-invalid" })}
            />
            <TextField
              label={t("again")}
              type="password"
              autoComplete="new-password"
              required
              maxLength={256}
              value={given.again}
              onChange={(event) => setGiven({ ...given, again: event.target.value })}
              {...(mistake === "differ" && { error: t("differ") })}
            />
          </div>
        )}
        {kind === "recipient" && (
          <TextField
            mono
            label={t("recipient")}
            hint={t("recipientHint")}
            required
            maxLength={200}
            value={given.recipient}
            onChange={(event) => setGiven({ ...given, recipient: event.target.value })}
            {...(isOfRecipient(trouble) && { error: t("recipientWrong"), problem: "setting-invalid" })}
          />
        )}
        {kind !== "none" && others > 0 && (
          <Alert tone="info" role="note">
            {t("others", { count: others })}
          </Alert>
        )}
        <Choice
          offered={offered}
          chosen={chosen}
          onChosen={setChosen}
          isComing={all === undefined && trouble === undefined}
        />
        {mistake === "nothing" && <Alert tone="danger" role="alert" title={t("nothing")} />}
        {flaw === undefined && !isOfRecipient(trouble) && <CarryTrouble trouble={trouble} />}
      </form>
      {confirming && (
        <div className="mt-4 rounded-md border border-line p-2">
          <p className="px-2 pt-1 font-medium">{t("confirm")}</p>
          <ConfirmPerson
            confirm={confirmOwnPassword}
            onConfirmed={() => {
              setConfirming(false);
              void send();
            }}
          />
        </div>
      )}
    </Dialog>
  );
}

function Choice({
  offered,
  chosen,
  onChosen,
  isComing,
}: {
  readonly offered: readonly Exportable[];
  readonly chosen: ReadonlySet<string>;
  readonly onChosen: (chosen: ReadonlySet<string>) => void;
  readonly isComing: boolean;
}) {
  const t = useTranslations("carry.export");
  const isAll = offered.length > 0 && offered.every(({ id }) => chosen.has(id));
  if (isComing) return <Waiting words={t("reading")} />;
  if (offered.length === 0) return <p className="text-muted">{t("empty")}</p>;
  const set = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    onChosen(next);
  };
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-[0.8125rem]">{t("which")}</legend>
      <div className="border-line border-b pb-2">
        <Checkbox
          label={t("all", { count: offered.length })}
          checked={isAll}
          onChange={(event) =>
            set(
              offered.map(({ id }) => id),
              event.target.checked,
            )
          }
        />
      </div>
      <ul className="max-h-60 overflow-y-auto">
        {offered.map(({ id, name }) => (
          <li key={id} className="py-1.5 pointer-coarse:py-3">
            <Checkbox
              label={name}
              checked={chosen.has(id)}
              onChange={(event) => set([id], event.target.checked)}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** Why the console does not take the passphrase. */
function flawOf(trouble: Explained | "lost" | undefined) {
  if (trouble === undefined || trouble === "lost" || trouble.problem.facts.field !== "passphrase")
    return undefined;
  return flaws.find((flaw) => flaw === trouble.problem.facts.reason);
}

const flaws = ["too-short", "too-long", "too-common"] as const;

function isOfRecipient(trouble: Explained | "lost" | undefined): boolean {
  return trouble !== undefined && trouble !== "lost" && trouble.problem.facts.field === "recipient";
}

function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
