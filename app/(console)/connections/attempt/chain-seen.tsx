"use client";

import { Suspense } from "react";
import { LazyAttemptChains } from "#app/(console)/chain/lazy-chains.tsx";
import { isClientFault } from "#lib/connect/chain/client-chain.ts";
import { isChainCode } from "#lib/problems/chain-codes.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { AttemptReport } from "#lib/wire/report.ts";

interface Props {
  readonly problem: Pick<Problem, "code" | "facts" | "also">;
  readonly report: AttemptReport;
}

/** The chain with its broken link, where it is a certificate that broke. As wide as what stands around it. */
export function ChainSeen({ problem, report }: Props) {
  if (report.tls === null || !(isChainCode(problem.code) || isClientFault(problem.code))) return null;
  return (
    // It stands in a status region, whose words are read as they come: this is for whoever looks for it.
    <div aria-live="off">
      <Suspense fallback={null}>
        <LazyAttemptChains report={report} problem={problem} />
      </Suspense>
    </div>
  );
}
