"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import type { ShownRun } from "#app/api/connections/[id]/history/route.ts";
import { CellText } from "#components/cell-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { Refused } from "../ask-connection.ts";
import { askNotebook } from "../notebook/ask-notebook.ts";
import { RefusedNote } from "../refused-note.tsx";
import type { TabFilling } from "../sql/tab-filling.ts";
import { noFilter, useHistory } from "./use-history.ts";

interface Props {
  readonly connectionId: string;
  readonly shown: boolean;
  readonly onSql: (filling: TabFilling) => void;
}

/** The statements that the person has run, the newest first: searched, opened into a new SQL tab, let go. */
export function HistoryPane({ connectionId, shown, onSql }: Props) {
  const t = useTranslations("notebook.history");
  const format = useFormatter();
  const [filter, setFilter] = useState(noFilter);
  const [asksAll, setAsksAll] = useState(false);
  const [trouble, setTrouble] = useState<Refused>();
  const list = useHistory(connectionId, filter, shown);
  const { runs, told } = list;

  const open = async ({ id, sql, goesOn, masked, cut }: ShownRun) => {
    const whole = goesOn
      ? await askNotebook<{ readonly run: ShownRun | null }>(connectionId, "GET", `history?run=${id}`)
      : undefined;
    if (whole?.ok === false) return setTrouble(whole.refused);
    const text = whole === undefined ? sql : (whole.value.run?.sql ?? sql);
    const notes = [...(masked ? [t("maskedNote")] : []), ...(cut ? [t("cutNote")] : [])];
    onSql({ sql: [...notes.map((note) => `-- ${note}\n`), text].join("") });
  };
  const remove = async (which: string) => {
    const gone = await askNotebook<object>(connectionId, "DELETE", `history?run=${which}`);
    setTrouble(gone.ok ? undefined : gone.refused);
    list.reload();
  };

  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-1 items-end gap-x-3 gap-y-2 sm:grid-cols-[minmax(0,1fr)_auto_auto]">
        <TextField
          label={t("words")}
          type="search"
          value={filter.words}
          onChange={(event) => setFilter({ ...filter, words: event.target.value.slice(0, 500) })}
        />
        <SelectField
          label={t("connection")}
          value={filter.everywhere ? "all" : "this"}
          options={[
            { value: "this", label: t("this") },
            { value: "all", label: t("all") },
          ]}
          onChange={(event) => setFilter({ ...filter, everywhere: event.target.value === "all" })}
        />
        <TextField
          label={t("day")}
          type="date"
          value={filter.day}
          onChange={(event) => setFilter({ ...filter, day: event.target.value })}
        />
        <Checkbox
          label={t("failedOnly")}
          checked={filter.failedOnly}
          onChange={(event) => setFilter({ ...filter, failedOnly: event.target.checked })}
        />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <p role="status" className="min-w-0 flex-1 text-muted text-xs">
          {told !== undefined && words(told)}
        </p>
        {told !== undefined && told.kept > 0 && (
          <Button size="sm" onClick={() => setAsksAll(true)}>
            {t("removeAll")}
          </Button>
        )}
      </div>
      {(trouble ?? list.refused) !== undefined && (
        <RefusedNote refused={trouble ?? list.refused ?? { why: "lost" }} onAgain={list.reload} />
      )}
      {told === undefined && list.refused === undefined && <Spinner />}
      {told !== undefined && runs.length === 0 && (
        <p className="py-6 text-center text-muted">{t(told.kept === 0 ? "empty" : "nothing")}</p>
      )}
      <ol aria-label={t("label")} className="flex flex-col divide-y divide-line">
        {runs.map((run, at) => {
          const day = format.dateTime(new Date(run.at), { dateStyle: "full" });
          const before = runs[at - 1];
          const isNewDay =
            before === undefined || format.dateTime(new Date(before.at), { dateStyle: "full" }) !== day;
          return (
            <li key={run.id}>
              {isNewDay && <h3 className="pt-3 pb-1 font-medium text-muted text-xs">{day}</h3>}
              <Run run={run} onOpen={() => void open(run)} onRemove={() => void remove(run.id)} />
            </li>
          );
        })}
      </ol>
      {list.more && (
        <Button className="self-center" onClick={list.onMore}>
          {t("more")}
        </Button>
      )}
      <Dialog
        open={asksAll}
        title={t("removeAllTitle")}
        onClose={() => setAsksAll(false)}
        foot={
          <>
            <Button onClick={() => setAsksAll(false)}>{t("leave")}</Button>
            <Button
              look="danger"
              onClick={() => {
                setAsksAll(false);
                void remove("all");
              }}
            >
              {t("removeAllNow")}
            </Button>
          </>
        }
      >
        <p>{t("removeAllText", { count: told?.kept ?? 0 })}</p>
      </Dialog>
    </div>
  );

  function words({ kept, days, on }: NonNullable<typeof told>): string {
    if (days === 0) return t("offHere");
    return on ? t("keeps", { count: kept, days }) : t("off", { count: kept });
  }
}

interface RunProps {
  readonly run: ShownRun;
  readonly onOpen: () => void;
  readonly onRemove: () => void;
}

function Run({ run, onOpen, onRemove }: RunProps) {
  const t = useTranslations("notebook.history");
  const format = useFormatter();
  const { sql, at, connection, database, role, ms, rows, sqlstate, outcome, readOnly, masked, cut } = run;
  const begins = sql.trimStart().slice(0, 60).split("\n", 1)[0] ?? "";
  const time = format.dateTime(new Date(at), { timeStyle: "medium" });
  return (
    <article className="grid gap-x-3 gap-y-1 py-2 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <pre className="line-clamp-3 whitespace-pre-wrap break-words font-mono text-xs">
          <CellText text={sql} lines />
          {run.goesOn && " …"}
        </pre>
        <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-0.5 text-muted text-xs">
          <time dateTime={at}>{time}</time>
          <span className="tabular-nums">{t("ms", { ms })}</span>
          {rows !== null && <span className="tabular-nums">{t("rows", { count: rows })}</span>}
          {outcome === "failed" && <Badge tone="warn">{t("failed", { sqlstate: sqlstate ?? "–" })}</Badge>}
          {outcome === "stopped" && <Badge tone="warn">{t("stopped")}</Badge>}
          <span>{t(readOnly ? "readOnly" : "readWrite")}</span>
          <span className="min-w-0 break-words">
            <CellText text={`${connection} · ${database} · ${role}`} />
          </span>
          {masked && <span>{t("masked")}</span>}
          {cut && <span>{t("cut")}</span>}
        </p>
      </div>
      <div className="flex flex-wrap items-start gap-2">
        <Button size="sm" aria-label={t("openNamed", { begins, time })} onClick={onOpen}>
          {t("open")}
        </Button>
        <Button size="sm" look="quiet" aria-label={t("removeNamed", { begins, time })} onClick={onRemove}>
          {t("remove")}
        </Button>
      </div>
    </article>
  );
}
