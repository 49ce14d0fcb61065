"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { SavedQueryAnswer, ShownQuery } from "#app/api/connections/[id]/queries/route.ts";
import { CellText } from "#components/cell-text.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { TextAreaField } from "#components/ui/text-area-field.tsx";
import type { Refused } from "../ask-connection.ts";
import { askNotebook } from "../notebook/ask-notebook.ts";
import { RefusedNote } from "../refused-note.tsx";

interface Props {
  readonly connectionId: string;
  readonly sql: string;
  /** What it was opened from. Who may not change that saves a query of their own. */
  readonly query: ShownQuery | undefined;
  readonly onClose: () => void;
  readonly onSaved: (query: ShownQuery) => void;
}

/** As the door takes them. */
const longest = { name: 120, note: 1_000, sql: 20_000 } as const;

/** A name, a note, whose it is: saved as a new query or over the one it came from, never over what was changed meanwhile. */
export function SaveQueryDialog({ connectionId, sql, query, onClose, onSaved }: Props) {
  const t = useTranslations("notebook.queries");
  const form = useId();
  const [base, setBase] = useState(query?.mayChange === true ? query : undefined);
  const [name, setName] = useState(query?.name ?? "");
  const [note, setNote] = useState(query?.note ?? "");
  const [everywhere, setEverywhere] = useState(query?.everywhere ?? false);
  const [shared, setShared] = useState(base?.shared ?? false);
  const [refused, setRefused] = useState<Refused>();
  const [theirs, setTheirs] = useState<ShownQuery>();
  const [saved, setSaved] = useState<SavedQueryAnswer>();
  const [busy, setBusy] = useState(false);
  const isTooLong = sql.length > longest.sql;
  const isReady = name.trim() !== "" && !isTooLong;

  const save = async (over: ShownQuery | undefined) => {
    setBusy(true);
    setRefused(undefined);
    const content = { name: name.trim(), sql, note: note.trim(), everywhere, shared };
    const done = await askNotebook<SavedQueryAnswer>(
      connectionId,
      over === undefined ? "POST" : "PUT",
      "queries",
      over === undefined ? content : { ...content, id: over.id, rev: over.rev },
    );
    setBusy(false);
    if (done.ok) {
      onSaved(done.value.query);
      if (done.value.masked) setSaved(done.value);
      else onClose();
      return;
    }
    const isOver = done.refused.why === "console" && done.refused.status === 409;
    const now = isOver && over !== undefined ? await current(connectionId, over.id) : undefined;
    if (now !== undefined) setTheirs(now);
    // It is gone by now: what is here can still be saved as a new one.
    else if (done.refused.why === "console" && done.refused.status === 404) setBase(undefined);
    if (now === undefined) setRefused(done.refused);
  };

  if (saved !== undefined) {
    return (
      <Dialog
        open
        title={t("saved")}
        onClose={onClose}
        foot={<Button onClick={onClose}>{t("close")}</Button>}
      >
        <p>{t("masked")}</p>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      wide={theirs !== undefined}
      title={t(base === undefined ? "saveNew" : "saveChanged")}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("leave")}</Button>
          {base !== undefined && (
            <Button disabled={!isReady} pending={busy} onClick={() => void save(undefined)}>
              {t("asNew")}
            </Button>
          )}
          <Button type="submit" form={form} look="primary" disabled={!isReady} pending={busy}>
            {t(theirs !== undefined ? "over" : base === undefined ? "doSave" : "doChange")}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !busy) void save(theirs ?? base);
        }}
      >
        {refused !== undefined && <RefusedNote refused={refused} />}
        {isTooLong && (
          <Alert tone="danger" role="alert" title={t("tooLong", { most: longest.sql })}>
            {null}
          </Alert>
        )}
        {theirs !== undefined && <Both theirs={theirs} mine={sql} />}
        <TextField
          label={t("name")}
          value={name}
          maxLength={longest.name}
          required
          autoFocus
          onChange={(event) => setName(event.target.value)}
        />
        <TextAreaField
          label={t("note")}
          value={note}
          rows={3}
          maxLength={longest.note}
          onChange={(event) => setNote(event.target.value)}
        />
        <SelectField
          label={t("where")}
          value={everywhere ? "any" : "this"}
          options={[
            { value: "this", label: t("here") },
            { value: "any", label: t("everywhere") },
          ]}
          onChange={(event) => setEverywhere(event.target.value === "any")}
        />
        <Checkbox
          label={t("share")}
          hint={t(everywhere ? "shareAllHint" : "shareHint")}
          checked={shared}
          onChange={(event) => setShared(event.target.checked)}
        />
        <p className="text-muted text-xs">{t("kept")}</p>
      </form>
    </Dialog>
  );
}

/** Somebody has changed it meanwhile: what stands there, and what is here. */
function Both({ theirs, mine }: { readonly theirs: ShownQuery; readonly mine: string }) {
  const t = useTranslations("notebook.queries");
  const texts = [
    [t("theirs", { name: theirs.name }), theirs.sql],
    [t("mine"), mine],
  ] as const;
  return (
    <div role="alert" className="flex flex-col gap-2 rounded-md bg-warn-soft p-3">
      <p className="font-medium text-warn">{t("conflict")}</p>
      <div className="grid gap-3 sm:grid-cols-2">
        {texts.map(([label, text]) => (
          <figure key={label} className="min-w-0">
            <figcaption className="text-xs">{label}</figcaption>
            <pre className="max-h-48 overflow-auto whitespace-pre-wrap break-words rounded-sm border border-line bg-surface p-2 font-mono text-xs">
              <CellText text={text} lines />
            </pre>
          </figure>
        ))}
      </div>
    </div>
  );
}

async function current(connectionId: string, id: string): Promise<ShownQuery | undefined> {
  const path = `queries?query=${id}`;
  const found = await askNotebook<{ readonly query: ShownQuery | null }>(connectionId, "GET", path);
  return found.ok ? (found.value.query ?? undefined) : undefined;
}
