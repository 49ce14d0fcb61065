/** One statement, and what is bound to its parameters `$1`, `$2` …. */
export interface Statement {
  readonly text: string;
  /** Each as the server's own input function reads it, or `null` for SQL's NULL. Never pasted into the text. */
  readonly values: readonly (string | null)[];
}

/** Parameters one statement can have: their number is a UInt16 in the Bind message. */
export const mostValues = 65_535;

/** A statement with the values of its parameters in their order; numbers are written out. */
export function statement(text: string, ...values: readonly (string | number | null)[]): Statement {
  return { text, values: values.map((value) => (value === null ? null : String(value))) };
}

/** An array as PostgreSQL's `array_in` reads it: https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO */
export function arrayText(values: readonly (string | number | null)[]): string {
  const items = values.map((value) =>
    value === null ? "NULL" : `"${String(value).replace(/["\\]/g, (sign) => `\\${sign}`)}"`,
  );
  return `{${items.join(",")}}`;
}
