"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { FieldFrame, TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { useFocusKept } from "#components/use-focus-kept.ts";
import type { ColumnFacts } from "#lib/browse/shapes.ts";
import type { ImportAsk } from "#lib/transfer/ask.ts";
import type { TableName } from "../place.ts";
import {
  type ChosenFile,
  chosenFile,
  type EmptyRule,
  encodings,
  type FileRules,
  likelyColumns,
  likelyRules,
  preview,
  type Target,
} from "./chosen-file.ts";
import { FilePreview } from "./file-preview.tsx";
import { ImportOutcome } from "./import-outcome.tsx";
import { type Sent, sendFile } from "./send-file.ts";
import { transferBegun } from "./transfer-begun.ts";
import { byteSize } from "./transfers-panel.tsx";
import { visibleName } from "./visible-name.ts";

interface Props {
  readonly connectionId: string;
  readonly table: TableName;
  readonly columns: readonly ColumnFacts[];
  /** Rows were kept. */
  readonly onImported: () => void;
  readonly onClose: () => void;
}

/** A name may be anything, but not as long. */
const leftOut = "-".repeat(300);

interface Going {
  readonly trial: boolean;
  readonly bytes: number;
  readonly stop: AbortController;
}

/** Asks for a file, shows how it is read, tries it, and imports it: all of it or nothing. */
export function ImportDialog({ connectionId, table, columns, onImported, onClose }: Props) {
  const t = useTranslations("transfers.import");
  const panel = useTranslations("transfers.panel");
  const format = useFormatter();
  const [chosen, setChosen] = useState<ChosenFile>();
  const [rules, setRules] = useState<FileRules>();
  const [nullText, setNullText] = useState("");
  const [targets, setTargets] = useState<readonly Target[]>([]);
  const [empties, setEmpties] = useState<ReadonlyMap<string, EmptyRule>>(new Map());
  const [going, setGoing] = useState<Going>();
  const [sent, setSent] = useState<Sent>();
  const [names, made] = useMemo(() => {
    const isMade = ({ generated }: ColumnFacts) => generated === "stored" || generated === "virtual";
    const nameOf = ({ name }: ColumnFacts) => name;
    return [columns.filter((one) => !isMade(one)).map(nameOf), columns.filter(isMade).map(nameOf)];
  }, [columns]);
  const read = useMemo(
    () => (chosen === undefined || rules === undefined ? undefined : preview(chosen, rules)),
    [chosen, rules],
  );
  const live = useRef<AbortController>(undefined);
  useEffect(() => () => live.current?.abort(), []);
  const place = useRef<HTMLDivElement>(null);
  useFocusKept(place);
  const below = useRef<HTMLDivElement>(null);
  const isGoing = going !== undefined;
  // What has just come stands beneath a long preview.
  useEffect(() => {
    if (isGoing || sent !== undefined) below.current?.scrollIntoView?.({ block: "end" });
  }, [isGoing, sent]);

  async function choose(file: File | undefined): Promise<void> {
    setSent(undefined);
    if (file === undefined) return setChosen(undefined);
    const next = await chosenFile(file);
    change(next, likelyRules(next, names));
    setChosen(next);
  }

  function change(file: ChosenFile, next: FileRules): void {
    setRules(next);
    setTargets(likelyColumns(preview(file, next).records[0], next.header, names, made));
    setSent(undefined);
  }
  const set = (more: Partial<FileRules>) => {
    if (chosen !== undefined && rules !== undefined) change(chosen, { ...rules, ...more });
  };

  async function send(trial: boolean): Promise<void> {
    if (chosen === undefined || rules === undefined) return;
    const of = (rule: EmptyRule) =>
      targets.filter((name) => name !== null).filter((name) => empties.get(name) === rule);
    const ask: Omit<ImportAsk, "bytes"> = {
      ...table,
      ...rules,
      columns: [...targets],
      emptyIsNull: of("null"),
      emptyIsText: of("text"),
      nullText,
      trial,
    };
    const stop = new AbortController();
    live.current = stop;
    setSent(undefined);
    setGoing({ trial, bytes: 0, stop });
    const done = await sendFile(connectionId, chosen.file, ask, stop.signal, transferBegun, (bytes) =>
      setGoing({ trial, bytes, stop }),
    );
    setGoing(undefined);
    setSent(done);
    if (!trial && done.type === "ended" && done.stand.state === "done") onImported();
  }

  const twice = targets.find((name, index) => name && targets.indexOf(name) !== index) ?? undefined;
  const isMapped = targets.some((name) => name !== null) && !targets.includes("") && twice === undefined;
  const rest = names.filter((name) => !targets.includes(name));
  const size = chosen?.file.size ?? 0;
  const first = read?.records[0];

  return (
    <div ref={place} className="contents">
      <Dialog
        open
        wide
        title={t("title", { name: visibleName(table.table) })}
        onClose={() => {
          if (going === undefined) onClose();
        }}
        foot={
          going === undefined ? (
            <>
              <Button look="quiet" onClick={onClose}>
                {t("leave")}
              </Button>
              <Button disabled={!isMapped} onClick={() => send(true)}>
                {t("try")}
              </Button>
              <Button look="primary" disabled={!isMapped} onClick={() => send(false)}>
                {t("start")}
              </Button>
            </>
          ) : (
            <Button onClick={() => going.stop.abort()}>{t("cancel")}</Button>
          )
        }
      >
        <div tabIndex={-1} data-focus-home className="flex flex-col gap-3 text-[0.8125rem] outline-none">
          <fieldset disabled={going !== undefined} className="m-0 flex min-w-0 flex-col gap-3 border-0 p-0">
            <FieldFrame label={t("file")} hint={t("fileHint")}>
              {(ties) => (
                <input
                  {...ties}
                  type="file"
                  accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
                  className="control file:mr-3 file:rounded file:border-0 file:bg-sunken file:px-2 file:text-ink"
                  onChange={({ target }) => void choose(target.files?.[0])}
                />
              )}
            </FieldFrame>
            {rules !== undefined && chosen !== undefined && (
              <>
                <div className="grid gap-3 sm:grid-cols-4">
                  <SelectField
                    label={t("encoding")}
                    value={rules.encoding}
                    options={Object.keys(encodings).map((value) => ({ value, label: value }))}
                    onChange={({ target }) => set({ encoding: target.value as FileRules["encoding"] })}
                  />
                  <SelectField
                    label={t("delimiter")}
                    value={rules.delimiter}
                    options={[
                      { value: ",", label: t("comma") },
                      { value: ";", label: t("semicolon") },
                      { value: "\t", label: t("tab") },
                      { value: "|", label: t("pipe") },
                    ]}
                    onChange={({ target }) => set({ delimiter: target.value })}
                  />
                  <SelectField
                    label={t("quote")}
                    value={rules.quote}
                    options={[
                      { value: '"', label: '"' },
                      { value: "'", label: "'" },
                    ]}
                    onChange={({ target }) => set({ quote: target.value as FileRules["quote"] })}
                  />
                  <TextField
                    label={t("nullText")}
                    mono
                    maxLength={20}
                    value={nullText}
                    onChange={({ target }) => setNullText(target.value.replace(/["\r\n]/g, ""))}
                  />
                </div>
                <Checkbox
                  label={t("header")}
                  checked={rules.header}
                  onChange={({ target }) => set({ header: target.checked })}
                />
                <fieldset className="m-0 min-w-0 border-0 p-0">
                  <legend className="mb-1 font-medium">{t("mapping")}</legend>
                  <div className="max-h-64 space-y-2 overflow-y-auto">
                    {targets.map((target, index) => {
                      const column = rules.header ? (first?.values[index]?.text ?? "") : String(index + 1);
                      const label = t("goesTo", { column: visibleName(column) });
                      return (
                        // biome-ignore lint/suspicious/noArrayIndexKey: a column of the file is its place
                        <div key={index} className="grid items-end gap-2 sm:grid-cols-2">
                          <SelectField
                            label={label}
                            value={target ?? leftOut}
                            options={[
                              ...(target === "" ? [{ value: "", label: t("missing") }] : []),
                              ...names.map((value) => ({ value, label: visibleName(value) })),
                              { value: leftOut, label: t("leaveOut") },
                            ]}
                            onChange={({ target: { value } }) => {
                              const name = value === leftOut ? null : value;
                              setTargets((before) => before.map((one, at) => (at === index ? name : one)));
                            }}
                          />
                          {target !== null && (
                            <SelectField
                              label={t("empties", { column: visibleName(target || column) })}
                              value={empties.get(target) ?? "copy"}
                              options={[
                                { value: "copy", label: t("emptyAsCopy") },
                                { value: "null", label: t("emptyIsNull") },
                                { value: "text", label: t("emptyIsText") },
                              ]}
                              onChange={(event) => {
                                const rule = event.target.value as EmptyRule;
                                setEmpties((before) => new Map(before).set(target, rule));
                              }}
                            />
                          )}
                        </div>
                      );
                    })}
                  </div>
                </fieldset>
                {twice !== undefined && (
                  <p role="alert" className="text-danger">
                    {t("twice", { column: visibleName(twice) })}
                  </p>
                )}
                {isMapped && rest.length > 0 && (
                  <p className="text-muted">{t("left", { columns: rest.map(visibleName).join(", ") })}</p>
                )}
              </>
            )}
          </fieldset>
          {read === undefined || rules === undefined ? (
            <p className="text-muted">{t("choose")}</p>
          ) : (
            <FilePreview
              {...read}
              targets={targets}
              header={rules.header}
              nullText={nullText}
              empties={empties}
            />
          )}
          {going !== undefined && (
            <div className="space-y-1">
              <progress
                className="h-2 w-full accent-accent"
                max={Math.max(1, size)}
                value={going.bytes}
                aria-label={panel(`kind.${going.trial ? "trial" : "import"}`)}
              />
              <p className="text-muted tabular-nums">
                {going.bytes < size || size === 0
                  ? t("running", {
                      kind: panel(`kind.${going.trial ? "trial" : "import"}`),
                      done: byteSize(format, going.bytes),
                      all: byteSize(format, size),
                    })
                  : t("finishing")}
              </p>
            </div>
          )}
          <div ref={below} role="status">
            {sent !== undefined && <ImportOutcome sent={sent} />}
          </div>
        </div>
      </Dialog>
    </div>
  );
}
