"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, type RefObject, useId, useState } from "react";
import { classes } from "#components/ui/classes.ts";
import { visibleText } from "#lib/visible-text.ts";
import type { TableName } from "../../place.ts";
import { type Card, headHeight, type LaidOut, rowHeight } from "./lay-out.ts";
import { nextCard } from "./next-card.ts";

interface Props {
  readonly laidOut: LaidOut;
  /** Of the table in the middle. */
  readonly home: string;
  readonly drawing: RefObject<SVGSVGElement | null>;
  readonly onOpen: (table: TableName) => void;
}

/** Cards and the lines between them. One card takes the focus; arrow keys move it, Enter opens the table. */
export function Drawing({ laidOut, home, drawing, onOpen }: Props) {
  const t = useTranslations("notebook.picture");
  const arrow = useId();
  const [at, setAt] = useState(home);
  const { width, height, cards, lines } = laidOut;
  const current = cards.some(({ table }) => table.id === at) ? at : home;
  const middle = cards.find(({ table }) => table.id === home);

  const onKeyDown = (event: KeyboardEvent<SVGGElement>, card: Card) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onOpen({ schema: card.table.schema, table: card.table.name });
      return;
    }
    const next = nextCard(cards, card.table.id, event.key);
    if (next === undefined) return;
    event.preventDefault();
    setAt(next.table.id);
    drawing.current?.querySelector<SVGGElement>(`[data-card="${next.table.id}"]`)?.focus();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing is no list of fields
    <svg
      ref={drawing}
      role="group"
      aria-label={t("drawing", { count: cards.length, table: shown(middle?.title ?? "") })}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className="block font-mono"
    >
      <defs>
        <marker
          id={arrow}
          viewBox="0 0 8 8"
          refX="8"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          orient="auto-start-reverse"
        >
          <path d="M0 0L8 4L0 8z" className="fill-muted" />
        </marker>
      </defs>
      <rect width={width} height={height} className="fill-surface" />
      {lines.map(({ id, path }) => (
        <path key={id} d={path} fill="none" className="stroke-muted" markerEnd={`url(#${arrow})`} />
      ))}
      {cards.map((card) => {
        const { table, x, y, title, rows } = card;
        const isHome = table.id === home;
        const below = headHeight + rows.length * rowHeight;
        return (
          // biome-ignore lint/a11y/useSemanticElements: an element of HTML cannot stand in a drawing
          <g
            key={table.id}
            data-card={table.id}
            role="button"
            tabIndex={table.id === current ? 0 : -1}
            aria-label={t("open", { table: shown(`${table.schema}.${table.name}`) })}
            transform={`translate(${x} ${y})`}
            className="group/card cursor-pointer outline-none"
            onFocus={() => setAt(table.id)}
            onKeyDown={(event) => onKeyDown(event, card)}
            onClick={() => onOpen({ schema: table.schema, table: table.name })}
          >
            <rect
              width={card.width}
              height={card.height}
              rx="6"
              className={classes(
                "fill-surface group-hover/card:stroke-accent group-focus-visible/card:stroke-accent group-focus-visible/card:stroke-[3px]",
                isHome ? "stroke-2 stroke-accent" : "stroke-control",
              )}
            />
            <text
              x="10"
              y="18"
              className={classes("font-semibold text-[12px]", isHome ? "fill-accent" : "fill-ink")}
            >
              {shown(title)}
            </text>
            <path d={`M0 ${headHeight}H${card.width}`} className="stroke-line" />
            {rows.map(({ column, name, type }, row) => (
              <g key={column.name} transform={`translate(0 ${headHeight + row * rowHeight + 14})`}>
                <text x="10" className="fill-accent text-[9px]">
                  {[column.key ? "PK" : "", column.reference ? "FK" : ""]
                    .filter((mark) => mark !== "")
                    .join(" ")}
                </text>
                <text
                  x="42"
                  className={classes(
                    "fill-ink text-[11px]",
                    (column.key || column.reference) && "font-semibold",
                  )}
                >
                  {shown(name)}
                </text>
                <text x={card.width - 10} textAnchor="end" className="fill-muted text-[11px]">
                  {shown(type)}
                </text>
              </g>
            ))}
            {table.moreColumns > 0 && (
              <text x="42" y={below + 14} className="fill-muted text-[11px]">
                {t("moreColumns", { count: table.moreColumns })}
              </text>
            )}
          </g>
        );
      })}
      {lines.map(({ id, name, label, x, y }) => (
        <g key={id}>
          <title>{shown(name)}</title>
          <rect
            x={x - label.length * 3.1 - 3}
            y={y - 8}
            width={label.length * 6.2 + 6}
            height="15"
            rx="3"
            className="fill-surface"
          />
          <text x={x} y={y + 3} textAnchor="middle" className="fill-muted text-[10px]">
            {shown(label)}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Hidden signs as escapes: a name is somebody's. */
function shown(text: string): string {
  return visibleText(text)
    .map((piece) => piece.text)
    .join("");
}
