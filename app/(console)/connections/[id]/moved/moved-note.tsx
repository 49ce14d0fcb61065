import { getFormatter, getTranslations } from "next-intl/server";
import { workspace } from "#app/_server/workspace.ts";
import { CellText } from "#components/cell-text.tsx";
import { Alert } from "#components/ui/alert.tsx";
import type { Move } from "#lib/saved/moves.ts";
import { LateSeenButton } from "../../late-parts.tsx";
import { seeMoves } from "./moved-actions.ts";

interface Props {
  readonly connectionId: string;
  /** The oldest first; at least one. */
  readonly moves: readonly Move[];
}

/** Who moved the connection since the person was here, when, from what to what: before anything is sent there. */
export async function MovedNote({ connectionId, moves }: Props) {
  const t = await getTranslations("unlock.moved");
  const labels = await getTranslations("form.labels");
  const format = await getFormatter();
  const opened = await workspace();
  const people = opened.ok ? await opened.value.users.list() : opened;
  const nameOf = (id: string) =>
    (people.ok ? people.value.find((user) => user.id === id)?.name : undefined) ?? t("somebody");
  return (
    <Alert tone="warn" role="note" title={t("title")} className="mb-5">
      <p className="text-[0.8125rem]">{t("body")}</p>
      <ul className="my-2 flex flex-col gap-2 text-[0.8125rem]">
        {moves.map((move) => (
          <li key={move.rev}>
            <p className="font-medium">
              {t("by", {
                name: nameOf(move.by),
                when: format.dateTime(new Date(move.at), { dateStyle: "medium", timeStyle: "short" }),
              })}
            </p>
            <dl className="mt-0.5 grid gap-x-3 sm:grid-cols-[auto_minmax(0,1fr)]">
              {move.changes.map(({ field, from, to }) => (
                <div key={field} className="contents">
                  <dt className="text-muted">
                    {labels.has(field as never) ? labels(field as never) : field}
                  </dt>
                  <dd className="min-w-0 break-words">
                    <CellText text={from || "–"} /> → <CellText text={to || "–"} />
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
      <LateSeenButton
        connectionId={connectionId}
        rev={Math.max(...moves.map(({ rev }) => rev))}
        see={seeMoves}
        words={{ seen: t("seen"), failed: t("failed") }}
      />
    </Alert>
  );
}
