import { Lock, LockOpen, ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import { getFormatter, getTranslations } from "next-intl/server";
import { buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { EnvironmentMark } from "#components/ui/environment-mark.tsx";
import { SoftLink } from "../../soft-link.tsx";
import type { ListedConnection } from "./list-connections.ts";

/** One saved connection: what it is, where it goes, and how its TLS looked when it was last tried. */
export async function ConnectionRow({ connection }: { readonly connection: ListedConnection }) {
  const t = await getTranslations("connections");
  const settings = await getTranslations("settings.connections");
  const manages = connection.level === "manage";
  return (
    <li className="relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1.5 px-4 py-3 hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_minmax(0,24rem)_auto]">
      <div className="min-w-0">
        <div className="flex items-center gap-2">
          <SoftLink
            href={`/connections/${connection.id}`}
            className="truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
          >
            {connection.name}
          </SoftLink>
          <EnvironmentMark
            environment={connection.environment}
            label={t(`environment.${connection.environment}`)}
          />
        </div>
        <p className="truncate text-muted text-sm">
          {connection.unparsed
            ? t("imported.unparsed")
            : `${connection.host}:${connection.port} · ${connection.database}`}
        </p>
      </div>
      <div className="order-last col-span-2 flex min-w-0 flex-wrap items-center gap-x-4 gap-y-0.5 sm:order-none sm:col-span-1">
        <TlsState connection={connection} />
        <CertificateDays connection={connection} />
      </div>
      <SoftLink
        href={`/settings/connections/${connection.id}`}
        aria-label={
          manages
            ? t("editNamed", { name: connection.name })
            : settings("settingsOf", { name: connection.name })
        }
        className={classes(buttonClasses({ size: "sm" }), "relative z-10")}
      >
        {manages ? t("edit") : settings("settings")}
      </SoftLink>
    </li>
  );
}

async function TlsState({ connection }: { readonly connection: ListedConnection }) {
  const t = await getTranslations("connections");
  const problems = await getTranslations("problems");
  const format = await getFormatter();
  const { seen, mark } = connection;
  const state =
    seen === undefined
      ? { icon: ShieldQuestion, tone: "text-muted", text: t("tls.never") }
      : seen.problem !== null
        ? {
            icon: ShieldAlert,
            tone: "text-danger",
            text: problems(`${seen.problem as "tls-closed"}.title`, { reason: "other" }),
          }
        : !seen.encrypted
          ? { icon: LockOpen, tone: "text-danger", text: t("tls.plain") }
          : seen.verified === "none" || seen.verified === null
            ? { icon: Lock, tone: "text-warn", text: t("tls.none") }
            : { icon: ShieldCheck, tone: "text-success", text: t(`tls.${seen.verified}`) };
  const Icon = state.icon;
  return (
    <span className="flex min-w-0 flex-col">
      <span
        className={`flex items-center gap-1.5 ${state.tone}`}
        title={
          seen === undefined
            ? undefined
            : t("tls.seen", {
                when: format.dateTime(new Date(seen.at), { dateStyle: "medium", timeStyle: "short" }),
              })
        }
      >
        <Icon aria-hidden="true" className="size-4 shrink-0" />
        <span className="truncate">{state.text}</span>
      </span>
      {mark === undefined ? null : <span className="text-warn text-xs">{t(`marks.${mark}`)}</span>}
    </span>
  );
}

async function CertificateDays({ connection }: { readonly connection: ListedConnection }) {
  const t = await getTranslations("connections");
  const { daysLeft } = connection;
  if (daysLeft === undefined) return null;
  const expired = daysLeft < 0;
  const tone = expired ? "text-danger" : daysLeft < 30 ? "text-warn" : "text-muted";
  return (
    <span className={tone}>
      {expired
        ? t("certificate.expired", { days: Math.floor(-daysLeft) })
        : t("certificate.left", { days: Math.floor(daysLeft) })}
    </span>
  );
}
