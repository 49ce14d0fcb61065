"use client";

import { ArrowDown, ArrowUp, ChevronDown, ChevronRight } from "lucide-react";
import { useEffect, useRef } from "react";
import { classes } from "#components/ui/classes.ts";
import { SoftLink } from "../../soft-link.tsx";
import { type ConnectionsQuery, connectionsPath } from "./connections-query.ts";
import type { SortColumn } from "./list-choices.ts";
import { headClasses } from "./list-looks.ts";
import { ListRow } from "./list-row.tsx";
import type { ListTexts } from "./list-texts.ts";
import type { ListView, RowFacts, RowView, SectionView } from "./list-view.ts";
import type { RowActs } from "./row-acts.ts";
import type { RowTest } from "./run-tests.ts";

interface Props {
  readonly view: ListView;
  readonly facts: Readonly<Record<string, RowFacts>>;
  readonly selected: ReadonlyMap<string, RowView>;
  readonly tests: ReadonlyMap<string, RowTest>;
  readonly acts: RowActs;
  readonly onSelectAll: (on: boolean) => void;
  readonly texts: ListTexts;
}

/** The saved connections of a page, in their sections. Its heads are links: the order stands in the address. */
export function ListTable({ view, facts, selected, tests, acts, onSelectAll, texts }: Props) {
  const { query, sections } = view;
  const rows = sections.flatMap((section) => section.rows);
  return (
    <div className="overflow-clip rounded-lg border border-line bg-surface shadow-card">
      <table className="w-full border-collapse max-lg:block lg:table-fixed">
        <caption className="sr-only">{texts.caption}</caption>
        <thead className="bg-sunken max-lg:sr-only">
          <tr>
            <th
              scope="col"
              className={classes(headClasses.select, "border-l-4 border-l-transparent py-2 pl-3 text-left")}
            >
              <SelectAll
                count={rows.filter(({ id }) => selected.has(id)).length}
                of={rows.length}
                onSelect={onSelectAll}
                label={texts.selectAll}
              />
            </th>
            <Head column="name" query={query} name={texts.columns.name} />
            <Head column="host" query={query} name={texts.columns.host} />
            <Head column="tls" query={query} name={texts.columns.tls} />
            <Head column="days" query={query} name={texts.columns.days} />
            <Head column="tried" query={query} name={texts.columns.tried} />
            <th scope="col" className={headClasses.actions}>
              <span className="sr-only">{texts.columns.actions}</span>
            </th>
          </tr>
        </thead>
        {sections.map((section) => (
          <tbody key={`${section.kind} ${section.key}`} className="max-lg:block">
            {section.kind !== "all" && <SectionHead section={section} query={query} texts={texts} />}
            {section.rows.map((row) => (
              <ListRow
                key={row.id}
                row={row}
                facts={facts[row.id]}
                selected={selected.has(row.id)}
                test={tests.get(row.id)}
                tellGroup={section.kind === "favourites"}
                acts={acts}
                texts={texts}
              />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

interface HeadProps {
  readonly column: SortColumn;
  readonly query: ConnectionsQuery;
  readonly name: string;
}

/** First up, then down, then as it was. */
function Head({ column, query, name }: HeadProps) {
  const now = query.sort?.by === column ? (query.sort.down ? "descending" : "ascending") : undefined;
  const next =
    now === undefined
      ? { by: column, down: false }
      : now === "ascending"
        ? { by: column, down: true }
        : undefined;
  const Arrow = now === "descending" ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={now ?? "none"}
      className={classes(headClasses[column], "px-2 py-2 text-left font-medium text-fact")}
    >
      <SoftLink
        href={connectionsPath({ ...query, sort: next, page: 1 })}
        keepPlace
        className="group/head inline-flex min-h-6 items-center gap-1 rounded-sm text-muted hover:text-ink"
      >
        {name}
        <Arrow
          aria-hidden
          className={classes(
            "size-3.5",
            now === undefined && "invisible group-hover/head:visible group-focus-visible/head:visible",
          )}
        />
      </SoftLink>
    </th>
  );
}

interface SectionHeadProps {
  readonly section: SectionView;
  readonly query: ConnectionsQuery;
  readonly texts: ListTexts;
}

function SectionHead({ section, query, texts }: SectionHeadProps) {
  const { kind, name, key, folded, count } = section;
  const others = query.folded.filter((one) => one !== key);
  const Chevron = folded ? ChevronRight : ChevronDown;
  return (
    <tr className="border-line border-t bg-sunken max-lg:block">
      <th scope="rowgroup" colSpan={7} className="p-0 text-left font-normal max-lg:block">
        <SoftLink
          href={connectionsPath({ ...query, folded: folded ? others : [...others, key], page: 1 })}
          keepPlace
          aria-expanded={!folded}
          className="flex min-h-8 w-full items-center gap-1.5 px-3 py-1 -outline-offset-2 pointer-coarse:min-h-11"
        >
          <Chevron aria-hidden className="size-4 shrink-0 text-muted" />
          <span className="min-w-0 break-words font-medium">
            {kind === "favourites" ? texts.favourites : kind === "group" ? name : texts.noGroup}
          </span>
          <span className="text-muted text-xs">{count}</span>
        </SoftLink>
      </th>
    </tr>
  );
}

interface SelectAllProps {
  readonly count: number;
  readonly of: number;
  readonly onSelect: (on: boolean) => void;
  readonly label: string;
}

function SelectAll({ count, of, onSelect, label }: SelectAllProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = count > 0 && count < of;
  }, [count, of]);
  return (
    <label className="grid size-6 place-items-center">
      <input
        ref={box}
        type="checkbox"
        aria-label={label}
        checked={of > 0 && count === of}
        onChange={(event) => onSelect(event.target.checked)}
        className="size-4 accent-accent"
      />
    </label>
  );
}
