import { stat } from "node:fs/promises";
import { getFormatter, getTranslations } from "next-intl/server";
import { workspace } from "#app/_server/workspace.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { allFacts } from "#lib/providers/facts-of.ts";
import { amazonRootCa1 } from "#lib/providers/public-roots.ts";
import { rdsRoots } from "#lib/providers/rds-roots.ts";
import { mozillaStore } from "#lib/trust/mozilla-store.ts";
import type { SharedStore } from "#lib/trust/store-roots.ts";
import { systemStore } from "#lib/trust/system-store.ts";
import { StoreRoots, TrustCheck } from "./trust-tools.tsx";

/** Who may vouch for a server: the stores this console knows, how many roots each has, and where they come from. */
export async function TrustSection() {
  const t = await getTranslations("settings");
  const format = await getFormatter();
  const since = (when: string | undefined) =>
    when === undefined
      ? undefined
      : t("trust.since", { when: format.dateTime(new Date(when), { dateStyle: "medium" }) });
  const opened = await workspace();
  const system = await systemStore(opened.ok ? opened.value.env.trustStore : {});
  const mozilla = mozillaStore();
  const inMozilla = new Set(mozilla.certificates().map((root) => root.fingerprint256));
  const publicRoots = new Set(
    allFacts.flatMap(({ roots }) => roots.map(({ sha256 }) => sha256)).filter((root) => inMozilla.has(root)),
  );
  const { sha256: amazonRoot } = amazonRootCa1;
  const hasAmazonRoot =
    system.ok && system.value.certificates().some((root) => root.fingerprint256 === amazonRoot);
  return (
    <Card title={t("sections.trust")} lead={t("trust.intro")}>
      <dl className="divide-y divide-line">
        <Store
          name={t("trust.system")}
          hint={t("trust.systemHint")}
          count={t("trust.count", { count: system.ok ? system.value.pems.length : 0 })}
          from={system.ok ? t("trust.from", { path: system.value.origin }) : undefined}
          since={system.ok ? since(system.value.since) : undefined}
          {...(system.ok ? { store: "system" } : {})}
        >
          {!system.ok ? (
            <p className="text-danger">{t("trust.missing")}</p>
          ) : (
            <p className="flex flex-wrap items-center gap-2">
              {t("trust.amazonRoot")}
              <Badge tone={hasAmazonRoot ? "success" : "warn"}>
                {hasAmazonRoot ? t("trust.found") : t("trust.notFound")}
              </Badge>
            </p>
          )}
        </Store>
        <Store
          name={t("trust.mozilla")}
          hint={t("trust.mozillaHint", { version: process.versions.node })}
          count={t("trust.count", { count: mozilla.pems.length })}
          since={since(await dateOfNode())}
          store="mozilla"
        />
        <Store
          name={t("trust.provider")}
          hint={t("trust.providerHint")}
          count={t("trust.count", { count: publicRoots.size + rdsRoots(new Date()).length })}
          store="provider"
        />
      </dl>
      <TrustCheck />
    </Card>
  );
}

/** Mozilla's roots came with this program, and stay as they are until it is replaced. */
async function dateOfNode(): Promise<string | undefined> {
  const found = await stat(process.execPath).catch(() => undefined);
  return found?.mtime.toISOString();
}

interface StoreProps {
  readonly name: string;
  readonly hint: string;
  readonly count: string;
  readonly from?: string | undefined;
  readonly since?: string | undefined;
  /** Whose roots can be looked at; left out where there are none. */
  readonly store?: SharedStore;
  readonly children?: React.ReactNode;
}

function Store({ name, hint, count, from, since, store, children }: StoreProps) {
  return (
    <div className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
      <dt className="font-medium">{name}</dt>
      <dd className="flex flex-col gap-1">
        <p className="text-muted">{hint}</p>
        <p>
          {count}
          {from === undefined ? null : <span className="text-muted"> · {from}</span>}
          {since === undefined ? null : <span className="text-muted"> · {since}</span>}
        </p>
        {children}
        {store === undefined ? null : <StoreRoots store={store} name={name} />}
      </dd>
    </div>
  );
}
