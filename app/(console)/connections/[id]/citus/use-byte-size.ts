"use client";

import { useFormatter } from "next-intl";

const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Says bytes as `pg_size_pretty` counts them, in steps of 1024; null for null. */
export function useByteSize(): (bytes: string | number | null) => string | null {
  const format = useFormatter();
  return (bytes) => {
    if (bytes === null) return null;
    let size = Number(bytes);
    let unit = 0;
    while (size >= 1024 && unit < units.length - 1) {
      size /= 1024;
      unit += 1;
    }
    return `${format.number(size, { maximumFractionDigits: size < 10 ? 1 : 0 })} ${units[unit]}`;
  };
}
