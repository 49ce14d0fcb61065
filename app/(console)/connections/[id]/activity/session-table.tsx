"use client";

import { Hourglass, Lock } from "lucide-react";
import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { endActs, type ServerSession } from "#lib/activity/shapes.ts";
import type { WaitItem } from "#lib/activity/wait-tree.ts";
import type { EndAsk } from "./end-ask.ts";

interface Props {
  readonly items: readonly WaitItem[];
  readonly mayEnd: boolean;
  readonly onAsk: (ask: EndAsk) => void;
}

/** Deeper ones stand where these do: whom they wait for is said as well. */
const deepestIndent = 6;
const cell = "px-3 py-1.5 align-top max-desk:block max-desk:py-0.5";

/** Each session a row, beneath the one that it waits for; on a narrow screen its cells stand one below the other. */
export function SessionTable({ items, mayEnd, onAsk }: Props) {
  const t = useTranslations("activity.table");
  const heads = ["session", "waits", "since", "statement", ...(mayEnd ? (["acts"] as const) : [])] as const;
  return (
    <table
      aria-label={t("label")}
      className="w-full border-collapse text-[0.8125rem] tabular-nums max-desk:block"
    >
      <thead className="max-desk:sr-only">
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col" className="px-3 py-1 text-left font-normal text-muted text-xs">
              {t(head)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-desk:block">
        {items.map((item) => (
          <Row key={item.pid} item={item} parent={parentOf(items, item)} mayEnd={mayEnd} onAsk={onAsk} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps extends Omit<Props, "items"> {
  readonly item: WaitItem;
  /** Whom it stands beneath. */
  readonly parent: number | undefined;
}

function Row({ item, parent, mayEnd, onAsk }: RowProps) {
  const t = useTranslations("activity");
  const { session, pid, depth, blocks } = item;
  return (
    <tr
      data-pid={pid}
      className={classes("border-line border-t max-desk:block max-desk:py-1.5", blocks > 0 && "bg-warn-soft")}
    >
      <td className={cell}>
        <div className="flex gap-1.5" style={{ paddingLeft: `${Math.min(depth, deepestIndent)}rem` }}>
          {depth > 0 ? (
            <Hourglass aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" />
          ) : (
            blocks > 0 && <Lock aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" />
          )}
          <div className="min-w-0">
            <span className="font-medium">{pid === 0 ? t("prepared") : pid}</span>{" "}
            {session === undefined ? (
              pid !== 0 && <span className="text-muted">{t("unlisted")}</span>
            ) : (
              <Who session={session} />
            )}
            {blocks > 0 && <p className="font-medium text-warn">{t("blocks", { count: blocks })}</p>}
          </div>
        </div>
      </td>
      <td className={cell}>
        <Waits item={item} parent={parent} />
      </td>
      <td className={classes(cell, "desk:whitespace-nowrap")}>
        {session !== undefined && <Ages session={session} />}
      </td>
      <td className={classes(cell, "desk:min-w-48")}>
        {session !== undefined && <Statement session={session} />}
      </td>
      {mayEnd && (
        <td className={cell}>
          {session !== undefined && (
            <div className="flex gap-1.5">
              {endActs.map((act) => (
                <Button
                  key={act}
                  size="sm"
                  aria-label={t(`act.${act}Of`, { pid: String(pid) })}
                  onClick={() => onAsk({ act, session })}
                >
                  {t(`act.${act}`)}
                </Button>
              ))}
            </div>
          )}
        </td>
      )}
    </tr>
  );
}

function Who({
  session: { user, database, application, client, kind, whose },
}: {
  readonly session: ServerSession;
}) {
  const t = useTranslations("activity");
  // The console's own name for its sessions says no more than the mark beside it.
  const name = whose !== null && application.startsWith("cloak:") ? "" : application;
  const from = [name, client, kind === "client backend" ? null : kind].filter(
    (part) => part !== null && part !== "",
  );
  return (
    <>
      <CellText text={`${user ?? "—"}@${database ?? "—"}`} />{" "}
      {whose !== null && (
        <Badge tone={whose.who === "you" ? "accent" : "neutral"}>
          {whose.who === "console"
            ? t("console")
            : whose.tab === null
              ? t("yours")
              : t("yoursTab", { tab: whose.tab })}
        </Badge>
      )}
      {from.length > 0 && (
        <p className="break-words text-muted text-xs">
          <CellText text={from.join(" · ")} />
        </p>
      )}
    </>
  );
}

function Waits({ item, parent }: { readonly item: WaitItem; readonly parent: number | undefined }) {
  const t = useTranslations("activity");
  const { session, also, circle } = item;
  const pids = [...(parent === undefined ? [] : [parent]), ...also];
  // Who rests waits for its client: that is no news.
  const isWaiting = session?.state === "active" || session?.waitType === "Lock";
  const wait = isWaiting ? [session.waitType, session.wait].filter((part) => part !== null) : [];
  return (
    <>
      {pids.length > 0 && (
        <p className="font-medium text-warn">
          {t("waitsFor", { pids: pids.map((pid) => (pid === 0 ? t("prepared") : String(pid))).join(", ") })}
        </p>
      )}
      {circle && <p className="font-medium text-danger">{t("circle")}</p>}
      {wait.length > 0 && (
        <p className="text-muted text-xs">
          <CellText text={wait.join(": ")} />
        </p>
      )}
    </>
  );
}

function Ages({ session }: { readonly session: ServerSession }) {
  const t = useTranslations("activity");
  const { state, transactionMs, statementMs, stateMs } = session;
  if (state === null) return <span className="text-muted">{t("notTold")}</span>;
  const parts = [
    transactionMs !== null && t("transaction", { age: clock(transactionMs) }),
    statementMs !== null && t("statementAge", { age: clock(statementMs) }),
    statementMs === null && stateMs !== null && t("rests", { age: clock(stateMs) }),
  ].filter((part) => part !== false);
  return (
    <>
      <p>{isState(state) ? t(`state.${state}`) : <CellText text={state} />}</p>
      {parts.map((part) => (
        <p key={part} className="text-muted text-xs">
          {part}
        </p>
      ))}
    </>
  );
}

function Statement({ session: { query, state } }: { readonly session: ServerSession }) {
  const t = useTranslations("activity");
  if (query === null) return <span className="text-muted">{t("notTold")}</span>;
  if (query === "") return null;
  return (
    <>
      {state !== "active" && <span className="text-muted text-xs">{t("last")} </span>}
      <code
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keys
        tabIndex={0}
        className="block max-h-24 overflow-auto whitespace-pre-wrap break-words font-mono text-xs"
      >
        <CellText text={query} lines />
      </code>
    </>
  );
}

const states = [
  "active",
  "idle",
  "idle in transaction",
  "idle in transaction (aborted)",
  "fastpath function call",
  "disabled",
] as const;

function isState(state: string): state is (typeof states)[number] {
  return states.some((one) => one === state);
}

function parentOf(items: readonly WaitItem[], item: WaitItem): number | undefined {
  if (item.depth === 0) return undefined;
  const at = items.indexOf(item);
  return items.slice(0, at).findLast(({ depth }) => depth === item.depth - 1)?.pid;
}

/** `03:07`, `1:03:07`, `2 d 01:03:07`. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (count: number) => String(count).padStart(2, "0");
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  if (seconds < 3600) return rest;
  const hours = Math.floor(seconds / 3600);
  return hours < 24 ? `${hours}:${rest}` : `${Math.floor(hours / 24)} d ${two(hours % 24)}:${rest}`;
}
