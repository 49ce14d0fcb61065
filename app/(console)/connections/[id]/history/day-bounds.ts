/**
 * A day as moments: from its beginning up to the next one's, where the person's clock is.
 * @param day      `2026-11-26`
 * @param timeZone an IANA name
 * @returns ISO 8601 UTC; undefined for what is no day
 */
export function dayBounds(
  day: string,
  timeZone: string,
): { readonly from: string; readonly until: string } | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const from = beginning(Number(year), Number(month) - 1, Number(date), timeZone);
  const until = beginning(Number(year), Number(month) - 1, Number(date) + 1, timeZone);
  return Number.isNaN(from + until)
    ? undefined
    : { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
}

/** The first moment of a day: the offset is that of the moment itself, which is known only once it is found. */
function beginning(year: number, month: number, date: number, timeZone: string): number {
  const wanted = Date.UTC(year, month, date);
  let found = wanted;
  for (let round = 0; round < 3; round += 1) found = wanted - offsetAt(found, timeZone);
  // Where midnight itself is left out, the day begins later.
  return found + Math.max(0, wanted - (found + offsetAt(found, timeZone)));
}

/** How much later the clocks there are than UTC's, ms. */
function offsetAt(moment: number, timeZone: string): number {
  const options = { timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" } as const;
  const clock = { hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const parts = new Intl.DateTimeFormat("en-US", { ...options, ...clock }).formatToParts(moment);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return shown - Math.floor(moment / 1000) * 1000;
}
