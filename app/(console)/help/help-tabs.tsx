import { getTranslations } from "next-intl/server";
import { Breadcrumb } from "../breadcrumb.tsx";
import { SoftLink } from "../soft-link.tsx";

const pages = [
  ["search", "/help"],
  ["problems", "/help/problems"],
  ["providers", "/help/providers"],
  ["tlsModes", "/help/tls-modes"],
] as const;

export type HelpTab = (typeof pages)[number][0];

interface Props {
  readonly current?: HelpTab;
  /** A page below one of the main ones, or a smaller one: its name, for the way back up. */
  readonly here?: string;
}

/** The main help pages, side by side; the smaller ones are reached from the first. */
export async function HelpTabs({ current, here }: Props) {
  const [t, face] = await Promise.all([getTranslations("help"), getTranslations("face")]);
  const names: Readonly<Record<HelpTab, string>> = {
    search: t("home.tab"),
    problems: t("problems.title"),
    providers: t("providers.title"),
    tlsModes: t("tlsModes.tab"),
  };
  const above = pages
    .filter(([page]) => page === current)
    .map(([page, href]) => ({ href, label: names[page] }));
  return (
    <>
      <nav aria-label={t("tabs")} className="mb-5 flex flex-wrap gap-x-1 border-line border-b">
        {pages.map(([page, href]) => (
          <SoftLink
            key={page}
            href={href}
            aria-current={page === current ? "page" : undefined}
            className="-mb-px border-transparent border-b-2 px-2 py-2 text-muted sm:px-3 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink forced-colors:border-b-0 forced-colors:aria-[current=page]:underline max-sm:py-2.5"
          >
            {names[page]}
          </SoftLink>
        ))}
      </nav>
      {here !== undefined && (
        <Breadcrumb
          label={face("breadcrumb")}
          above={[{ href: "/help", label: t("home.title") }, ...above]}
          here={here}
        />
      )}
    </>
  );
}
