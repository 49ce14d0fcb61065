"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useCallback, useEffect, useState } from "react";
import type { SavedQueryAnswer, ShownQuery } from "#app/api/connections/[id]/queries/route.ts";
import { CellText } from "#components/cell-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { Refused } from "../ask-connection.ts";
import { askNotebook } from "../notebook/ask-notebook.ts";
import { RefusedNote } from "../refused-note.tsx";
import type { TabFilling } from "../sql/tab-filling.ts";
import { SaveQueryDialog } from "./save-query-dialog.tsx";

interface Props {
  readonly connectionId: string;
  readonly shown: boolean;
  readonly onSql: (filling: TabFilling) => void;
}

/** The saved queries of the connection that the person may see: opened into a new SQL tab, changed, removed, put back. */
export function QueriesPane({ connectionId, shown, onSql }: Props) {
  const t = useTranslations("notebook.queries");
  const [queries, setQueries] = useState<readonly ShownQuery[]>();
  const [refused, setRefused] = useState<Refused>();
  const [words, setWords] = useState("");
  const [removed, setRemoved] = useState<ShownQuery>();
  const [edited, setEdited] = useState<ShownQuery>();

  const reload = useCallback(async () => {
    const list = await askNotebook<{ readonly queries: readonly ShownQuery[] }>(
      connectionId,
      "GET",
      "queries",
    );
    setRefused(list.ok ? undefined : list.refused);
    if (list.ok) setQueries(list.value.queries);
  }, [connectionId]);
  useEffect(() => {
    if (shown) void reload();
  }, [shown, reload]);

  const whole = async (id: string): Promise<ShownQuery | undefined> => {
    const path = `queries?query=${id}`;
    const found = await askNotebook<{ readonly query: ShownQuery | null }>(connectionId, "GET", path);
    if (!found.ok) setRefused(found.refused);
    else if (found.value.query === null) await reload();
    return found.ok ? (found.value.query ?? undefined) : undefined;
  };
  const open = async ({ id }: ShownQuery) => {
    const query = await whole(id);
    if (query !== undefined) onSql({ sql: query.sql, query });
  };
  const act = async (method: "DELETE" | "POST", path: string, body?: object) => {
    const done = await askNotebook<SavedQueryAnswer>(connectionId, method, path, body);
    setRemoved(done.ok && method === "DELETE" ? done.value.query : undefined);
    await reload();
    if (!done.ok) setRefused(done.refused);
  };

  const found = queries?.filter((query) => fits(query, words));
  return (
    <div className="flex flex-col gap-3">
      <div>
        <TextField
          label={t("words")}
          type="search"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-xs">
        {removed === undefined ? (
          <span>{queries !== undefined && t("count", { count: queries.length })}</span>
        ) : (
          <>
            <span>{t("removed", { name: removed.name })}</span>
            <Button size="sm" onClick={() => void act("POST", "queries", { restore: removed.id })}>
              {t("undo")}
            </Button>
          </>
        )}
      </div>
      {refused !== undefined && <RefusedNote refused={refused} onAgain={() => void reload()} />}
      {queries === undefined && refused === undefined && <Spinner />}
      {found?.length === 0 && (
        <p className="py-6 text-center text-muted">{t(queries?.length === 0 ? "empty" : "nothing")}</p>
      )}
      <ul aria-label={t("label")} className="flex flex-col divide-y divide-line">
        {found?.map((query) => (
          <li key={query.id}>
            <Query
              connectionId={connectionId}
              query={query}
              onOpen={() => void open(query)}
              onEdit={async () => setEdited(await whole(query.id))}
              onRemove={() => void act("DELETE", `queries?query=${query.id}`)}
            />
          </li>
        ))}
      </ul>
      {edited !== undefined && (
        <SaveQueryDialog
          connectionId={connectionId}
          sql={edited.sql}
          query={edited}
          onClose={() => setEdited(undefined)}
          onSaved={() => void reload()}
        />
      )}
    </div>
  );
}

function fits({ name, note, sql, owner }: ShownQuery, words: string): boolean {
  const text = `${name}\n${note}\n${sql}\n${owner ?? ""}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

interface QueryProps {
  readonly connectionId: string;
  readonly query: ShownQuery;
  readonly onOpen: () => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function Query({ connectionId, query, onOpen, onEdit, onRemove }: QueryProps) {
  const t = useTranslations("notebook.queries");
  const format = useFormatter();
  const { id, name, note, sql, goesOn, shared, own, owner, everywhere, mayChange, savedAt } = query;
  const link = `${window.location.origin}/connections/${encodeURIComponent(connectionId)}/q/${id}`;
  return (
    <article className="grid gap-x-3 gap-y-1 py-2 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-x-2 break-words font-medium">
          <CellText text={name} />
          {shared && <Badge>{t("shared")}</Badge>}
        </h3>
        {note !== "" && (
          <p className="whitespace-pre-wrap break-words text-muted">
            <CellText text={note} lines />
          </p>
        )}
        <pre className="mt-1 line-clamp-3 whitespace-pre-wrap break-words font-mono text-xs">
          <CellText text={sql} lines />
          {goesOn && " …"}
        </pre>
        <p className="mt-1 flex flex-wrap gap-x-2 text-muted text-xs">
          <span>{own ? t("own") : t("by", { name: owner ?? t("nobody") })}</span>
          <span>{t(everywhere ? "everywhere" : "here")}</span>
          <time dateTime={savedAt}>
            {format.dateTime(new Date(savedAt), { dateStyle: "medium", timeStyle: "short" })}
          </time>
        </p>
      </div>
      <div className="flex flex-wrap items-start gap-2">
        <Button size="sm" aria-label={t("openNamed", { name })} onClick={onOpen}>
          {t("open")}
        </Button>
        {shared && (
          <CopyButton
            text={link}
            label={t("copyLink")}
            copiedLabel={t("copied")}
            failedLabel={t("notCopied")}
          />
        )}
        {mayChange && (
          <>
            <Button size="sm" look="quiet" aria-label={t("editNamed", { name })} onClick={onEdit}>
              {t("edit")}
            </Button>
            <Button size="sm" look="quiet" aria-label={t("removeNamed", { name })} onClick={onRemove}>
              {t("remove")}
            </Button>
          </>
        )}
      </div>
    </article>
  );
}
