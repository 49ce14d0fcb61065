/** A row: a line of the table on a wide screen, a card on a narrow one. */
export const rowClasses =
  "border-line border-t max-lg:grid max-lg:grid-cols-[1.75rem_minmax(0,1fr)_minmax(0,1fr)_auto] max-lg:items-start max-lg:gap-x-2 max-lg:gap-y-1 max-lg:border-l-4 max-lg:px-3 max-lg:py-3";

const cell = "min-w-0 text-left align-top font-normal max-lg:block lg:px-2 lg:py-(--row-pad)";
/** Below the name: a line of the card. */
const line = "max-lg:col-start-2 max-lg:-col-end-1";

export const cellClasses = {
  select: `${cell} max-lg:row-start-1 lg:border-l-4 lg:pl-3`,
  name: `${cell} max-lg:row-start-1 max-lg:col-span-2`,
  host: `${cell} ${line} sm:max-lg:col-end-3`,
  tls: `${cell} ${line} sm:max-lg:col-start-3`,
  days: `${cell} ${line} sm:max-lg:col-end-3`,
  tried: `${cell} ${line} sm:max-lg:col-start-3`,
  actions: `${cell} max-lg:row-start-1 max-lg:-col-end-1 lg:pr-3`,
} as const;

/** How wide the columns are; TLS takes what is left. */
export const headClasses = {
  select: "w-12",
  name: "w-[21%]",
  host: "w-[16%]",
  environment: "",
  tls: "",
  days: "w-40",
  tried: "w-36",
  actions: "w-44",
} as const;

/** The environment as an edge of the row. */
export const edges = {
  production: "border-l-production",
  staging: "border-l-staging",
  development: "border-l-development",
  none: "border-l-transparent",
} as const;

export const menuButtonClasses =
  "grid size-8 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink pointer-coarse:size-11";
