import { z } from "zod";
import { densities, type Preferences, pageSizes, themes } from "./preference-values.ts";

export type { Preferences } from "./preference-values.ts";

/** Reads what a browser sends as preferences. */
export const preferences: z.ZodType<Preferences> = z.strictObject({
  /** A language of the console, as a BCP 47 tag ("en", "zh-TW"). */
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/)
    .nullable(),
  theme: z.enum(themes),
  /** Left out by those that were saved before it could be chosen. */
  density: z.enum(densities).default("comfortable"),
  /** An IANA time zone in which times are shown. */
  timeZone: z.string().max(64).refine(isTimeZone).nullable(),
  /** Connections on a page of the list. */
  pageSize: z.literal(pageSizes),
  /** Left out by those that were saved before it could be chosen. */
  keepHistory: z.boolean().default(true),
});

/** What holds until somebody chooses otherwise. */
export const defaultPreferences: Preferences = {
  language: null,
  theme: "system",
  density: "comfortable",
  timeZone: null,
  pageSize: 50,
  keepHistory: true,
};

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
