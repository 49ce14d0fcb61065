"use client";

import { Lock, LockOpen, MoreHorizontal, ShieldAlert, ShieldCheck, ShieldQuestion, Star } from "lucide-react";
import { lazy, memo, Suspense, useState } from "react";
import { buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { SoftLink } from "../../soft-link.tsx";
import { fill } from "./fill.ts";
import { cellClasses, edges, menuButtonClasses, rowClasses } from "./list-looks.ts";
import type { ListTexts } from "./list-texts.ts";
import type { RowView } from "./list-view.ts";
import type { RowActs } from "./row-acts.ts";
import type { RowTest } from "./run-tests.ts";

const loadMenu = () => import("./row-menu.tsx");
/** Each loaded when it is first needed. */
const RowMenu = lazy(async () => ({ default: (await loadMenu()).RowMenu }));
const RowTestState = lazy(async () => ({ default: (await import("./row-test-state.tsx")).RowTestState }));

interface Props {
  readonly row: RowView;
  readonly selected: boolean;
  readonly test: RowTest | undefined;
  /** The group is not told by the section that the row stands in. */
  readonly tellGroup: boolean;
  readonly acts: RowActs;
  readonly texts: ListTexts;
}

/** One saved connection: what it is, where it goes, how its TLS looked when it was last tried, and what can be done. */
export const ListRow = memo(function ListRow({ row, selected, test, tellGroup, acts, texts }: Props) {
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
          {row.favourite && (
            <Star
              role="img"
              aria-label={texts.isFavourite}
              className="size-3.5 shrink-0 fill-warn text-warn"
            />
          )}
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
        <TlsState row={row} />
        {test !== undefined && (
          <Suspense fallback={null}>
            <RowTestState test={test} told={row.tls.text} words={texts.test} />
          </Suspense>
        )}
      </td>
      <td className={cellClasses.days}>
        {row.certificate === undefined ? (
          <Nothing words={texts.notSeen} />
        ) : (
          <DaysLeft {...row.certificate} />
        )}
      </td>
      <td className={cellClasses.tried}>
        {row.tried === undefined ? (
          <Nothing words={texts.never} />
        ) : (
          <span title={row.tried.at}>
            <span className="sr-only">{texts.columns.tried} </span>
            {row.tried.ago}
            {row.tried.by !== undefined && (
              <span className="block break-words text-fact text-muted max-lg:ml-1 max-lg:inline">
                {fill(texts.by, { name: row.tried.by })}
              </span>
            )}
          </span>
        )}
      </td>
      <td className={cellClasses.actions}>
        <span className="flex items-center justify-end gap-1">
          <SoftLink
            href={`/connections/${id}`}
            aria-label={fill(texts.connectNamed, { name })}
            className={buttonClasses({ size: "sm" })}
          >
            {texts.connect}
          </SoftLink>
          <MenuButton row={row} acts={acts} texts={texts} />
        </span>
      </td>
    </tr>
  );
});

function MenuButton({ row, acts, texts }: Pick<Props, "row" | "acts" | "texts">) {
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
      <MoreHorizontal aria-hidden className="size-4" />
    </button>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <RowMenu row={row} acts={acts} texts={texts} />
    </Suspense>
  );
}

const tlsLooks = {
  never: { Icon: ShieldQuestion, tone: "text-muted" },
  failed: { Icon: ShieldAlert, tone: "text-danger" },
  plain: { Icon: LockOpen, tone: "text-danger" },
  none: { Icon: Lock, tone: "text-warn" },
  pinned: { Icon: ShieldCheck, tone: "text-success" },
  ca: { Icon: ShieldCheck, tone: "text-success" },
  full: { Icon: ShieldCheck, tone: "text-success" },
} as const;

function TlsState({ row: { tls } }: { readonly row: RowView }) {
  const { Icon, tone } = tlsLooks[tls.state];
  return (
    <>
      <span className={`flex items-start gap-1.5 ${tone}`}>
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span className="min-w-0 break-words">{tls.text}</span>
      </span>
      {tls.mark !== undefined && <span className="block text-fact text-warn">{tls.mark}</span>}
    </>
  );
}

/** A card leaves it out; in a table an empty cell would say nothing. */
function Nothing({ words }: { readonly words: string }) {
  return (
    <span className="text-muted max-lg:hidden">
      <span aria-hidden>–</span>
      <span className="sr-only">{words}</span>
    </span>
  );
}

const barTones = { danger: "fill-danger", warn: "fill-warn", success: "fill-success" } as const;
const textTones = { danger: "text-danger", warn: "text-warn", success: "" } as const;

function DaysLeft({ text, share, tone }: NonNullable<RowView["certificate"]>) {
  return (
    <span className="flex items-center gap-x-2.5 lg:block lg:max-w-36">
      <span className={textTones[tone]}>{text}</span>
      <svg
        aria-hidden
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        className="block h-1.5 w-20 overflow-hidden rounded-full bg-line lg:mt-1 lg:w-full"
      >
        <rect
          width={tone === "danger" ? 100 : Math.max(4, share)}
          height="6"
          className={`forced-colors:fill-[CanvasText] ${barTones[tone]}`}
        />
      </svg>
    </span>
  );
}
