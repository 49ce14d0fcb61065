import {
  BookLock,
  Check,
  FileBadge2,
  Globe,
  KeyRound,
  Landmark,
  type LucideIcon,
  Pin,
  Server,
  ShieldCheck,
  TriangleAlert,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import { CellText } from "#components/cell-text.tsx";
import { classes } from "#components/ui/classes.ts";
import type { ChainMark, ChainRole } from "#lib/connect/chain/chain-drawing.ts";

/** A place of the chain, in words. */
export interface ChainCard {
  readonly key: string;
  readonly role: ChainRole;
  readonly mark: ChainMark;
  /** What it is: "Server certificate". */
  readonly title: string;
  /** Text of others; empty where there is none. */
  readonly name: string;
  /** Drawn as a gap. */
  readonly gap: boolean;
  /** That it signed itself, and how that stands. */
  readonly loop?: { readonly mark: ChainMark; readonly words: string };
  /** What is wrong with it, in a few words. */
  readonly fault?: string;
  /** Its facts, below the name. */
  readonly children?: ReactNode;
  /** To the next place. */
  readonly link?: ChainTies;
}

interface ChainTies {
  readonly mark: ChainMark;
  readonly pinned: boolean;
  /** "Issued by", or what is wrong. */
  readonly words: string;
}

interface Props {
  /** What chain it is, for those who do not see it. */
  readonly label: string;
  readonly cards: readonly ChainCard[];
}

/**
 * A chain of certificates as links of a chain: a list in reading order, beside one another where there is room, below
 * one another where there is none. Sound, open and broken differ in line, mark and word, not in colour alone.
 */
export function Chain({ label, cards }: Props) {
  const at = layouts[cards.length <= 4 ? "narrow" : cards.length === 5 ? "wide" : "below"];
  const hasLoop = cards.some(({ loop }) => loop !== undefined);
  return (
    <div className="@container">
      <ol aria-label={label} className={classes("flex flex-col", at.list, hasLoop && "pt-3.5")}>
        {cards.map((card) => (
          <li
            key={card.key}
            data-chain={card.role}
            data-mark={card.mark}
            className={classes(
              "flex min-w-0 flex-col",
              at.list,
              at.card,
              card.link === undefined ? at.last : at.linked,
            )}
          >
            <Card card={card} />
            {card.link !== undefined && <Link link={card.link} at={at} />}
          </li>
        ))}
      </ol>
    </div>
  );
}

interface Layout {
  readonly list: string;
  readonly card: string;
  /** A link is as wide as any other; what is left of the width goes to the cards. */
  readonly linked: string;
  readonly last: string;
  readonly link: string;
  readonly line: string;
  readonly piece: string;
  readonly words: string;
}

/** From how much room on they stand beside one another: few earlier, and more than five never. */
const layouts: Readonly<Record<"narrow" | "wide" | "below", Layout>> = {
  narrow: {
    list: "@3xl:flex-row",
    card: "@3xl:grow",
    linked: "@3xl:basis-24",
    last: "@3xl:basis-0",
    link: "@3xl:w-24 @3xl:shrink-0 @3xl:flex-col @3xl:gap-1 @3xl:pt-3 @3xl:pl-0",
    line: "@3xl:w-full @3xl:flex-row",
    piece: "@3xl:h-0 @3xl:w-auto @3xl:min-w-2 @3xl:grow @3xl:border-t-2 @3xl:border-l-0",
    words: "@3xl:px-1 @3xl:text-center @3xl:leading-tight",
  },
  wide: {
    list: "@5xl:flex-row",
    card: "@5xl:grow",
    linked: "@5xl:basis-24",
    last: "@5xl:basis-0",
    link: "@5xl:w-24 @5xl:shrink-0 @5xl:flex-col @5xl:gap-1 @5xl:pt-3 @5xl:pl-0",
    line: "@5xl:w-full @5xl:flex-row",
    piece: "@5xl:h-0 @5xl:w-auto @5xl:min-w-2 @5xl:grow @5xl:border-t-2 @5xl:border-l-0",
    words: "@5xl:px-1 @5xl:text-center @5xl:leading-tight",
  },
  below: {
    list: "",
    card: "",
    linked: "",
    last: "",
    link: "",
    line: "",
    piece: "",
    words: "",
  },
};

const icons: Readonly<Record<ChainRole, LucideIcon>> = {
  host: Globe,
  leaf: FileBadge2,
  intermediate: Landmark,
  root: ShieldCheck,
  store: BookLock,
  pin: Pin,
  key: KeyRound,
  client: FileBadge2,
  issuer: Landmark,
  server: Server,
};

const frames: Readonly<Record<ChainMark, string>> = {
  sound: "border-line bg-surface",
  open: "border-line bg-sunken",
  warn: "border-warn/60 bg-warn-soft",
  broken: "border-danger/60 bg-danger-soft",
};

const inks: Readonly<Record<ChainMark, string>> = {
  sound: "text-success",
  open: "text-muted",
  warn: "text-warn",
  broken: "text-danger",
};

function Card({ card }: { readonly card: ChainCard }) {
  const { role, mark, title, name, gap, loop, fault, children } = card;
  const Icon = icons[role];
  return (
    <div
      className={classes(
        "relative min-w-0 flex-1 rounded-lg border px-3 py-2.5 text-[0.8125rem]",
        gap ? "border-2 border-dashed" : "border",
        frames[mark],
      )}
    >
      {loop !== undefined && <Loop mark={loop.mark} />}
      <p className="flex items-center gap-1.5 text-muted">
        <Icon aria-hidden className={classes("size-4 shrink-0", inks[mark])} />
        <span className="min-w-0 break-words">{title}</span>
      </p>
      {name !== "" && (
        <p className="mt-0.5 font-medium text-sm [overflow-wrap:anywhere]">
          <CellText text={name} />
        </p>
      )}
      {fault !== undefined && (
        <p className={classes("mt-1 flex items-start gap-1 font-medium", inks[mark])}>
          <Sign mark={mark} pinned={false} />
          <span className="min-w-0 break-words">{fault}</span>
        </p>
      )}
      {loop !== undefined && (
        <p
          className={classes(
            "mt-1",
            loop.mark === "broken" || loop.mark === "warn" ? inks[loop.mark] : "text-muted",
          )}
        >
          {loop.words}
        </p>
      )}
      {children}
    </div>
  );
}

/** An arrow that leaves the card and comes back to it. */
function Loop({ mark }: { readonly mark: ChainMark }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 40 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      className={classes("-top-3.5 absolute right-4 h-5 w-10", mark === "sound" ? "text-muted" : inks[mark])}
    >
      <path d="M5 15 C 5 -2, 35 -2, 35 13" {...(mark === "broken" && { strokeDasharray: "4 3" })} />
      <path d="M31 9 L 35 14.5 L 39 9" />
    </svg>
  );
}

const lines: Readonly<Record<ChainMark, string>> = {
  sound: "border-solid border-success",
  open: "border-dotted border-control",
  warn: "border-dashed border-warn",
  broken: "border-dashed border-danger",
};

/** The line to the next place: whole, dotted where nobody looked, and with a gap where it does not hold. */
function Link({ link, at }: { readonly link: ChainTies; readonly at: Layout }) {
  const { mark, pinned, words } = link;
  const piece = classes("block h-2.5 w-0 border-l-2", at.piece, lines[mark]);
  return (
    <div data-link={mark} className={classes("flex items-center gap-2.5 pl-3 text-[0.8125rem]", at.link)}>
      <span
        aria-hidden
        className={classes(
          "flex w-5 flex-col items-center",
          mark === "broken" ? "gap-1.5" : "gap-0",
          at.line,
        )}
      >
        <span className={piece} />
        <span
          className={classes(
            "grid size-5 shrink-0 place-items-center rounded-full border-2 bg-surface",
            inks[mark],
            mark === "open" ? "border-control border-dotted" : "border-current",
          )}
        >
          <Sign mark={mark} pinned={pinned} />
        </span>
        <span className={piece} />
      </span>
      <span
        className={classes(
          "min-w-0 break-words",
          mark === "broken" || mark === "warn" ? classes("font-medium", inks[mark]) : "text-muted",
          at.words,
        )}
      >
        {words}
      </span>
    </div>
  );
}

function Sign({ mark, pinned }: { readonly mark: ChainMark; readonly pinned: boolean }) {
  const look = "mt-px size-3 shrink-0";
  if (mark === "broken") return <X aria-hidden strokeWidth={3} className={look} />;
  if (mark === "warn") return <TriangleAlert aria-hidden className={look} />;
  if (mark === "open") return <span className="text-xs leading-none">?</span>;
  return pinned ? (
    <Pin aria-hidden className={look} />
  ) : (
    <Check aria-hidden strokeWidth={3} className={look} />
  );
}
