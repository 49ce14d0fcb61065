import { getTranslations } from "next-intl/server";
import { SoftLink } from "../soft-link.tsx";

/** The two help pages, side by side. */
export async function HelpTabs({ current }: { readonly current: "problems" | "providers" }) {
  const t = await getTranslations("help");
  return (
    <nav aria-label={t("tabs")} className="mb-5 flex gap-1 border-line border-b">
      {(["problems", "providers"] as const).map((page) => (
        <SoftLink
          key={page}
          href={`/help/${page}`}
          aria-current={page === current ? "page" : undefined}
          className="border-transparent border-b-2 px-3 py-2 text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
        >
          {t(`${page}.title`)}
        </SoftLink>
      ))}
    </nav>
  );
}
