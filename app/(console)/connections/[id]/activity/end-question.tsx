"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { EndAsk } from "./end-ask.ts";

interface Props {
  /** Undefined while nothing is asked. */
  readonly asked: EndAsk | undefined;
  readonly onEnd: () => void;
  readonly onClose: () => void;
}

/** One question before a statement or a session is ended: whose it is, and what goes with it. */
export function EndQuestion({ asked, onEnd, onClose }: Props) {
  const t = useTranslations("activity.ask");
  const acts = useTranslations("activity.act");
  const pid = String(asked?.session.pid ?? "");
  return (
    <Dialog
      open={asked !== undefined}
      title={asked === undefined ? "" : t(asked.act, { pid })}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("back")}</Button>
          <Button look="danger" onClick={onEnd}>
            {asked !== undefined && acts(asked.act)}
          </Button>
        </>
      }
    >
      {asked !== undefined && <Question {...asked} />}
    </Dialog>
  );
}

function Question({ act, session }: EndAsk) {
  const t = useTranslations("activity.ask");
  const { user, database, query, state, whose, kind } = session;
  const isIdle = act === "cancel" && state !== null && state !== "active";
  return (
    <div className="flex flex-col gap-2 text-[0.8125rem]">
      <p className="font-medium">
        <CellText text={`${user ?? "—"}@${database ?? "—"}`} />
      </p>
      {query !== null && query !== "" && (
        <code className="max-h-32 overflow-auto whitespace-pre-wrap break-words rounded-md bg-sunken px-2 py-1.5 font-mono text-xs">
          <CellText text={query} lines />
        </code>
      )}
      <p>{t(act === "end" ? "endWhat" : isIdle ? "cancelIdle" : "cancelWhat")}</p>
      {whose !== null && (
        <p className="font-medium text-warn">
          {whose.who === "console"
            ? t("console")
            : whose.tab === null
              ? t("yoursPanes")
              : t("yours", { name: whose.tab })}
        </p>
      )}
      {kind !== null && kind !== "client backend" && (
        <p className="font-medium text-warn">
          <CellText text={t("kind", { kind })} />
        </p>
      )}
      <p className="text-muted text-xs">{t("noted")}</p>
    </div>
  );
}
