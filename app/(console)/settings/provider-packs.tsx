import { getFormatter, getTranslations } from "next-intl/server";
import { Badge } from "#components/ui/badge.tsx";
import type { PackReport } from "#lib/trust/pack-report.ts";
import { PackTools } from "./pack-tools.tsx";

interface Props {
  readonly packs: readonly PackReport[];
  /** Whether whoever looks may give and take roots. */
  readonly canGive: boolean;
}

/** What counts for each provider, where it comes from, and whether this host knows the public roots (D3). */
export async function ProviderPacks({ packs, canGive }: Props) {
  const t = await getTranslations("roots");
  return (
    <div className="border-t border-line pt-3">
      <h3 className="font-medium">{t("title")}</h3>
      <p className="mb-2 text-muted">{t("intro")}</p>
      <ul aria-label={t("title")} className="divide-y divide-line">
        {packs.map((pack) => (
          <Pack key={pack.rootsId} pack={pack} canGive={canGive} />
        ))}
      </ul>
    </div>
  );
}

async function Pack({ pack, canGive }: { readonly pack: PackReport; readonly canGive: boolean }) {
  const t = await getTranslations("roots");
  const format = await getFormatter();
  const { given } = pack;
  const name = pack.names.join(", ");
  const said =
    given === undefined
      ? t(`sources.${pack.source}`)
      : t(given.way === "add" ? "givenAdd" : "givenReplace", {
          files: given.files.join(", "),
          by: given.by,
          when: format.dateTime(new Date(given.since), { dateStyle: "medium" }),
        });
  return (
    <li className="flex flex-col gap-1.5 py-2.5">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <p className="min-w-0 flex-1 basis-72 break-words">
          <span className="font-medium">{name}</span>{" "}
          <span className="text-muted">
            {t("count", { count: pack.count })} · {said}
          </span>
        </p>
        {canGive ? (
          <PackTools
            rootsId={pack.rootsId}
            name={name}
            isShipped={pack.source !== "none"}
            isGiven={given !== undefined}
          />
        ) : null}
      </div>
      {pack.lacks.length > 0 ? (
        <p className="text-[0.8125rem] text-warn">{t("lacks", { list: format.list(pack.lacks) })}</p>
      ) : null}
      {pack.roots.length > 0 || given !== undefined ? (
        <details className="text-[0.8125rem]">
          <summary className="w-fit cursor-pointer text-accent">{t("fingerprints", { name })}</summary>
          <ul className="mt-1.5 flex flex-col gap-2">
            {pack.roots.map((root) => (
              <li key={root.sha256}>
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  {root.name}
                  <Badge tone={root.inSystem ? "success" : "warn"}>
                    {t(root.inSystem ? "inSystem" : root.inMozilla ? "notInSystem" : "notHere")}
                  </Badge>
                </p>
                <p className="font-mono text-xs break-all text-muted">{root.sha256}</p>
              </li>
            ))}
            {given?.fingerprints.map((sha256) => (
              <li key={sha256}>
                <p>{t("given")}</p>
                <p className="font-mono text-xs break-all text-muted">{sha256}</p>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </li>
  );
}
