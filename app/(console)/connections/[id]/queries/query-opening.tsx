"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { ShownQuery } from "#app/api/connections/[id]/queries/route.ts";
import { Spinner } from "#components/ui/spinner.tsx";
import type { Refused } from "../ask-connection.ts";
import { askNotebook } from "../notebook/ask-notebook.ts";
import { RefusedNote } from "../refused-note.tsx";
import type { TabFilling } from "../sql/tab-filling.ts";

interface Props {
  readonly connectionId: string;
  readonly id: string;
  readonly onSql: (filling: TabFilling) => void;
}

/** The address of a saved query: it is filled into a SQL tab, and run by nobody but the person. */
export function QueryOpening({ connectionId, id, onSql }: Props) {
  const t = useTranslations("notebook.queries");
  const [refused, setRefused] = useState<Refused | "gone">();
  const opened = useRef(false);
  const latest = useRef(onSql);
  latest.current = onSql;

  useEffect(() => {
    let isLeft = false;
    askNotebook<{ readonly query: ShownQuery | null }>(connectionId, "GET", `queries?query=${id}`).then(
      (answer) => {
        if (isLeft || opened.current) return;
        if (!answer.ok) return setRefused(answer.refused);
        const { query } = answer.value;
        if (query === null) return setRefused("gone");
        opened.current = true;
        latest.current({ sql: query.sql, query });
      },
    );
    return () => {
      isLeft = true;
    };
  }, [connectionId, id]);

  return (
    <div className="p-3">
      {refused === undefined && <Spinner />}
      {refused === "gone" && <p role="alert">{t("gone")}</p>}
      {refused !== undefined && refused !== "gone" && <RefusedNote refused={refused} />}
    </div>
  );
}
