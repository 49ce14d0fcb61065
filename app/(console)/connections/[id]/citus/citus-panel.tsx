"use client";

import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useDeferredValue, useEffect, useState } from "react";
import { ProblemCard } from "#components/problem-card.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { CitusAsk } from "#lib/citus/citus-report.ts";
import { CitusNodes } from "./citus-nodes.tsx";
import type { CitusPlace } from "./citus-place.ts";
import { CitusTableList } from "./citus-tables.tsx";
import { CitusPartTrouble } from "./citus-trouble.tsx";
import { useCitus } from "./use-citus.ts";

interface Props {
  readonly connectionId: string;
  readonly citus: CitusPlace;
}

const firstAsk: CitusAsk = { search: "", kind: "all", sort: "name", page: 0 };
/** A search goes out when the person pauses, ms. */
const pauseMs = 250;

/** The cluster: where this node stands, the nodes, the tables. */
export function CitusPanel({ connectionId, citus }: Props) {
  const t = useTranslations("citus");
  const [ask, setAsk] = useState(firstAsk);
  const [round, setRound] = useState(0);
  const paused = usePaused(ask);
  const state = useCitus(connectionId, paused, round);
  const { report } = state;
  const shown = useDeferredValue(report);
  const busy = state.phase === "loading";

  if (state.phase === "refused") {
    return (
      <div className="flex flex-col items-start gap-2 border-line border-t p-3">
        <Refused explained={state.explained} />
        <Button size="sm" onClick={() => setRound(round + 1)}>
          {t("again")}
        </Button>
      </div>
    );
  }
  if (shown === undefined) {
    return (
      <p role="status" className="flex items-center gap-2 border-line border-t px-3 py-3 text-muted text-sm">
        <Spinner />
        {t("loading")}
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-4 border-line border-t p-3" aria-busy={busy}>
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1">
          <Place place={shown.place} citus={citus} />
        </div>
        <Button size="sm" pending={busy} onClick={() => setRound(round + 1)}>
          {!busy && <RefreshCw aria-hidden className="size-3.5" />}
          {t("refresh")}
        </Button>
      </div>
      <CitusNodes nodes={shown.nodes} />
      {shown.sizes !== null && <CitusPartTrouble title={t("noSizes")} trouble={shown.sizes} />}
      <CitusTableList tables={shown.tables} ask={ask} onAsk={setAsk} />
      <Ports citus={citus} />
    </div>
  );
}

/** What is asked, once it has stood for a moment; what is not typed goes at once. */
function usePaused(ask: CitusAsk): CitusAsk {
  const [paused, setPaused] = useState(ask);
  useEffect(() => {
    if (ask === paused) return;
    const wait = ask.search === paused.search ? 0 : pauseMs;
    const timer = setTimeout(() => setPaused(ask), wait);
    return () => clearTimeout(timer);
  }, [ask, paused]);
  return paused;
}

function Place({
  place,
  citus,
}: {
  readonly place: "coordinator" | "worker" | null;
  readonly citus: CitusPlace;
}) {
  const t = useTranslations("citus");
  if (place === "worker" || (place === null && citus.coordinator !== null)) {
    return (
      <Alert tone="warn" role="note" title={t("worker")}>
        <p className="mt-1 text-[0.8125rem]">
          {t("workerWhy")} {citus.coordinator !== null && t("coordinatorAt", { host: citus.coordinator })}
        </p>
      </Alert>
    );
  }
  return (
    <p className="text-[0.8125rem]">
      <span className="font-medium">{t(place === "coordinator" ? "coordinator" : "placeUnknown")}</span>{" "}
      <span className="text-muted">{place === "coordinator" && t("coordinatorWhy")}</span>
    </p>
  );
}

function Refused({
  explained,
}: {
  readonly explained: Parameters<typeof RefusedCard>[0]["explained"] | undefined;
}) {
  const t = useTranslations("citus");
  if (explained !== undefined) return <RefusedCard explained={explained} />;
  return (
    <Alert tone="danger" role="alert" title={t("lost")}>
      <p className="mt-1 text-[0.8125rem]">{t("lostBody")}</p>
    </Alert>
  );
}

function RefusedCard({
  explained: { problem, title, cause, fix, fixes },
}: {
  readonly explained: NonNullable<Extract<ReturnType<typeof useCitus>, { phase: "refused" }>["explained"]>;
}) {
  const t = useTranslations("session.problem");
  return (
    <ProblemCard
      code={problem.code}
      facts={problem.facts}
      words={{ title, cause, fix, fixes: fixes.map((one) => one.title) }}
      labels={{ next: t("next"), evidence: t("evidence"), help: t("help") }}
    />
  );
}

/** 5432 and 6432 look alike and are not. */
function Ports({ citus: { service, port } }: { readonly citus: CitusPlace }) {
  const t = useTranslations("citus.ports");
  if (service === "other" && port !== 6432) return null;
  return (
    <section>
      <h3 className="font-semibold text-[0.8125rem]">{t("title")}</h3>
      <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-[0.8125rem]">
        {([5432, 6432] as const).map((one) => (
          <div key={one} className="contents">
            <dt className="font-mono tabular-nums">{one}</dt>
            <dd className="text-muted">
              {t(`p${one}`)} {one === port && <span className="font-medium text-ink">{t("this")}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
