import { CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { DemoNotes } from "#lib/demo-notes.ts";
import { SoftLink } from "../soft-link.tsx";
import type { ListedConnection } from "./list/list-connections.ts";

interface Props {
  readonly notes: DemoNotes;
  /** Those of its servers that are still there, whatever the list is narrowed to. */
  readonly connections: readonly ListedConnection[];
}

/** On the list of a demo: its servers, what is wrong with each, what helps, and which of them have connected. */
export async function DemoCard({ notes, connections }: Props) {
  const t = await getTranslations("connections.demo");
  const servers = notes.servers.map((server) => ({
    ...server,
    connection: connections.find(({ id }) => id === server.connectionId),
  }));
  const done = servers.filter(({ connection }) => markOf(connection) !== "open").length;
  return (
    <section
      aria-labelledby="demo-title"
      className="mb-5 rounded-lg border border-line bg-surface px-4 py-3.5 shadow-card sm:px-5"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 id="demo-title" className="font-semibold text-[0.9375rem]">
          {t("title")}
        </h2>
        <p className="text-muted text-sm">{t("done", { done, count: servers.length })}</p>
      </div>
      <p className="mt-1 text-muted text-sm">{t("lead")}</p>
      <p className="mt-2 flex flex-wrap items-center gap-x-2 text-sm">
        <span>{t("credentials")}</span>
        <span className="break-all">
          <code>{notes.user}</code> / <code>{notes.password}</code>
        </span>
        <CopyButton
          text={notes.password}
          label={t("copy")}
          copiedLabel={t("copied")}
          failedLabel={t("copyFailed")}
        />
      </p>
      <ol className="mt-2 divide-y divide-line">
        {servers.map(({ fault, connectionId, connection }) => {
          const mark = markOf(connection);
          const { Icon, tone } = marks[mark];
          return (
            <li key={connectionId} className="flex gap-2.5 py-2">
              <Icon aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${tone}`} />
              <div className="min-w-0 text-sm">
                <p className="flex flex-wrap items-baseline gap-x-2">
                  {connection === undefined ? (
                    <span className="text-muted">{t("removed")}</span>
                  ) : (
                    <SoftLink
                      href={`/connections/${connection.id}`}
                      className="break-words rounded-sm font-medium text-accent underline-offset-2 hover:underline"
                    >
                      {connection.name}
                    </SoftLink>
                  )}
                  <span className={`text-xs ${tone}`}>{t(`marks.${mark}`)}</span>
                </p>
                <p>{t(`faults.${fault}.wrong`)}</p>
                <p className="text-muted">{t(`faults.${fault}.help`)}</p>
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

type Mark = "verified" | "unverified" | "open";

const marks = {
  verified: { Icon: CircleCheck, tone: "text-success" },
  unverified: { Icon: TriangleAlert, tone: "text-warn" },
  open: { Icon: CircleDashed, tone: "text-muted" },
} as const;

/** A connection that proves nothing is marked as what it is. */
function markOf(connection: ListedConnection | undefined): Mark {
  const seen = connection?.seen;
  if (seen === undefined || seen.problem !== null) return "open";
  return seen.verified === null || seen.verified === "none" ? "unverified" : "verified";
}
