"use client";

import { useCallback, useEffect, useState } from "react";
import type { Editable, NotEditable } from "#lib/change/shapes.ts";
import type { TableName } from "../place.ts";
import { askEditable } from "./ask-changes.ts";
import type { TableWriting } from "./grid-editing.ts";

export interface EditableHandle {
  /** Undefined while it is not known. */
  readonly editable: Editable | undefined;
  /** It could not be found out. */
  readonly failed: boolean;
  readonly again: () => void;
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
  const [failed, setFailed] = useState(false);
  const [asked, setAsked] = useState(0);
  const [named, setNamed] = useState<readonly string[]>();
  const { schema, table: name } = table;
  const [known, setKnown] = useState(-1);
  const wanted = may && shown && known !== asked;
  useEffect(() => {
    if (!wanted) return;
    const request = new AbortController();
    setFailed(false);
    askEditable(connectionId, { schema, table: name }, request.signal)
      .then((answer) => {
        if (answer.ok) {
          setEditable(answer.value);
          setKnown(asked);
        } else setFailed(true);
      })
      .catch(() => undefined);
    return () => request.abort();
  }, [asked, connectionId, name, schema, wanted]);
  const again = useCallback(() => setAsked((before) => before + 1), []);
  const isLocked = unlock !== null && unlock !== undefined && unlock !== false;
  return {
    editable,
    failed,
    again,
    named: editable?.by === "named" ? named : undefined,
    setNamed,
    key: editable?.by === "named" ? (named ?? null) : (editable?.key ?? null),
    why: may ? undefined : isLocked ? "production-locked" : "read-access",
  };
}
