import { getTranslations } from "next-intl/server";
import { buttonClasses } from "#components/ui/button.tsx";
import { SoftLink } from "../../soft-link.tsx";

interface PagerProps {
  /** Of the list. */
  readonly path: string;
  readonly page: number;
  readonly pages: number;
  readonly pageSize: number;
  readonly count: number;
  readonly search: string;
}

/** Leads through a long list, page by page; the page stands in the address. */
export async function Pager({ path, page, pages, pageSize, count, search }: PagerProps) {
  const t = await getTranslations("connections.pager");
  const to = (target: number) => {
    const query = new URLSearchParams({ ...(search === "" ? {} : { search }), page: String(target) });
    return `${path}?${query}`;
  };
  return (
    <nav aria-label={t("label")} className="mt-3 flex items-center gap-2">
      <p className="mr-auto text-muted">
        {t("shown", { from: (page - 1) * pageSize + 1, to: Math.min(count, page * pageSize), count })}
      </p>
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
