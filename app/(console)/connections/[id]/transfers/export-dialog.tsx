"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import type { ExportAsk } from "#lib/transfer/ask.ts";
import { type ExportFormat, type ExportTicket, exportFormats } from "#lib/transfer/shapes.ts";
import { postTo, type Refused, refusedOf } from "../ask-connection.ts";
import { RefusedNote } from "../refused-note.tsx";
import { transferBegun } from "./transfer-begun.ts";
import { visibleName } from "./visible-name.ts";

interface Props {
  readonly connectionId: string;
  readonly rev?: number;
  /** Of the table; undefined for a result. */
  readonly name: string | undefined;
  /** Asked for when it is wanted. */
  readonly what: () => Promise<ExportAsk["what"]>;
  /** Those that can be chosen from. */
  readonly columns: readonly string[] | undefined;
  readonly isNarrowed: boolean;
  readonly onClose: () => void;
}

/** Asks how rows are to be written, and has the browser fetch the file. */
export function ExportDialog({ connectionId, rev, name, what, columns, isNarrowed, onClose }: Props) {
  const t = useTranslations("transfers.export");
  const id = useId();
  const [format, setFormat] = useState<ExportFormat>("csv");
  const [header, setHeader] = useState(true);
  const [nullText, setNullText] = useState("");
  const [guardFormulas, setGuard] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [pending, setPending] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const isCsv = format === "csv" || format === "tsv";

  async function begin(): Promise<void> {
    setPending(true);
    setRefused(undefined);
    const asked = await what();
    const chosen = left.size === 0 ? undefined : columns?.filter((column) => !left.has(column));
    const body: ExportAsk = {
      what: asked.kind === "table" && chosen !== undefined ? { ...asked, columns: [...chosen] } : asked,
      format,
      header,
      ...(isCsv ? { nullText, guardFormulas } : {}),
      ...(rev === undefined ? {} : { rev }),
    };
    const answer = await postTo(connectionId, "exports", body);
    const told: unknown = await answer?.json().catch(() => undefined);
    setPending(false);
    if (answer?.ok) {
      fetchFile(connectionId, told as ExportTicket);
      transferBegun();
      onClose();
    } else setRefused(answer === undefined ? { why: "lost" } : refusedOf(told, answer.status));
  }

  return (
    <Dialog
      open
      title={name === undefined ? t("titleResult") : t("title", { name: visibleName(name) })}
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            {t("leave")}
          </Button>
          <Button
            type="submit"
            form={id}
            look="primary"
            pending={pending}
            disabled={columns !== undefined && left.size === columns.length && columns.length > 0}
          >
            {t("start")}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="space-y-3 text-[0.8125rem]"
        onSubmit={(event) => {
          event.preventDefault();
          if (!pending) void begin();
        }}
      >
        {(name === undefined || isNarrowed) && (
          <p className="text-muted">{t(name === undefined ? "again" : "asSeen")}</p>
        )}
        <RadioCards
          label={t("format")}
          name="format"
          value={format}
          columns="sm:grid-cols-2"
          cards={exportFormats.map((value) => ({
            value,
            title: t(`formats.${value}`),
            meaning: t(`meanings.${value}`),
          }))}
          onChange={setFormat}
        />
        {(isCsv || format === "xlsx") && (
          <Checkbox
            label={t("header")}
            checked={header}
            onChange={({ target }) => setHeader(target.checked)}
          />
        )}
        {isCsv && (
          <>
            <TextField
              label={t("nullText")}
              hint={t("nullTextHint")}
              mono
              maxLength={20}
              value={nullText}
              onChange={({ target }) => setNullText(target.value.replace(/["\r\n]/g, ""))}
            />
            <Checkbox
              label={t("guard")}
              hint={t("guardHint")}
              checked={guardFormulas}
              onChange={({ target }) => setGuard(target.checked)}
            />
          </>
        )}
        {columns !== undefined && columns.length > 1 && (
          <details>
            <summary className="w-fit cursor-pointer rounded-sm font-medium">
              {t("columns")}{" "}
              <span className="font-normal text-muted">
                {left.size === 0 ? t("allColumns") : `${columns.length - left.size} / ${columns.length}`}
              </span>
            </summary>
            <div className="mt-2 grid gap-1 sm:grid-cols-2">
              {columns.map((column) => (
                <Checkbox
                  key={column}
                  label={visibleName(column)}
                  checked={!left.has(column)}
                  onChange={() =>
                    setLeft((before) => {
                      const next = new Set(before);
                      if (!next.delete(column)) next.add(column);
                      return next;
                    })
                  }
                />
              ))}
            </div>
          </details>
        )}
        {refused !== undefined &&
          (refused.why === "server" && refused.trouble.sqlstate === "" ? (
            <p role="alert" className="text-danger">
              {t("noRows")}
            </p>
          ) : (
            <RefusedNote refused={refused} />
          ))}
      </form>
    </Dialog>
  );
}

/** The browser's own download: it says itself when the file did not come whole. */
function fetchFile(connectionId: string, { ticket }: ExportTicket): void {
  const link = document.createElement("a");
  link.href = `/api/connections/${encodeURIComponent(connectionId)}/exports/${ticket}`;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
