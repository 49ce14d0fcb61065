import { catalogue, type ProblemCode, problemCodes } from "./catalogue.ts";

/** What can be wrong with what a server shows of itself: its chain, and the names in it. */
export type ChainCode = {
  [Code in ProblemCode]: (typeof catalogue)[Code]["step"] extends "chain" | "host-name" ? Code : never;
}[ProblemCode];

export const chainCodes: readonly ChainCode[] = problemCodes.filter(isChainCode);

export function isChainCode(code: ProblemCode): code is ChainCode {
  const { step } = catalogue[code];
  return step === "chain" || step === "host-name";
}
