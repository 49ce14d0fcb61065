import { getTranslations } from "next-intl/server";
import { buttonClasses } from "#components/ui/button.tsx";
import { SoftLink } from "../../soft-link.tsx";

interface PagerProps {
  /** Of the list's first page, with whatever else its address asks. */
  readonly path: string;
  readonly page: number;
  readonly pages: number;
  /** Rows before the page, rows on it, and all of them. */
  readonly from: number;
  readonly shown: number;
  readonly count: number;
}

/** Leads through a long list, page by page; the page stands in the address. */
export async function Pager({ path, page, pages, from, shown, count }: PagerProps) {
  const t = await getTranslations("connections.pager");
  const to = (target: number) => `${path}${path.includes("?") ? "&" : "?"}page=${target}`;
  return (
    <nav aria-label={t("label")} className="mt-3 flex items-center gap-2">
      <p className="mr-auto text-muted">{t("shown", { from: from + 1, to: from + shown, count })}</p>
      {page > 1 ? (
        <SoftLink href={to(page - 1)} className={buttonClasses({ size: "sm" })}>
          {t("previous")}
        </SoftLink>
      ) : null}
      {page < pages ? (
        <SoftLink href={to(page + 1)} className={buttonClasses({ size: "sm" })}>
          {t("next")}
        </SoftLink>
      ) : null}
    </nav>
  );
}
