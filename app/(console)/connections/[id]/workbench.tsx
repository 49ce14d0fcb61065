"use client";

import { RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import type { CitusPlace } from "./citus/citus-place.ts";
import { Panes } from "./panes.tsx";
import { SessionBar } from "./session-bar.tsx";
import { SqlTab } from "./sql/sql-tab.tsx";
import { TransfersPlace } from "./transfers/transfers-place.tsx";

/** For whoever has Citus. */
const CitusBar = lazy(async () => ({ default: (await import("./citus/citus-bar.tsx")).CitusBar }));

export interface WorkbenchProps {
  readonly connectionId: string;
  /** Its revision, by which the page was opened. */
  readonly rev: number;
  readonly report: AttemptReport;
  readonly host: string;
  readonly latencyMs: number;
  readonly now: string;
  readonly allowSelfSigned: boolean;
  readonly psql: string;
  /** Whether statements run read-only unless the person says otherwise. */
  readonly readOnlyFirst: boolean;
  /** Whether the person may write on this connection now; the server decides it again for each statement. */
  readonly mayWrite: boolean;
  /** Stands beside the read-only switch. */
  readonly unlock?: ReactNode;
  /** Marked Production. */
  readonly production?: boolean;
  /** What a read-only transaction does not bind; null when the server does not tell. */
  readonly unbound: readonly string[] | null;
  /** Null where the database has no Citus. */
  readonly citus: CitusPlace | null;
}

/** The open session: what it is, and what can be done with it. */
export function Workbench(props: WorkbenchProps) {
  const { connectionId, rev, readOnlyFirst, mayWrite, unbound } = props;
  /** A run may open a connection of its own: from then on, the page tells of that one. */
  const [reopened, setReopened] = useState<{ readonly of: AttemptReport; readonly report: AttemptReport }>();
  const current = reopened?.of === props.report ? reopened.report : props.report;
  const onOpened = useCallback(
    (report: AttemptReport) => setReopened({ of: props.report, report }),
    [props.report],
  );

  const { production = false, unlock } = props;
  const writing = useMemo(
    () => ({ rev, may: mayWrite, production, unlock }),
    [rev, mayWrite, production, unlock],
  );

  return (
    <>
      <SessionBar
        {...props}
        report={current}
        latencyMs={current === props.report ? props.latencyMs : undefined}
      />
      {props.citus !== null && (
        <Suspense fallback={null}>
          <CitusBar connectionId={connectionId} citus={props.citus} />
        </Suspense>
      )}
      <Panes
        connectionId={connectionId}
        writing={writing}
        sqlTab={(tab) => (
          <SqlTab
            connectionId={connectionId}
            slot={tab}
            name={`SQL ${tab}`}
            rev={rev}
            readOnlyFirst={readOnlyFirst}
            mayWrite={mayWrite}
            production={props.production === true}
            unbound={unbound}
            unlock={props.unlock}
            onOpened={onOpened}
          />
        )}
      />
      <TransfersPlace connectionId={connectionId} />
    </>
  );
}

interface ReconnectProps {
  readonly label: string;
  /** Where a narrow screen has no room, its sign stands for the word. */
  readonly iconOnPhone?: boolean;
}

/** Opens the page anew: a fresh look at the session, or a new connection where it is gone. */
export function ReconnectButton({ label, iconOnPhone = false }: ReconnectProps) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  return (
    <Button pending={pending} title={label} onClick={() => startTransition(() => router.refresh())}>
      {!pending && <RefreshCw aria-hidden className="size-4" />}
      <span className={classes(iconOnPhone && "max-sm:sr-only")}>{label}</span>
    </Button>
  );
}
