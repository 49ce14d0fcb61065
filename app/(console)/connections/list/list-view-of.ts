import "server-only";
import { getFormatter, getTranslations } from "next-intl/server";
import type { ConnectionsQuery } from "./connections-query.ts";
import { expiringDays } from "./list-choices.ts";
import type { ConnectionsPage, ListedConnection } from "./list-connections.ts";
import type { ListView, RowView } from "./list-view.ts";

/** Writes a page of the list in the reader's words. */
export async function listViewOf(
  query: ConnectionsQuery,
  { sections, matching, groups, tags }: ConnectionsPage,
): Promise<ListView> {
  const t = await getTranslations("connections");
  const problems = await getTranslations("problems");
  const format = await getFormatter();
  const now = new Date();

  function tlsOf({ seen, tls, mark }: ListedConnection): RowView["tls"] {
    const marked = mark === undefined ? {} : { mark: t(`marks.${mark}`) };
    const code = seen?.problem;
    return code == null
      ? { state: tls, text: t(`tls.${tls as Exclude<typeof tls, "failed">}`), ...marked }
      : {
          state: tls,
          text: problems(`${code as "tls-closed"}.title`, { reason: "other" }),
          code,
          ...marked,
        };
  }

  function triedOf({ seen, triedBy }: ListedConnection): RowView["tried"] {
    if (seen === undefined) return undefined;
    const at = new Date(seen.at);
    return {
      ago: format.relativeTime(at, now),
      at: format.dateTime(at, { dateStyle: "medium", timeStyle: "short" }),
      ...(triedBy === undefined ? {} : { by: triedBy }),
    };
  }

  function certificateOf({ daysLeft }: ListedConnection): RowView["certificate"] {
    if (daysLeft === undefined) return undefined;
    const expired = daysLeft < 0;
    return {
      text: expired
        ? t("certificate.expired", { days: Math.floor(-daysLeft) })
        : t("certificate.left", { days: Math.floor(daysLeft) }),
      share: Math.round(Math.min(100, Math.max(0, (daysLeft / barDays) * 100))),
      tone: expired ? "danger" : daysLeft < expiringDays ? "warn" : "success",
    };
  }

  function rowOf(connection: ListedConnection): RowView {
    const { id, name, level, environment, host, port, database, unparsed } = connection;
    const certificate = certificateOf(connection);
    const tried = triedOf(connection);
    return {
      id,
      name,
      manages: level === "manage",
      environment,
      environmentName: t(`environment.${environment}`),
      server: unparsed ? "" : `${host}:${port}`,
      database: unparsed ? t("imported.unparsed") : database,
      tls: tlsOf(connection),
      favourite: connection.favourite,
      tags: connection.tags,
      ...(certificate === undefined ? {} : { certificate }),
      ...(tried === undefined ? {} : { tried }),
      ...(connection.group === undefined ? {} : { group: connection.group }),
    };
  }

  return {
    query,
    matching,
    groups,
    tags,
    sections: sections.map(({ kind, name, key, folded, count, rows }) => ({
      kind,
      name,
      key,
      folded,
      count,
      rows: rows.map(rowOf),
    })),
  };
}

/** The bar of days left is full as long as there are so many: the life of a certificate that is renewed by itself. */
const barDays = 90;
