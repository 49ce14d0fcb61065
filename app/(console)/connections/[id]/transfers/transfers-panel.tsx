"use client";

import { CircleCheck, CircleX, LoaderCircle, X } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useCallback, useEffect, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { isUnknown, type TransferView } from "#lib/transfer/shapes.ts";
import { postTo } from "../ask-connection.ts";
import { visibleName } from "./visible-name.ts";

interface Props {
  readonly connectionId: string;
  /** One more for each transfer that was begun here. */
  readonly round: number;
  readonly onClose: () => void;
}

/** How often the console is asked while something goes on, ms. */
const askEachMs = 500;

/** One's exports and imports: how far they are, what became of them, and a way to end them. */
export function TransfersPanel({ connectionId, round, onClose }: Props) {
  const t = useTranslations("transfers.panel");
  const [list, setList] = useState<readonly TransferView[]>([]);
  const [again, setAgain] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each round and each press asks anew
  useEffect(() => {
    const request = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const address = `/api/connections/${encodeURIComponent(connectionId)}/transfers`;
    async function ask(): Promise<void> {
      const answer = await fetch(address, { cache: "no-store", signal: request.signal });
      if (!answer.ok) return;
      const found = (await answer.json()) as readonly TransferView[];
      setList(found);
      if (found.some(isOpen)) timer = setTimeout(next, askEachMs);
    }
    const next = () => ask().catch(() => undefined);
    next();
    return () => {
      request.abort();
      clearTimeout(timer);
    };
  }, [connectionId, round, again]);

  const end = useCallback(
    async (id: string) => {
      await postTo(connectionId, "transfers", { id });
      setAgain((before) => before + 1);
    },
    [connectionId],
  );

  if (list.length === 0) return null;
  return (
    <section
      aria-label={t("title")}
      // Under the panes, which give it their room; where one pane fills the screen, above its bar.
      className="flex shrink-0 flex-col border-line bg-raised desk:max-h-[min(12rem,30dvh)] desk:border desk:border-b-0 max-desk:fixed max-desk:right-3 max-desk:bottom-16 max-desk:z-30 max-desk:max-h-[60dvh] max-desk:w-[min(24rem,calc(100%-1.5rem))] max-desk:rounded-lg max-desk:border max-desk:shadow-float"
    >
      <h2 className="flex items-center justify-between border-line border-b py-1 pr-1 pl-3 font-medium text-[0.8125rem]">
        {t("title")}
        <Button size="sm" look="quiet" aria-label={t("close")} title={t("close")} onClick={onClose}>
          <X aria-hidden className="size-4" />
        </Button>
      </h2>
      <ul className="divide-y divide-line overflow-y-auto">
        {list.map((one) => (
          <Item key={one.id} transfer={one} onEnd={() => end(one.id)} />
        ))}
      </ul>
      <p role="status" className="sr-only">
        {list[0] !== undefined && !isOpen(list[0]) && stateOf(t, list[0])}
      </p>
    </section>
  );
}

function Item({ transfer, onEnd }: { readonly transfer: TransferView; readonly onEnd: () => void }) {
  const t = useTranslations("transfers.panel");
  const formats = useTranslations("transfers.export.formats");
  const format = useFormatter();
  const { kind, table, state, rows, bytes, ms, sha256, trouble } = transfer;
  const name = table === null ? t("statement") : visibleName(table);
  const told = [
    stateOf(t, transfer),
    t("rows", { rows }),
    byteSize(format, bytes),
    t("seconds", { seconds: format.number(ms / 1000, { maximumFractionDigits: 1 }) }),
  ];
  const Mark = state === "done" ? CircleCheck : isOpen(transfer) ? LoaderCircle : CircleX;
  return (
    <li className="flex items-start gap-2 px-3 py-2 text-xs" data-transfer={state}>
      <Mark
        aria-hidden
        className={`mt-0.5 size-4 shrink-0 ${state === "done" ? "text-success" : isOpen(transfer) ? "spin text-accent" : "text-danger"}`}
      />
      <div className="min-w-0 flex-1">
        <p className="break-words font-medium text-[0.8125rem]">
          {t(`kind.${kind}`)} · {name} · {formats(transfer.format)}
        </p>
        <p className="text-muted tabular-nums">{told.join(" · ")}</p>
        {sha256 !== null && (
          <p className="break-all font-mono text-xs text-muted">{t("sha", { hash: sha256 })}</p>
        )}
        {trouble !== null && (
          <p className="break-words text-danger">
            {trouble.line !== undefined &&
              `${trouble.column === undefined ? t("atLine", { line: trouble.line }) : t("at", { line: trouble.line, column: visibleName(trouble.column) })} `}
            {t(`trouble.${trouble.why}`)}{" "}
            {trouble.message !== "" && <CellText text={`${trouble.message} ${trouble.sqlstate}`} lines />}
          </p>
        )}
      </div>
      {isOpen(transfer) ? (
        <Button size="sm" aria-label={t("cancelOf", { name })} onClick={onEnd}>
          {t("cancel")}
        </Button>
      ) : (
        <Button
          size="sm"
          look="quiet"
          aria-label={t("forget", { name })}
          title={t("forget", { name })}
          onClick={onEnd}
        >
          <X aria-hidden className="size-3.5" />
        </Button>
      )}
    </li>
  );
}

function stateOf(
  t: ReturnType<typeof useTranslations<"transfers.panel">>,
  { state, kind, trouble }: TransferView,
): string {
  if (isUnknown(trouble)) return t("states.unknown");
  return state === "done" ? t("done", { kind }) : t(`states.${state}`);
}

function isOpen({ state }: TransferView): boolean {
  return state === "running" || state === "waiting";
}

/** In the unit that keeps the number short, by thousands. */
export function byteSize(format: ReturnType<typeof useFormatter>, bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const at = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return format.number(bytes / 1000 ** at, {
    style: "unit",
    unit: units[at] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: 1,
  });
}
