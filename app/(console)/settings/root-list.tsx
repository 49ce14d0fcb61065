"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { WideBox } from "#components/ui/wide-box.tsx";
import type { RootPage, SharedStore } from "#lib/trust/store-roots.ts";

/** What the handler gives on one page. */
const onPage = 25;
const restMs = 200;

/** The roots of one store, a page at a time, narrowed as one types. */
export function RootList({ store, name }: { readonly store: SharedStore; readonly name: string }) {
  const t = useTranslations("settings.trust");
  const format = useFormatter();
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const [found, setFound] = useState<RootPage | "failed">();

  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        askForRoots(store, search, page, abort.signal).then(setFound, () => {
          if (!abort.signal.aborted) setFound("failed");
        });
      },
      search === "" ? 0 : restMs,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [store, search, page]);

  const pages = found === undefined || found === "failed" ? 1 : Math.max(1, Math.ceil(found.total / onPage));
  return (
    <div className="flex w-full min-w-0 flex-col gap-2">
      <input
        type="search"
        aria-label={t("search", { name })}
        placeholder={t("searchHint")}
        value={search}
        maxLength={200}
        onChange={(event) => {
          setSearch(event.target.value);
          setPage(0);
        }}
        className="control sm:max-w-72"
      />
      <p role="status" className="text-xs text-muted">
        {found === "failed" ? t("failed") : found && t("matches", { count: found.total })}
      </p>
      {found !== undefined && found !== "failed" && found.roots.length > 0 && (
        // Wide on its own: the page does not scroll sideways for it.
        <WideBox label={name}>
          <table className="w-full text-left text-xs">
            <thead className="text-muted">
              <tr>
                <th scope="col" className="pr-4 pb-1 font-medium">
                  {t("subject")}
                </th>
                <th scope="col" className="pr-4 pb-1 font-medium">
                  {t("expires")}
                </th>
                <th scope="col" className="pb-1 font-medium">
                  {t("fingerprint")}
                </th>
              </tr>
            </thead>
            <tbody>
              {found.roots.map(({ subject, notAfter, daysLeft, sha256 }) => (
                <tr key={sha256} className="align-top">
                  <td className="min-w-48 py-1 pr-4 break-words">{subject}</td>
                  <td className={`py-1 pr-4 whitespace-nowrap ${daysLeft < 0 ? "text-danger" : ""}`}>
                    {format.dateTime(new Date(notAfter), { dateStyle: "medium" })}
                  </td>
                  <td className="min-w-56 py-1 font-mono text-xs break-all">{sha256}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </WideBox>
      )}
      {pages > 1 && (
        <div className="flex items-center gap-2 text-xs text-muted">
          <Button size="sm" disabled={page === 0} onClick={() => setPage(page - 1)}>
            {t("previous")}
          </Button>
          <span>{t("pageOf", { page: page + 1, pages })}</span>
          <Button size="sm" disabled={page + 1 >= pages} onClick={() => setPage(page + 1)}>
            {t("next")}
          </Button>
        </div>
      )}
    </div>
  );
}

async function askForRoots(
  store: SharedStore,
  search: string,
  page: number,
  signal: AbortSignal,
): Promise<RootPage | "failed"> {
  const query = new URLSearchParams({ store, search, page: String(page) });
  const response = await fetch(`/api/trust?${query}`, { signal });
  return response.ok ? ((await response.json()) as RootPage) : "failed";
}
