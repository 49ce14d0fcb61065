import { ShieldCheck, ShieldMinus, ShieldQuestionMark } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { type FixCost, fixCost } from "#lib/help/fix-costs.ts";
import type { FixId } from "#lib/problems/catalogue.ts";

interface Props {
  readonly ids: readonly FixId[];
  /** The titles of the same fixes. */
  readonly titles: readonly string[];
}

/** The fixes in the catalogue's order, each with what it gives up. */
export async function FixList({ ids, titles }: Props) {
  const t = await getTranslations("help.costs");
  const losses = await getTranslations("outcome.givesUp");
  return (
    <ol className="grid gap-2 sm:grid-cols-2">
      {ids.map((id, index) => {
        const cost = fixCost(id);
        const { Icon, color } = look(cost);
        return (
          <li
            key={id}
            data-fix={id}
            className="flex gap-3 rounded-lg border border-line bg-surface px-4 py-3 shadow-card"
          >
            <Icon aria-hidden className={`mt-0.5 size-5 shrink-0 ${color}`} />
            <div className="min-w-0">
              <p className="font-medium">{titles[index]}</p>
              <p className="text-[0.8125rem] text-muted">
                {cost === "keeps" || cost === "compare" ? t(cost) : t("givesUp", { what: losses(cost) })}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function look(cost: FixCost) {
  if (cost === "keeps") return { Icon: ShieldCheck, color: "text-success" };
  if (cost === "compare") return { Icon: ShieldQuestionMark, color: "text-accent" };
  return { Icon: ShieldMinus, color: "text-warn" };
}
