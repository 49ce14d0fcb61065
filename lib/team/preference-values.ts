export const themes = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof themes)[number];

/** How close rows stand. */
export const densities = ["comfortable", "compact"] as const;
export type Density = (typeof densities)[number];

export const pageSizes = [25, 50, 100, 250, 500] as const;

/** What a user chose for themself. `null` follows the browser. */
export interface Preferences {
  /** A language of the console, as a BCP 47 tag ("en", "zh-TW"). */
  language: string | null;
  theme: Theme;
  density: Density;
  /** An IANA time zone in which times are shown. */
  timeZone: string | null;
  /** Connections on a page of the list. */
  pageSize: (typeof pageSizes)[number];
  /** Statements that were run are kept in one's own history. */
  keepHistory: boolean;
}
