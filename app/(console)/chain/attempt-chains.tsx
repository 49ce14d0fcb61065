import { useTranslations } from "next-intl";
import { clientChain } from "#lib/connect/chain/client-chain.ts";
import { serverChain } from "#lib/connect/chain/server-chain.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { ChainPicture } from "./chain-picture.tsx";
import { CompareFingerprint } from "./compare-fingerprint.tsx";

interface Props {
  readonly report: Pick<AttemptReport, "tls" | "server">;
  /** What the attempt failed with; left out where it did not. */
  readonly problem?: Pick<Problem, "code" | "facts" | "also"> | undefined;
}

/**
 * What an attempt, or a session, saw of both ends' certificates: the server's chain, how it is compared by hand where
 * nothing was proved, and the client's.
 */
export function AttemptChains({ report, problem }: Props) {
  const t = useTranslations("chain");
  const client = clientChain(report, problem ?? null);
  // What a trust store answers for needs nobody's eyes.
  const leaf = report.tls?.verified === "none" ? report.tls.chain[0] : undefined;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {report.tls !== null && <ChainPicture drawing={serverChain(report.tls, problem ?? null)} />}
      {leaf !== undefined && <CompareFingerprint sha256={leaf.sha256} />}
      {client.length > 0 && (
        <div className="flex flex-col gap-1.5">
          <p className="font-medium text-[0.8125rem]">{t("client")}</p>
          <ChainPicture drawing={client} label={t("clientLabel")} />
        </div>
      )}
    </div>
  );
}
