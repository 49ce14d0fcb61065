import "server-only";
import { escapeIdentifier } from "pg";
import type { Statement } from "#lib/session/statement.ts";

/** A piece of SQL: text, values that are bound, and pieces that an error is to be led back to. */
export interface Sql {
  readonly parts: readonly Part[];
}

type Part = string | { readonly value: string | null } | { readonly of: string | number; readonly sql: Sql };

/** A statement that was put together, and where in its text each named piece stands. */
export interface BuiltStatement extends Statement {
  /** Ends of the pieces, in UTF-16 units. */
  readonly pieces: readonly {
    readonly of: string | number;
    readonly start: number;
    readonly end: number;
    /** Its parameters: from the first on, so many. */
    readonly firstValue: number;
    readonly values: number;
  }[];
}

/** SQL with other SQL in it. What comes from outside comes in by `bound` and `named`, never as a text. */
export function sql(texts: TemplateStringsArray, ...inner: readonly Sql[]): Sql {
  return {
    parts: texts.flatMap((text, index): readonly Part[] =>
      index === 0 ? [text] : [...(inner[index - 1]?.parts ?? []), text],
    ),
  };
}

/** SQL that is written down in this house, or that the server itself has quoted. */
export function plain(text: string): Sql {
  return { parts: [text] };
}

/** A value: a parameter of the statement. */
export function bound(value: string | null): Sql {
  return { parts: [{ value }] };
}

/** A name, quoted; several are joined by dots. */
export function named(...names: readonly string[]): Sql {
  return plain(names.map((name) => escapeIdentifier(name)).join("."));
}

/** A piece that an error of the server can be led back to. */
export function piece(of: string | number, inner: Sql): Sql {
  return { parts: [{ of, sql: inner }] };
}

export function joined(pieces: readonly Sql[], separator: string): Sql {
  return {
    parts: pieces.flatMap(({ parts }, index) => (index === 0 ? parts : [separator, ...parts])),
  };
}

/** Numbers the parameters and writes it all out. */
export function built(given: Sql): BuiltStatement {
  let text = "";
  const values: (string | null)[] = [];
  const pieces: BuiltStatement["pieces"][number][] = [];
  const write = ({ parts }: Sql) => {
    for (const part of parts) {
      if (typeof part === "string") text += part;
      else if ("value" in part) text += `$${values.push(part.value)}`;
      else {
        const start = text.length;
        const firstValue = values.length + 1;
        write(part.sql);
        pieces.push({
          of: part.of,
          start,
          end: text.length,
          firstValue,
          values: values.length + 1 - firstValue,
        });
      }
    }
  };
  write(given);
  return { text, values, pieces };
}
