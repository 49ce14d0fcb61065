import type { CompletionContext as Asked, Completion, CompletionResult } from "@codemirror/autocomplete";
import { type CompletionContext, completionContext, type NamedTable } from "#lib/sql/completion-context.ts";
import { quoteIdentifier } from "#lib/sql/quote-identifier.ts";
import { sqlFunctions, sqlWords } from "#lib/sql/sql-words.ts";
import type { Names, SqlSession } from "./names.ts";

/**
 * What completion offers: columns of the tables that the statement itself names, relations of the search path, schemas,
 * functions, keywords. What the server does not tell in time is left out.
 */
export function sqlCompletions(session: () => SqlSession) {
  return async (asked: Asked): Promise<CompletionResult | null> => {
    const { rules, names } = session();
    const context = completionContext(asked.state.doc.toString(), asked.pos, rules);
    if (context === undefined) return null;
    const isAsked = asked.explicit || context.quoted || context.qualifier.length > 0;
    if (context.typed === "" && !isAsked) return null;
    const options = await optionsOf(context, names);
    // The library closes its list where the editor is left, but opens one there that comes after that.
    const isLeft = asked.view?.hasFocus === false;
    if (asked.aborted || isLeft || options.length === 0) return null;
    return {
      from: context.from,
      options,
      validFor: context.quoted ? /^"[^"]*$/ : /^[A-Za-z0-9_$\u0080-\uffff]*$/,
    };
  };
}

async function optionsOf(context: CompletionContext, names: Names | undefined): Promise<Completion[]> {
  const { qualifier, place, tables } = context;
  if (qualifier.length > 0) return ofQualifier(context, names);
  if (place === "relation") {
    const [relations, schemas] = await Promise.all([quietly(names?.relations()), quietly(names?.schemas())]);
    return [
      ...context.queries.map((name) => named(name, "query", 3)),
      ...relations.map(({ name, kind }) => named(name, kind, 2)),
      ...schemas.map((name) => named(name, "schema", 1)),
      ...words(context, ["select", "lateral", "only"]),
    ];
  }
  const columns = await Promise.all(tables.map((table) => columnsOf(table, names)));
  const offered = new Map<string, Completion>();
  for (const [index, list] of columns.entries()) {
    for (const { name, type } of list) {
      // Of two of the same name the nearer one counts.
      if (!offered.has(name)) offered.set(name, named(name, detailOf(type, tables[index]), 4));
    }
  }
  for (const { alias, name } of tables) {
    const spoken = alias ?? name;
    if (spoken !== undefined && !offered.has(spoken)) offered.set(spoken, named(spoken, name ?? "", 3));
  }
  if (place === "start") return words(context, sqlWords);
  return [
    ...offered.values(),
    ...sqlFunctions.map((name): Completion => ({ label: name, apply: `${name}(`, type: "function" })),
    ...words(context, sqlWords),
  ];
}

/** `alias.`, `table.`, `schema.`, `schema.table.`: whatever of it is known. */
async function ofQualifier(context: CompletionContext, names: Names | undefined): Promise<Completion[]> {
  const [first = "", second] = context.qualifier.slice(-2);
  const last = second ?? first;
  // Where a relation is named, what stands before the dot is its schema, however much it looks like the name so far.
  const table =
    context.place === "relation"
      ? undefined
      : context.tables.find(({ alias, name, schema }) =>
          second === undefined
            ? alias === last || (alias === undefined && name === last)
            : name === second && (schema === first || schema === undefined),
        );
  const asTable =
    table ?? (second === undefined ? undefined : { schema: first, name: second, alias: undefined });
  const [columns, relations] = await Promise.all([
    asTable === undefined ? [] : columnsOf(asTable, names),
    second === undefined && table === undefined ? quietly(names?.relations(first)) : [],
  ]);
  return [
    ...columns.map(({ name, type }) => named(name, type, 4)),
    ...relations.map(({ name, kind }) => named(name, kind, 2)),
  ];
}

function columnsOf({ schema, name }: NamedTable, names: Names | undefined) {
  return name === undefined ? Promise.resolve([]) : quietly(names?.columns(schema, name));
}

/** Completion is comfort: what the server does not tell is left out. */
async function quietly<T>(asked: Promise<readonly T[]> | undefined): Promise<readonly T[]> {
  try {
    return (await asked) ?? [];
  } catch {
    return [];
  }
}

function named(name: string, detail: string, boost: number): Completion {
  const label = name;
  return { label, apply: quoteIdentifier(name), detail, type: "name", boost };
}

function detailOf(type: string, table: NamedTable | undefined): string {
  const spoken = table?.alias ?? table?.name;
  return spoken === undefined ? type : `${type} · ${spoken}`;
}

/** Keywords in the case that is being typed. */
function words({ typed, quoted }: CompletionContext, list: readonly string[]): Completion[] {
  if (quoted) return [];
  const upper = typed !== "" && typed === typed.toUpperCase() && typed !== typed.toLowerCase();
  return list.map((word) => ({ label: upper ? word.toUpperCase() : word, type: "keyword", boost: -1 }));
}
