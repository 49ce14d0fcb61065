import { getTranslations } from "next-intl/server";
import { HelpSearch } from "../../help-search.tsx";
import { HelpTabs } from "../../help-tabs.tsx";

/** No such code: codes are typed and pasted, so the search stands right there. */
export default async function NoSuchProblem() {
  const t = await getTranslations("help");
  return (
    <>
      <HelpTabs current="problems" />
      <h1 className="text-2xl font-semibold tracking-tight">{t("problem.unknown.title")}</h1>
      <p className="mt-1 mb-4 max-w-[70ch] text-muted">{t("problem.unknown.body")}</p>
      <div className="rounded-lg border border-line bg-surface p-4 shadow-card sm:p-5">
        <HelpSearch
          search=""
          labels={{ label: t("home.label"), hint: t("home.hint"), submit: t("home.submit") }}
        />
      </div>
    </>
  );
}
