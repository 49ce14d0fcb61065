"use client";

import { useFormatter } from "next-intl";

/** Numbers of a plan as people read them: no more digits than say something. */
export function usePlanNumbers() {
  const format = useFormatter();
  const digits = (value: number) => (value < 0.1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0);
  return {
    ms: (value: number) => format.number(value, { maximumFractionDigits: digits(value) }),
    count: (value: number) => format.number(value, { maximumFractionDigits: 0 }),
    cost: (value: number) => format.number(value, { maximumFractionDigits: digits(value) }),
    part: (value: number) =>
      format.number(value, { style: "percent", maximumFractionDigits: value < 0.1 ? 1 : 0 }),
    times: (value: number) => format.number(value, { maximumFractionDigits: value < 10 ? 1 : 0 }),
  };
}
