import { CircleCheck, CircleDashed, TriangleAlert, X } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { DemoNotes } from "#lib/demo-notes.ts";
import { SoftLink } from "../soft-link.tsx";
import { dismissDemo } from "./demo-actions.ts";
import { LateCopyButton } from "./late-copy-button.tsx";
import type { ListedConnection } from "./list/list-connections.ts";

/** React takes no answer of a form's action: what is refused leaves the card where it is. */
const dismiss = dismissDemo as unknown as () => Promise<void>;

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
      className="relative mb-5 rounded-lg border border-line bg-surface px-4 pt-3 pb-3.5 shadow-card"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pr-10">
        <h2 id="demo-title" className="font-semibold">
          {t("title")}
        </h2>
        <p className="text-muted">{t("done", { done, count: servers.length })}</p>
        <p className="flex min-w-0 flex-wrap items-center gap-x-2 text-fact max-sm:*:last:-ml-2.5 sm:ml-auto">
          <span className="text-muted">{t("credentials")}</span>
          <span className="break-all">
            <code>{notes.user}</code> / <code>{notes.password}</code>
          </span>
          <LateCopyButton
            text={notes.password}
            label={t("copy")}
            copiedLabel={t("copied")}
            failedLabel={t("copyFailed")}
          />
        </p>
      </div>
      <form action={dismiss} className="absolute top-2 right-2">
        <button
          type="submit"
          aria-label={t("dismiss")}
          title={t("dismiss")}
          className="grid size-8 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink pointer-coarse:size-11"
        >
          <X aria-hidden className="size-4" />
        </button>
      </form>
      <p className="mt-0.5 text-fact text-muted">{t("lead")}</p>
      <ol className="mt-2 grid gap-x-4 gap-y-1 sm:grid-cols-3 lg:grid-cols-5">
        {servers.map(({ fault, connectionId, connection }) => {
          const mark = markOf(connection);
          const { Icon, tone } = marks[mark];
          return (
            <li key={connectionId} className="flex min-w-0 gap-2 text-fact">
              <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${tone}`} />
              <div className="min-w-0 max-sm:flex max-sm:flex-wrap max-sm:gap-x-2">
                {connection === undefined ? (
                  <span className="text-muted">{t("removed")}</span>
                ) : (
                  <SoftLink
                    href={`/connections/${connection.id}`}
                    className="-my-0.5 inline-block min-h-6 break-words rounded-sm py-0.5 font-medium text-accent underline-offset-2 hover:underline"
                  >
                    {connection.name}
                  </SoftLink>
                )}
                <p className={tone}>{t(`marks.${mark}`)}</p>
                <p className="text-muted max-sm:hidden">{t(`faults.${fault}.wrong`)}</p>
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
