"use client";

import { useTranslations } from "next-intl";
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from "react";
import type { SqlSession } from "#components/sql-editor/names.ts";
import { useFocusKept } from "#components/use-focus-kept.ts";
import { type ErrorPlace, errorPlace } from "#lib/session/error-place.ts";
import { type Risk, riskyWords } from "#lib/sql/risky-words.ts";
import type { Piece, PsqlReader } from "#lib/sql/run-target.ts";
import { searchPathNames } from "#lib/sql/search-path.ts";
import type { LexicalRules } from "#lib/sql/tokens.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { noteNamesMade } from "../names-made.ts";
import type { PlanHow } from "../plan/plan-ask.ts";
import { usePlan } from "../plan/use-plan.ts";
import { SaveQueryButton } from "../queries/save-query-button.tsx";
import { DraftLine } from "./draft-line.tsx";
import type { RunState } from "./gathered-run.ts";
import type { ParameterValues } from "./parameter-boxes.tsx";
import { RunBar } from "./run-bar.tsx";
import { SqlBox, type SqlBoxHandle } from "./sql-box.tsx";
import { tabIsFilled, tabText } from "./tab-filling.ts";
import { useDraft } from "./use-draft.ts";
import { useNames } from "./use-names.ts";
import { useRecall } from "./use-recall.ts";
import { useRun } from "./use-run.ts";
import { type Script, useScript } from "./use-script.ts";
import { hasCommands, piecesOf, type Selection, useStatements } from "./use-statements.ts";

/** What a tab shows when there is something to show: it comes after the page itself, before it is needed. */
const loadStrip = () => import("./session-strip.tsx");
const loadTransactionBar = () => import("./transaction-bar.tsx");
const loadParameters = () => import("./parameter-boxes.tsx");
const loadRiskQuestion = () => import("./risk-question.tsx");
const SessionStrip = lazy(async () => ({ default: (await loadStrip()).SessionStrip }));
const TransactionBar = lazy(async () => ({ default: (await loadTransactionBar()).TransactionBar }));
const ParameterBoxes = lazy(async () => ({ default: (await loadParameters()).ParameterBoxes }));
const RiskQuestion = lazy(async () => ({ default: (await loadRiskQuestion()).RiskQuestion }));
/** What comes of statements, after the page itself: it stands with the session before anybody has run one. */
const RunResult = lazy(async () => ({ default: (await import("./run-result.tsx")).RunResult }));

const PlanResult = lazy(async () => ({ default: (await import("../plan/plan-result.tsx")).PlanResult }));

export interface SqlTabProps {
  readonly connectionId: string;
  /** Its revision, by which the page was opened. */
  readonly rev: number;
  /** Whether statements run read-only unless the person says otherwise. */
  readonly readOnlyFirst: boolean;
  /** Whether the person may write on this connection now; the server decides it again for each statement. */
  readonly mayWrite: boolean;
  /** What unlocks writing, where the connection is locked. */
  readonly unlock: ReactNode;
  /** Marked Production: one question before what people seldom mean. */
  readonly production?: boolean;
  /** What a read-only transaction does not bind; null when the server does not tell. */
  readonly unbound: readonly string[] | null;
  /** Which of the page's SQL tabs it is. */
  readonly slot?: string;
  /** What the page calls it. */
  readonly name?: string;
  /** Told when a run had to open a connection of its own. */
  readonly onOpened: (report: AttemptReport) => void;
}

/** An editor for statements, and what came of them. */
export function SqlTab(props: SqlTabProps) {
  const {
    connectionId,
    rev,
    readOnlyFirst,
    mayWrite,
    unbound,
    unlock,
    slot = "1",
    name = "SQL",
    onOpened,
  } = props;
  const words = useTranslations("statements.script");
  const box = useRef<SqlBoxHandle>(null);
  const section = useRef<HTMLElement>(null);
  useFocusKept(section);
  useEffect(() => {
    Promise.all([loadStrip(), loadTransactionBar(), loadParameters(), loadRiskQuestion()]).catch(
      () => undefined,
    );
  }, []);
  const { production = false } = props;
  const writing = useMemo(
    () => ({ rev, may: mayWrite, production, unlock }),
    [rev, mayWrite, production, unlock],
  );
  const [sql, setSql] = useState(() => tabText(connectionId, slot));
  useEffect(() => tabIsFilled(connectionId, slot), [connectionId, slot]);
  const [selection, setSelection] = useState<Selection>({ from: 0, to: 0 });
  const [readOnly, setReadOnly] = useState(readOnlyFirst);
  // Unlocked once more, it begins as everything does there.
  useEffect(() => {
    if (!mayWrite) setReadOnly(true);
  }, [mayWrite]);
  const [rowCap, setRowCap] = useState<number>(10_000);
  const [whole, setWhole] = useState(false);
  const [values, setValues] = useState<ParameterValues>(new Map());
  const [note, setNote] = useState<string>();
  const [question, setQuestion] = useState<Asked>();
  const handle = useRun(connectionId, rev, { slot, name }, onOpened);
  const { state, transaction, cancel, tab } = handle;
  const { script, start, again } = useScript(handle);
  const draft = useDraft(connectionId, slot, sql, setSql);
  const recall = useRecall(connectionId);
  const backslashes = tab.state.session?.backslashes === true;
  const rules: LexicalRules = useMemo(() => ({ standardConformingStrings: !backslashes }), [backslashes]);
  const path = tab.state.session?.held.searchPath ?? undefined;
  const searchPath = useMemo(() => (path === undefined ? undefined : searchPathNames(path)), [path]);
  const made = madeBy(state);
  useEffect(() => {
    if (made !== 0) noteNamesMade(connectionId);
  }, [connectionId, made]);
  const names = useNames(connectionId, searchPath, made);
  const session: SqlSession = useMemo(() => ({ rules, names }), [rules, names]);
  const statements = useStatements(sql, selection, rules);

  const plan = usePlan(section, askPlan);
  const busy =
    plan.busy || state.phase === "running" || state.phase === "cancelling" || script?.phase === "running";
  const inTransaction = transaction !== "none";
  const protects = (readOnly || !mayWrite) && !inTransaction;

  const begin = (pieces: readonly Piece[], isWhole: boolean) => {
    setQuestion(undefined);
    plan.set(undefined);
    recall.note(sql);
    const given = (parameter: number) => (values.has(parameter) ? (values.get(parameter) ?? null) : "");
    start({ pieces, text: sql, whole: isWhole, readOnly: protects, rowCap, given });
  };
  const ask = (what: "target" | "all", read?: PsqlReader) => {
    if (busy) return;
    if (read === undefined && hasCommands(sql, rules)) {
      import("#lib/sql/psql-command.ts")
        .then(({ psqlCommand }) => ask(what, psqlCommand))
        .catch(() => undefined);
      return;
    }
    const pieces = piecesOf(what, sql, box.current?.selection() ?? selection, rules, read);
    setNote(pieces.length === 0 ? words("nothing") : undefined);
    const isWhole = whole && what === "all" && pieces.length > 1 && !protects && !inTransaction;
    const risky = production && !protects && !inTransaction ? riskyPieces(pieces, rules) : [];
    if (risky.length > 0) setQuestion({ pieces, isWhole, risky });
    else if (pieces.length > 0) begin(pieces, isWhole);
  };
  const format = async () => {
    const { formatSql } = await import("#components/sql-editor/format-sql.ts");
    const { text, left } = formatSql(sql, rules);
    setSql(text);
    setNote(left === 0 ? undefined : words("formatLeft", { count: left }));
  };
  const recallTo = (text: string | undefined) => {
    if (text !== undefined) setSql(text);
    return true;
  };
  function askPlan(how: PlanHow): void {
    if (busy) return;
    const pieces = piecesOf("target", sql, box.current?.selection() ?? selection, rules);
    plan.set({ at: performance.now(), how, pieces, values, text: sql });
  }
  const stop = () => (plan.busy ? plan.stop.current() : cancel());
  const keys = {
    run: () => {
      ask("target");
      return true;
    },
    runAll: () => {
      ask("all");
      return true;
    },
    cancel: () => {
      if (busy) stop();
      return busy;
    },
    format: () => {
      format().catch(() => undefined);
      return true;
    },
    older: () => recallTo(recall.older(sql, setSql)),
    newer: () => recallTo(recall.newer()),
  };

  const [chosen, setChosen] = useState<{ readonly of: number; readonly index: number }>();
  const selected = script === undefined ? 0 : chosen?.of === script.startedAt ? chosen.index : script.at;
  const shown = script?.control ?? (script === undefined ? state : script.items[selected]?.state);
  // The place holds for the text that was run; once it is edited, the mark would lie.
  const place = script === undefined || script.text !== sql ? undefined : placeOf(script, selected);
  const goTo = ({ start: at }: ErrorPlace) => {
    box.current?.focus();
    box.current?.select(at, at);
  };
  const end = (command: "commit" | "rollback") => {
    plan.set(undefined);
    const piece = { does: "run", sql: command, offset: -1, begins: command, asks: [], values: [] } as const;
    start({ pieces: [piece], text: sql, whole: false, readOnly: false, rowCap, given: () => null });
  };
  const { session: own, lost, elsewhere, copied } = tab.state;
  const hasStrip = own !== undefined || lost !== undefined || elsewhere || copied;
  return (
    <section
      ref={section}
      className="rounded-lg border border-line bg-surface shadow-card focus-within:border-control"
    >
      {hasStrip && (
        <Suspense fallback={null}>
          <SessionStrip
            tab={tab}
            busy={busy}
            onRunAnew={() => {
              tab.acknowledge();
              ask("target");
            }}
          />
        </Suspense>
      )}
      <SqlBox
        value={sql}
        onChange={(text) => {
          setSql(text);
          setNote(undefined);
        }}
        keys={keys}
        onSelect={(from, to) =>
          setSelection((old) => (old.from === from && old.to === to ? old : { from, to }))
        }
        session={session}
        place={place}
        box={box}
      />
      {statements.parameters.length > 0 && (
        <Suspense fallback={null}>
          <ParameterBoxes
            numbers={statements.parameters}
            values={values}
            onChange={setValues}
            onRun={() => ask("target")}
          />
        </Suspense>
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 border-line border-t px-3 py-1">
        <p className="min-w-0 text-muted text-xs" data-will-run>
          {note ?? <WillRun willRun={statements.willRun} />}
        </p>
        <SaveQueryButton connectionId={connectionId} slot={slot} sql={sql} />
        <DraftLine connectionId={connectionId} draft={draft} />
      </div>
      <RunBar
        busy={busy}
        cancelling={state.phase === "cancelling"}
        inTransaction={inTransaction}
        mayWrite={mayWrite}
        protects={protects}
        unlock={unlock}
        unbound={unbound}
        statements={statements}
        whole={whole}
        rowCap={rowCap}
        onRun={() => ask("target")}
        onRunAll={() => ask("all")}
        onCancel={stop}
        onPlan={() => askPlan("plan")}
        onFormat={keys.format}
        onReadOnly={setReadOnly}
        onWhole={setWhole}
        onRowCap={setRowCap}
      />
      <Suspense fallback={null}>
        {inTransaction && <TransactionBar failed={transaction === "failed"} busy={busy} onEnd={end} />}
      </Suspense>
      <Suspense fallback={null}>
        {plan.ask !== undefined ? (
          <PlanResult
            connectionId={connectionId}
            rev={rev}
            ask={plan.ask}
            plan={plan}
            tab={tab}
            inTransaction={inTransaction}
            mayWrite={mayWrite}
            readOnly={protects}
            text={sql}
            onGoTo={goTo}
          />
        ) : (
          <RunResult
            connectionId={connectionId}
            slot={slot}
            writing={writing}
            script={script}
            shown={shown}
            selected={selected}
            place={place}
            onGoTo={goTo}
            onAgain={() => {
              if (!busy) again(selected);
            }}
            onMore={handle.more}
            onSelect={(index) => script !== undefined && setChosen({ of: script.startedAt, index })}
            origin={{ connectionId, rev, forRun: handle.tab.forRun, inTransaction }}
          />
        )}
      </Suspense>
      {question !== undefined && (
        <Suspense fallback={null}>
          <RiskQuestion
            pieces={question.risky}
            onRun={() => begin(question.pieces, question.isWhole)}
            onClose={() => setQuestion(undefined)}
          />
        </Suspense>
      )}
    </section>
  );
}

interface Asked {
  readonly pieces: readonly Piece[];
  readonly isWhole: boolean;
  readonly risky: readonly { readonly begins: string; readonly risks: readonly Risk[] }[];
}

function riskyPieces(pieces: readonly Piece[], rules: LexicalRules): Asked["risky"] {
  return pieces.flatMap((piece) => {
    const risks = piece.does === "run" ? riskyWords(piece.sql, rules) : [];
    return risks.length === 0 ? [] : [{ begins: piece.begins, risks }];
  });
}

/** What makes or drops a name: completion asks anew after it. */
function madeBy({ end, startedAt }: RunState): number {
  const tag = end?.type === "done" ? (end.tag ?? "") : "";
  return /^(?:CREATE|DROP|ALTER|ROLLBACK|COMMIT)\b/.test(tag) ? startedAt : 0;
}

function WillRun({ willRun }: { readonly willRun: ReturnType<typeof useStatements>["willRun"] }) {
  const t = useTranslations("statements.script");
  if (willRun === undefined) return null;
  if (willRun === "selection") return t("willRunSelection");
  const { from, to } = willRun;
  return t("willRun", { count: to - from + 1, from, to });
}

/** Where the error of a statement lies in the whole text. */
function placeOf({ items, text }: Script, index: number): ErrorPlace | undefined {
  const { piece, state } = items[index] ?? {};
  const end = state?.end;
  if (piece?.does !== "run" || piece.offset < 0 || end?.type !== "error") return undefined;
  if (end.error?.position === undefined) return undefined;
  // The server counts code points of what it was sent.
  return errorPlace(text, [...text.slice(0, piece.offset)].length + end.error.position);
}
