"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import type { Heard } from "./gathered-run.ts";

/** What LISTEN has brought, as messages beside the result. */
export function Notifications({ heard: { list, dropped } }: { readonly heard: Heard }) {
  const t = useTranslations("statements.notifications");
  if (list.length === 0) return null;
  return (
    <details open className="border-line border-t px-3 py-2 text-[0.8125rem]">
      <summary className="w-fit rounded-sm font-medium text-muted text-xs">
        {t("title", { count: list.length })}
      </summary>
      <ul className="mt-1 flex max-h-48 flex-col gap-0.5 overflow-y-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs">
        {list.map(({ channel, payload, pid }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they only grow at the end
          <li key={index} className="flex flex-wrap gap-x-2">
            <span className="font-medium text-accent">
              <CellText text={channel} />
            </span>
            <span className="min-w-0 whitespace-pre-wrap break-words">
              {payload === "" ? (
                <em className="text-muted">{t("nothing")}</em>
              ) : (
                <CellText text={payload} lines />
              )}
            </span>
            <span className="text-muted">{t("from", { pid })}</span>
          </li>
        ))}
      </ul>
      {dropped > 0 && <p className="mt-1 text-muted text-xs">{t("dropped", { count: dropped })}</p>}
    </details>
  );
}
