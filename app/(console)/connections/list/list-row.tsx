"use client";

import { lazy, memo, Suspense, useState } from "react";
import { buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { SoftLink } from "../../soft-link.tsx";
import { fill } from "./fill.ts";
import { cellClasses, edges, menuButtonClasses, rowClasses } from "./list-looks.ts";
import type { ListTexts } from "./list-texts.ts";
import type { RowFacts, RowView } from "./list-view.ts";
import type { RowActs } from "./row-acts.ts";
import type { RowTest } from "./run-tests.ts";

const loadMenu = () => import("./row-menu.tsx");
/** Each loaded when it is first needed. */
const RowMenu = lazy(async () => ({ default: (await loadMenu()).RowMenu }));
const RowTestState = lazy(async () => ({ default: (await import("./row-test-state.tsx")).RowTestState }));

interface Props {
  readonly row: RowView;
  readonly facts: RowFacts | undefined;
  readonly selected: boolean;
  readonly test: RowTest | undefined;
  /** The group is not told by the section that the row stands in. */
  readonly tellGroup: boolean;
  readonly acts: RowActs;
  readonly texts: ListTexts;
}

/** One saved connection: what it is, where it goes, how its TLS looked when it was last tried, and what can be done. */
export const ListRow = memo(function ListRow({ row, facts, selected, test, tellGroup, acts, texts }: Props) {
  const { id, name } = row;
  const labels = [...(tellGroup && row.group !== undefined ? [row.group] : []), ...row.tags];
  return (
    <tr
      className={classes(rowClasses, edges[row.environment], selected ? "bg-accent-soft" : "hover:bg-sunken")}
    >
      <td className={classes(cellClasses.select, edges[row.environment])}>
        <label className="grid size-6 place-items-center pointer-coarse:size-11 pointer-coarse:-m-2.5">
          <input
            type="checkbox"
            checked={selected}
            aria-label={fill(texts.selectNamed, { name })}
            onChange={(event) => acts.select(row, event.target.checked)}
            className="size-4 accent-accent"
          />
        </label>
      </td>
      <th scope="row" className={cellClasses.name}>
        <span className="flex min-w-0 items-center gap-1.5">
          <SoftLink
            href={`/connections/${id}`}
            className="-my-0.5 inline-block min-h-6 min-w-0 break-words rounded-sm py-0.5 font-medium underline-offset-2 hover:underline"
          >
            {name}
          </SoftLink>
          {facts?.star}
        </span>
        {(row.environment !== "none" || labels.length > 0) && (
          <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-fact text-muted">
            {row.environment !== "none" && <span>{row.environmentName}</span>}
            {labels.map((label) => (
              <span key={label} className="max-w-40 truncate rounded-sm bg-sunken px-1.5" title={label}>
                {label}
              </span>
            ))}
          </span>
        )}
      </th>
      <td className={cellClasses.host}>
        {row.server !== "" && <span className="break-words lg:block">{row.server}</span>}
        <span className="break-words text-fact text-muted max-lg:ml-1.5 lg:block">{row.database}</span>
      </td>
      <td className={cellClasses.tls}>
        {facts?.tls}
        {test !== undefined && (
          <Suspense fallback={null}>
            <RowTestState test={test} told={row.tls.text} words={texts.test} />
          </Suspense>
        )}
      </td>
      <td className={cellClasses.days}>{facts?.days}</td>
      <td className={cellClasses.tried}>{facts?.tried}</td>
      <td className={cellClasses.actions}>
        <span className="flex items-center justify-end gap-1">
          <SoftLink
            href={`/connections/${id}`}
            aria-label={fill(texts.connectNamed, { name })}
            className={buttonClasses({ size: "sm" })}
          >
            {texts.connect}
          </SoftLink>
          <MenuButton facts={facts} row={row} acts={acts} texts={texts} />
        </span>
      </td>
    </tr>
  );
});

function MenuButton({ row, facts, acts, texts }: Pick<Props, "row" | "facts" | "acts" | "texts">) {
  const [wanted, setWanted] = useState(false);
  const label = fill(texts.actionsFor, { name: row.name });
  const button = (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-haspopup="menu"
      aria-expanded={false}
      className={menuButtonClasses}
      onPointerEnter={() => void loadMenu()}
      onFocus={() => void loadMenu()}
      onClick={() => setWanted(true)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        setWanted(true);
      }}
    >
      {facts?.more}
    </button>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <RowMenu row={row} acts={acts} texts={texts} />
    </Suspense>
  );
}
