"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import type { PageOrder } from "#lib/browse/shapes.ts";
import type { Refused } from "../ask-connection.ts";
import { RefusedNote } from "../refused-note.tsx";

/** A page is being read, and need not be. */
export function Waiting({ onCancel }: { readonly onCancel: () => void }) {
  const t = useTranslations("browse.table");
  return (
    <span
      role="status"
      className="inline-flex animate-late items-center gap-2 px-2 py-1 text-[0.8125rem] text-muted"
    >
      {t("reading")}
      <Button size="sm" onClick={onCancel}>
        {t("cancel")}
      </Button>
    </span>
  );
}

/** By what the rows are ordered. */
export function Order({ order }: { readonly order: PageOrder }) {
  const t = useTranslations("browse.order");
  if (order.by === "storage") return <span>{t("storage")}</span>;
  const columns = order.columns
    .map(({ column, descending }) => `${column} ${descending ? "↓" : "↑"}`)
    .join(", ");
  if (order.by === "number") {
    return <span>{columns === "" ? t("none") : t("byUnsteady", { columns })}</span>;
  }
  return <span>{t("by", { columns })}</span>;
}

interface TroubleProps {
  readonly refused: Refused;
  readonly onAgain: () => void;
  readonly onRead: () => void;
}

/** What kept the page away; a plan that would read very much is a question. */
export function Trouble({ refused, onAgain, onRead }: TroubleProps) {
  const t = useTranslations("browse.table");
  const expected = refused.why === "server" ? refused.trouble.expected : undefined;
  if (expected === undefined) return <RefusedNote refused={refused} onAgain={onAgain} className="m-2" />;
  return (
    <div
      role="alert"
      className="m-2 rounded-md border border-warn/35 bg-warn-soft px-3 py-2 text-[0.8125rem]"
    >
      <p className="mb-2">{t("long", { rows: expected })}</p>
      <Button size="sm" onClick={onRead}>
        {t("longRead")}
      </Button>
    </div>
  );
}
