"use client";

import { useEffect, useState } from "react";
import type { Editable, NotEditable } from "#lib/change/shapes.ts";
import type { TableName } from "../place.ts";
import { askEditable } from "./ask-changes.ts";
import type { TableWriting } from "./grid-editing.ts";

export interface EditableHandle {
  /** Undefined while it is not known. */
  readonly editable: Editable | undefined;
  /** The columns by which a person tells the rows of a view apart; undefined where none are needed, or named. */
  readonly named: readonly string[] | undefined;
  readonly setNamed: (columns: readonly string[] | undefined) => void;
  /** What finds a row; null: its place. */
  readonly key: readonly string[] | null;
  /** Why nothing here can be changed, as far as the console decides it. */
  readonly why: NotEditable | undefined;
}

/** What can be changed in a table. It is asked only where the person may write, once the table is in sight. */
export function useEditable(
  connectionId: string,
  table: TableName,
  { may, unlock }: TableWriting,
  shown: boolean,
): EditableHandle {
  const [editable, setEditable] = useState<Editable>();
  const [named, setNamed] = useState<readonly string[]>();
  const { schema, table: name } = table;
  const wanted = may && shown && editable === undefined;
  useEffect(() => {
    if (!wanted) return;
    const request = new AbortController();
    askEditable(connectionId, { schema, table: name }, request.signal)
      .then((asked) => asked.ok && setEditable(asked.value))
      .catch(() => undefined);
    return () => request.abort();
  }, [connectionId, name, schema, wanted]);
  const isLocked = unlock !== null && unlock !== undefined && unlock !== false;
  return {
    editable,
    named: editable?.by === "named" ? named : undefined,
    setNamed,
    key: editable?.by === "named" ? (named ?? null) : (editable?.key ?? null),
    why: may ? undefined : isLocked ? "production-locked" : "read-access",
  };
}
