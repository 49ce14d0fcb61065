"use client";

import { RefreshCw } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Suspense, useMemo, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { EndOutcome, ServerActivity } from "#lib/activity/shapes.ts";
import { waitTree } from "#lib/activity/wait-tree.ts";
import type { Refused } from "../ask-connection.ts";
import { PaneWords } from "../pane-words.tsx";
import type { EndAsk } from "./end-ask.ts";
import { EndQuestion } from "./end-question.tsx";
import { SessionTable } from "./session-table.tsx";
import { useActivity } from "./use-activity.ts";

interface Props {
  readonly connectionId: string;
  /** It is the pane in sight. */
  readonly shown: boolean;
}

/** Who is connected to the server, what they do, and who waits for whom. */
export function ActivityPane(props: Props) {
  return (
    <Suspense fallback={null}>
      <PaneWords of="activity">
        <Activity {...props} />
      </PaneWords>
    </Suspense>
  );
}

interface Ended extends EndAsk {
  readonly outcome: EndOutcome | Refused;
}

function Activity({ connectionId, shown }: Props) {
  const t = useTranslations("activity");
  const [asked, setAsked] = useState<EndAsk>();
  const [ended, setEnded] = useState<Ended>();
  const { activity, refused, busy, refresh, end } = useActivity(connectionId, shown && asked === undefined);

  const onEnd = async () => {
    if (asked === undefined) return;
    const { act, session } = asked;
    setAsked(undefined);
    setEnded({ ...asked, outcome: await end({ act, pid: session.pid, start: session.start }) });
    // It may be one of this page's own tabs, which would say that its transaction is open until the next run.
    if (session.whose?.who === "you") document.dispatchEvent(new Event("sessionended"));
    refresh();
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b px-3 py-2 text-[0.8125rem]">
        <h2 className="font-medium">{t("title")}</h2>
        {activity !== undefined && <Counts activity={activity} />}
        <span className="ml-auto flex flex-wrap items-center gap-x-3 text-muted text-xs">
          {activity !== undefined && <ReadAt iso={activity.readAt} />}
          <span>{t(asked === undefined ? "auto" : "paused")}</span>
          <Button size="sm" pending={busy} onClick={refresh}>
            {!busy && <RefreshCw aria-hidden className="size-3.5" />}
            {t("refresh")}
          </Button>
        </span>
      </div>
      <Told ended={ended} activity={activity} />
      {refused !== undefined && <Trouble refused={refused} onAgain={refresh} />}
      {activity === undefined && refused === undefined && (
        <p role="status" className="flex animate-late items-center gap-2 p-3 text-muted text-sm">
          <Spinner /> {t("loading")}
        </p>
      )}
      {activity !== undefined && <Sessions activity={activity} onAsk={setAsked} />}
      <EndQuestion asked={asked} onEnd={onEnd} onClose={() => setAsked(undefined)} />
    </div>
  );
}

function Counts({ activity: { sessions, total } }: { readonly activity: ServerActivity }) {
  const t = useTranslations("activity");
  const waiting = sessions.filter(({ blockedBy }) => blockedBy.length > 0).length;
  return (
    <p className="text-muted tabular-nums">
      {t("count", { count: total })} ·{" "}
      <span className={waiting > 0 ? "font-medium text-warn" : ""}>{t("waiting", { count: waiting })}</span>
    </p>
  );
}

function ReadAt({ iso }: { readonly iso: string }) {
  const t = useTranslations("activity");
  const format = useFormatter();
  const time = format.dateTime(new Date(iso), { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return <time dateTime={iso}>{t("readAt", { time })}</time>;
}

function Sessions({
  activity,
  onAsk,
}: {
  readonly activity: ServerActivity;
  readonly onAsk: (ask: EndAsk) => void;
}) {
  const t = useTranslations("activity");
  const items = useMemo(() => waitTree(activity.sessions), [activity.sessions]);
  const { sessions, total, hidden, tellsBlocking, mayEnd } = activity;
  const notes = [
    !tellsBlocking && t("noBlocking"),
    hidden > 0 && t("hidden", { count: hidden }),
    total > sessions.length && t("capped", { shown: sessions.length, total }),
    mayEnd !== "yes" && t(`mayNot.${mayEnd}`),
  ].filter((note) => note !== false);
  return (
    <>
      {notes.length > 0 && (
        <ul className="flex flex-col gap-0.5 border-line border-b px-3 py-1.5 text-muted text-xs">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {items.length === 0 ? (
        <p className="p-3 text-muted text-sm">{t("none")}</p>
      ) : (
        <SessionTable items={items} mayEnd={mayEnd === "yes"} onAsk={onAsk} />
      )}
      <p className="px-3 py-2 text-muted text-xs">{t("nobodyKept")}</p>
    </>
  );
}

/** What came of an act; announced. */
function Told({
  ended,
  activity,
}: {
  readonly ended: Ended | undefined;
  readonly activity: ServerActivity | undefined;
}) {
  const t = useTranslations("activity.came");
  const lost = useTranslations("activity")("lost");
  return (
    <div role="status" className="px-3 not-empty:pt-2">
      {ended !== undefined && (
        <Alert tone={"came" in ended.outcome && ended.outcome.came === "sent" ? "success" : "warn"}>
          <p className="text-[0.8125rem]">
            <CellText text={wordsOf(ended)} />
          </p>
        </Alert>
      )}
    </div>
  );

  function wordsOf({ act, session: { pid, start }, outcome }: Ended): string {
    if ("why" in outcome) {
      const message =
        outcome.why === "server"
          ? outcome.trouble.message
          : outcome.why === "console"
            ? (outcome.explained?.title ?? lost)
            : lost;
      return t("refused", { message });
    }
    if (outcome.came === "denied" || outcome.came === "failed")
      return t(outcome.came, { message: outcome.message });
    if (outcome.came === "gone") return t("gone", { pid: String(pid) });
    const isThere = activity?.sessions.some((one) => one.pid === pid && one.start === start);
    return act === "end" && isThere === false
      ? t("ended", { pid: String(pid) })
      : t(`sent.${act}`, { pid: String(pid) });
  }
}

function Trouble({ refused, onAgain }: { readonly refused: Refused; readonly onAgain: () => void }) {
  const t = useTranslations("activity");
  const words =
    refused.why === "server"
      ? t("noSessions", { message: refused.trouble.message })
      : refused.why === "console"
        ? [refused.explained?.title, refused.explained?.fix]
            .filter((text) => text !== undefined)
            .join(". ") || t("lost")
        : t("lost");
  return (
    <Alert tone="warn" role="alert" className="m-3">
      <p className="text-[0.8125rem]">
        <CellText text={words} />
      </p>
      <Button size="sm" className="mt-2" onClick={onAgain}>
        {t("again")}
      </Button>
    </Alert>
  );
}
