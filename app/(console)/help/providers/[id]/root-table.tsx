import { getFormatter, getTranslations } from "next-intl/server";
import { Alert } from "#components/ui/alert.tsx";
import { Badge } from "#components/ui/badge.tsx";
import type { RootHere, RootsHere } from "#lib/trust/roots-here.ts";
import { SoftLink } from "../../../soft-link.tsx";

/** So many stand open; a longer list folds. */
const shown = 6;

interface Props {
  readonly here: RootsHere;
  /** Whether a system's store is a place where these roots belong; private ones do not. */
  readonly isPublic: boolean;
}

/** The provider's roots, and whether each is in this host's system store at this moment (D3). */
export async function RootTable({ here, isPublic }: Props) {
  const t = await getTranslations("guides.page");
  if (here.roots.length === 0) return <p className="text-muted">{t("noRoots")}</p>;
  const rest = here.roots.slice(shown);
  return (
    <div className="flex flex-col gap-3">
      {here.system === undefined && isPublic ? <Alert tone="warn" title={t("storeMissing")} /> : null}
      <Roots roots={here.roots.slice(0, shown)} isPublic={isPublic} />
      {rest.length === 0 ? null : (
        <details>
          <summary className="w-fit rounded-sm font-medium">{t("moreRoots", { count: rest.length })}</summary>
          <div className="mt-3">
            <Roots roots={rest} isPublic={isPublic} />
          </div>
        </details>
      )}
      {here.lacks.length === 0 ? null : <p>{t("lacks", { regions: here.lacks.join(", ") })}</p>}
      <p className="text-[0.8125rem] text-muted">
        {here.system === undefined ? null : `${t("storeFrom", { path: here.system })} `}
        {t("rootsAt")}{" "}
        <SoftLink href="/settings/trust" className="rounded-sm text-accent underline underline-offset-2">
          {t("trustSettings")}
        </SoftLink>
      </p>
    </div>
  );
}

async function Roots({
  roots,
  isPublic,
}: {
  readonly roots: readonly RootHere[];
  readonly isPublic: boolean;
}) {
  const t = await getTranslations("guides.page");
  const format = await getFormatter();
  return (
    <ul className="divide-y divide-line border-line border-y">
      {roots.map(({ name, sha256, notAfter, inSystem }) => (
        <li
          key={sha256}
          data-root={sha256}
          className="grid gap-x-6 gap-y-1 py-2 lg:grid-cols-[18rem_minmax(0,1fr)]"
        >
          <div className="flex flex-wrap items-baseline gap-x-2 font-medium">
            {name}
            <Badge tone={inSystem === true ? "success" : isPublic ? "warn" : "neutral"}>
              {t("here")}: {t(inSystem === undefined ? "noStore" : inSystem ? "found" : "notFound")}
            </Badge>
          </div>
          <dl className="grid gap-x-3 text-[0.8125rem] sm:grid-cols-[auto_minmax(0,1fr)]">
            <dt className="text-muted">{t("fingerprint")}</dt>
            <dd className="font-mono [overflow-wrap:anywhere]">{sha256}</dd>
            <dt className="text-muted">{t("validUntil")}</dt>
            <dd>
              <time dateTime={notAfter}>
                {format.dateTime(new Date(notAfter), { dateStyle: "long", timeZone: "UTC" })}
              </time>
            </dd>
          </dl>
        </li>
      ))}
    </ul>
  );
}
