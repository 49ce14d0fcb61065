"use client";

import { useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { NearTable, Neighbourhood } from "#lib/browse/neighbourhood.ts";
import { askConnection, type Refused } from "../../ask-connection.ts";
import type { TableName } from "../../place.ts";
import { RefusedNote } from "../../refused-note.tsx";
import { Drawing } from "./drawing.tsx";
import { layOut } from "./lay-out.ts";
import { saveDrawing } from "./save-drawing.ts";

interface Props {
  readonly connectionId: string;
  readonly table: TableName;
  readonly onOpen: (table: TableName) => void;
}

/** The table, what it refers to and what refers to it: drawn, and as a list. */
export function PicturePane({ connectionId, table, onOpen }: Props) {
  const t = useTranslations("notebook.picture");
  const { schema, table: name } = table;
  const [steps, setSteps] = useState<1 | 2>(1);
  const [near, setNear] = useState<Neighbourhood>();
  const [refused, setRefused] = useState<Refused>();
  const [round, setRound] = useState(0);
  const drawing = useRef<SVGSVGElement>(null);
  const frame = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same again
  useEffect(() => {
    const asked = new AbortController();
    askConnection<Neighbourhood>(connectionId, "picture", { schema, table: name, steps }, asked.signal).then(
      (answer) => {
        setRefused(answer.ok ? undefined : answer.refused);
        if (answer.ok) setNear(answer.value);
      },
      () => undefined,
    );
    return () => asked.abort();
  }, [connectionId, schema, name, steps, round]);

  const laidOut = useMemo(() => near && layOut(near, schema), [near, schema]);
  const home = near?.tables[0];
  useEffect(() => {
    const middle = laidOut?.cards[0];
    if (middle === undefined || frame.current === null) return;
    const { clientWidth, clientHeight } = frame.current;
    frame.current.scrollTo(
      middle.x + (middle.width - clientWidth) / 2,
      middle.y + (middle.height - clientHeight) / 2,
    );
  }, [laidOut]);

  return (
    <section aria-label={t("label")} className="flex h-full min-h-0 flex-col gap-2 text-[0.8125rem]">
      <div className="flex flex-wrap items-end justify-between gap-x-3 gap-y-2">
        <SelectField
          label={t("steps")}
          value={String(steps)}
          options={([1, 2] as const).map((count) => ({
            value: String(count),
            label: t("step", { steps: count }),
          }))}
          onChange={(event) => setSteps(event.target.value === "2" ? 2 : 1)}
        />
        <p className="min-w-0 flex-1 text-muted text-xs max-sm:hidden">{t("how")}</p>
        <Button
          disabled={laidOut === undefined}
          onClick={() => drawing.current !== null && saveDrawing(drawing.current, `${schema}.${name}`)}
        >
          {t("download")}
        </Button>
      </div>
      {refused !== undefined && (
        <RefusedNote refused={refused} onAgain={() => setRound((before) => before + 1)} />
      )}
      {near === undefined && refused === undefined && <Spinner />}
      {near?.more === true && <p role="status">{t("capped", { shown: near.tables.length })}</p>}
      {near?.references.length === 0 && <p role="status">{t("alone")}</p>}
      {laidOut !== undefined && home !== undefined && (
        <div ref={frame} className="min-h-72 flex-1 overflow-auto rounded-md border border-line bg-surface">
          <Drawing laidOut={laidOut} home={home.id} drawing={drawing} onOpen={onOpen} />
        </div>
      )}
      {near !== undefined && near.references.length > 0 && <List near={near} onOpen={onOpen} />}
    </section>
  );
}

/** What the drawing shows, in words. */
function List({
  near,
  onOpen,
}: {
  readonly near: Neighbourhood;
  readonly onOpen: (table: TableName) => void;
}) {
  const t = useTranslations("notebook.picture");
  const byId = new Map(near.tables.map((table) => [table.id, table]));
  const nameOf = (id: string) => {
    const table = byId.get(id);
    return table === undefined ? "" : `${table.schema}.${table.name}`;
  };
  return (
    <details>
      <summary className="cursor-pointer">{t("list")}</summary>
      <ul className="mt-1 flex flex-col gap-1">
        {near.references.map(({ name, from, to, columns }) => (
          <li key={`${from} ${name}`} className="flex flex-wrap items-center gap-2">
            <span className="min-w-0 break-words">
              <CellText
                text={t("refers", { from: nameOf(from), columns: columns.join(", "), to: nameOf(to) })}
              />
            </span>
            {[...new Set([from, to])].map((id) => (
              <OpenButton key={id} table={byId.get(id)} onOpen={onOpen} />
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}

function OpenButton({
  table,
  onOpen,
}: {
  readonly table: NearTable | undefined;
  readonly onOpen: (table: TableName) => void;
}) {
  const t = useTranslations("notebook.picture");
  if (table === undefined || table.steps === 0) return null;
  return (
    <Button size="sm" onClick={() => onOpen({ schema: table.schema, table: table.name })}>
      {t("open", { table: `${table.schema}.${table.name}` })}
    </Button>
  );
}
