"use client";

import {
  ChevronRight,
  CornerDownRight,
  Eye,
  Globe,
  Layers,
  ListOrdered,
  Lock,
  type LucideIcon,
  RefreshCw,
  Search,
  Table2,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useMemo, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { TreeList } from "#components/tree-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import type { RelationKind } from "#lib/browse/shapes.ts";
import type { Refused } from "../ask-connection.ts";
import { useByteSize } from "../citus/use-byte-size.ts";
import type { TableName } from "../place.ts";
import { ReadAt } from "../read-at.tsx";
import { RefusedNote } from "../refused-note.tsx";
import { foundItems, relationId, type TreeItem, treeItems } from "./tree-items.ts";
import { useRelations, useSearch } from "./use-relations.ts";
import { useSizes } from "./use-sizes.ts";

/** What else the search finds. */
export interface OtherThing {
  readonly id: string;
  readonly label: string;
  readonly go: () => void;
}

interface Props {
  readonly connectionId: string;
  /** Open tabs, and what can be done. */
  readonly others?: readonly OtherThing[] | undefined;
  /** The table that is shown. */
  readonly current: TableName | undefined;
  readonly onOpen: (table: TableName) => void;
  readonly filterBox: RefObject<HTMLInputElement | null>;
  /** Another object: its text is searched for. */
  readonly searched?: { readonly text: string } | undefined;
}

/** More would push the tables away. */
const mostOthers = 5;

/** What is in the database: schemas, and in them their tables, found by typing. */
export function TreePane({ connectionId, others = [], current, onOpen, filterBox, searched }: Props) {
  const t = useTranslations("browse.tree");
  const relations = useRelations(connectionId);
  const { tree, refused, loading, content, open, refresh } = relations;
  /** What the person has folded and unfolded. */
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [text, setText] = useState("");
  useEffect(() => {
    if (searched !== undefined) setText(searched.text);
  }, [searched]);
  const found = useSearch(connectionId, text);
  const searching = text.trim() !== "";

  const first = tree?.opened?.schema;
  const shown = current?.schema;
  // The first schema of the search path stands open by itself, and so does the one of the table that is shown.
  const unfolded = useMemo(() => {
    const all = new Map([
      ...[first, shown].flatMap((name) => (name === undefined ? [] : [[name, true] as const])),
      ...chosen,
    ]);
    return new Set([...all].filter(([, isOpen]) => isOpen).map(([name]) => name));
  }, [chosen, first, shown]);
  const isKnown = shown !== undefined && content.has(shown);
  const isRead = tree !== undefined;
  useEffect(() => {
    if (shown !== undefined && isRead && !isKnown) open(shown);
  }, [isKnown, isRead, open, shown]);

  const items = useMemo(() => {
    if (searching) return found !== undefined && "found" in found ? foundItems(found) : [];
    return tree === undefined ? [] : treeItems(tree, unfolded, content);
  }, [content, found, searching, tree, unfolded]);
  const wanted = text.trim().toLowerCase();
  const otherThings = searching
    ? others.filter(({ label }) => label.toLowerCase().includes(wanted)).slice(0, mostOthers)
    : [];
  const goTo = ({ go }: OtherThing) => {
    setText("");
    go();
  };
  const { sizes, onView } = useSizes(connectionId, tree?.readAt);
  const trouble: Refused | undefined = searching
    ? found !== undefined && "why" in found
      ? found
      : undefined
    : refused;

  function press(item: TreeItem): void {
    if (item.is === "relation") onOpen({ schema: item.schema, table: item.name });
    if (item.is === "note" && item.note === "refused") open(item.schema);
    if (item.is !== "schema") return;
    setChosen(new Map(chosen).set(item.name, item.expanded !== true));
    if (item.expanded === true) return;
    const known = content.get(item.name);
    if (known === undefined || (known !== "loading" && "why" in known)) open(item.name);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key of everything in it; the button does the same
    <div
      className="flex min-h-0 flex-1 flex-col"
      onKeyDown={(event) => {
        if (event.key !== "F5" || event.ctrlKey) return;
        event.preventDefault();
        refresh();
      }}
    >
      <div className="relative p-2">
        <Search aria-hidden className="pointer-events-none absolute top-4 left-4.5 size-4 text-muted" />
        <input
          ref={filterBox}
          type="search"
          aria-label={t("filter")}
          aria-keyshortcuts="Control+K"
          placeholder={t("filter")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            const only = items[0];
            if (event.key === "Escape") setText("");
            else if (event.key === "Enter" && searching && only?.is === "relation") press(only);
            else if (event.key === "Enter" && otherThings[0] !== undefined) goTo(otherThings[0]);
            else if (event.key === "ArrowDown") {
              event.preventDefault();
              event.currentTarget.closest("[data-pane]")?.querySelector<HTMLElement>("[role=tree]")?.focus();
            }
          }}
          autoComplete="off"
          spellCheck={false}
          className="control py-1 pl-8 text-[0.8125rem]"
        />
      </div>
      <p role="status" className="sr-only">
        {searching && found !== undefined && "found" in found
          ? t("found", { count: found.found.length })
          : ""}
      </p>
      {otherThings.length > 0 && (
        <ul aria-label={t("others")} className="border-line border-b px-2 pb-1">
          {otherThings.map((thing) => (
            <li key={thing.id}>
              <button
                type="button"
                onClick={() => goTo(thing)}
                className="flex min-h-7 w-full items-center gap-1.5 rounded-sm px-1.5 text-left text-[0.8125rem] hover:bg-sunken"
              >
                <CornerDownRight aria-hidden className="size-3.5 shrink-0 text-muted" />
                <span className="truncate">
                  <CellText text={thing.label} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {trouble !== undefined && <RefusedNote refused={trouble} onAgain={refresh} className="m-2" />}
      {items.length > 0 ? (
        <TreeList
          label={t("label")}
          items={items}
          current={current && relationId(current.schema, current.table)}
          render={(item) => <Line item={item} searching={searching} bytes={sizes.get(item.id)} />}
          onView={onView}
          onOpen={press}
          className="min-h-0 flex-1 max-desk:h-[60dvh] max-desk:flex-none"
        />
      ) : (
        <div className="min-h-0 flex-1 px-3 py-1 text-[0.8125rem] text-muted max-desk:min-h-[60dvh]">
          {searching && found !== undefined && "found" in found && t("foundNothing")}
          {!searching && tree !== undefined && t("empty")}
          {!searching && tree === undefined && loading && <Skeleton label={t("loading")} />}
        </div>
      )}
      <div className="flex min-h-9 items-center gap-2 border-line border-t px-3 text-muted text-xs">
        {tree !== undefined && (
          <span className="min-w-0 truncate">
            {t("total", { count: tree.total })} · <ReadAt iso={tree.readAt} />
          </span>
        )}
        <Button
          look="quiet"
          size="sm"
          className="ml-auto"
          aria-label={t("refresh")}
          title={t("refresh")}
          aria-keyshortcuts="F5"
          pending={loading}
          onClick={refresh}
        >
          {!loading && <RefreshCw aria-hidden className="size-3.5" />}
        </Button>
      </div>
    </div>
  );
}

const icons: Readonly<Record<RelationKind, LucideIcon>> = {
  table: Table2,
  partitioned: Table2,
  view: Eye,
  "materialized-view": Layers,
  "foreign-table": Globe,
  sequence: ListOrdered,
};

interface LineProps {
  readonly item: TreeItem;
  readonly searching: boolean;
  readonly bytes: number | undefined;
}

function Line({ item, searching, bytes }: LineProps) {
  const t = useTranslations("browse.tree");
  const size = useByteSize();
  if (item.is === "note") return <span className="text-muted italic">{t(`notes.${item.note}`)}</span>;
  if (item.is === "schema") {
    const { name, count, system } = item.schema;
    return (
      <>
        <ChevronRight
          aria-hidden
          className={classes("size-3.5 shrink-0 text-muted", item.expanded === true && "rotate-90")}
        />
        <span className={classes("min-w-0 truncate font-medium", system && "text-muted")}>
          <CellText text={name} />
        </span>
        <span className="ml-auto pl-2 text-muted text-xs">{t("count", { count })}</span>
      </>
    );
  }
  const { kind, name, readable, partitions } = item.relation;
  const Icon = icons[kind];
  return (
    <>
      <Icon
        aria-hidden
        className={classes("size-3.5 shrink-0", kind === "table" ? "text-accent" : "text-muted")}
      />
      <span
        className={classes("min-w-0 truncate", !readable && "text-muted")}
        title={readable ? name : t("unreadable")}
      >
        {searching && (
          <span className="text-muted">
            <CellText text={item.schema} />.
          </span>
        )}
        <CellText text={name} />
      </span>
      {kind !== "table" && <span className="sr-only">, {t(`kinds.${kind}`)}</span>}
      {!readable && (
        <>
          <Lock aria-hidden className="size-3 shrink-0 text-muted" />
          <span className="sr-only">, {t("unreadable")}</span>
        </>
      )}
      {partitions !== undefined && partitions > 0 && (
        <span className="ml-auto min-w-0 shrink-[9999] truncate pl-2 text-muted text-xs">
          {t("partitions", { count: partitions })}
        </span>
      )}
      {bytes !== undefined && (
        // To the eye alone: it comes later, and would be read out with each name. The table's page tells it, too.
        <span aria-hidden className={classes("shrink-0 pl-2 text-muted text-xs", !partitions && "ml-auto")}>
          {size(bytes)}
        </span>
      )}
    </>
  );
}

const lines = ["w-3/5", "w-4/5", "w-1/2", "w-2/3", "w-3/4"] as const;

/** Of what comes soon nothing is shown: it would only flicker. */
function Skeleton({ label }: { readonly label: string }) {
  return (
    <div className="animate-late space-y-3 pt-1">
      <span className="sr-only">{label}</span>
      {lines.map((width) => (
        <div key={width} aria-hidden className={classes("h-3.5 rounded-sm bg-sunken", width)} />
      ))}
    </div>
  );
}
