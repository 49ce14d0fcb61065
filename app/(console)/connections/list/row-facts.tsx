import { Lock, LockOpen, MoreHorizontal, ShieldAlert, ShieldCheck, ShieldQuestion, Star } from "lucide-react";
import { fill } from "./fill.ts";
import type { ListTexts } from "./list-texts.ts";
import type { ListView, RowFacts, RowView } from "./list-view.ts";

/** What the rows of a page only show, by their ids: written on the server, so that no browser learns how to draw it. */
export function rowFacts({ sections }: ListView, texts: ListTexts): Readonly<Record<string, RowFacts>> {
  const rows = sections.flatMap((section) => section.rows);
  return Object.fromEntries(rows.map((row) => [row.id, factsOf(row, texts)]));
}

function factsOf(row: RowView, texts: ListTexts): RowFacts {
  return {
    star: row.favourite ? (
      <Star role="img" aria-label={texts.isFavourite} className="size-3.5 shrink-0 fill-warn text-warn" />
    ) : null,
    tls: <TlsState row={row} />,
    days:
      row.certificate === undefined ? <Nothing words={texts.notSeen} /> : <DaysLeft {...row.certificate} />,
    tried: <Tried row={row} texts={texts} />,
    more: <MoreHorizontal aria-hidden className="size-4" />,
  };
}

function Tried({ row, texts }: { readonly row: RowView; readonly texts: ListTexts }) {
  return row.tried === undefined ? (
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
