"use client";

import { lazy } from "react";
import { withChainWords } from "./with-chain-words.tsx";

/** Both ends' chains of an attempt, loaded with their words when they are first drawn. Stands in a `Suspense`. */
export const LazyAttemptChains = lazy(() =>
  withChainWords(import("./attempt-chains.tsx").then(({ AttemptChains }) => AttemptChains)),
);
