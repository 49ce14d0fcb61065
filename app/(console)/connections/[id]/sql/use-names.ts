"use client";

import { useMemo } from "react";
import type { Names, RelationName } from "#components/sql-editor/names.ts";
import type { FoundRelations, OpenedSchema, RelationTree, TableFacts } from "#lib/browse/shapes.ts";

/** How long what the server told is good, ms: a table that was made elsewhere is offered a little later. */
const freshMs = 60_000;

/**
 * What completion knows of the server: asked when it is needed, a schema or a table at a time, and kept a minute.
 * @param searchPath of the tab's own session, where it is known; else that of a new one
 * @param made       changes when something may have been made or dropped
 */
export function useNames(
  connectionId: string,
  searchPath: readonly string[] | undefined,
  made: unknown,
): Names {
  const path = searchPath?.join("\0");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what may have changed is asked anew
  return useMemo(() => names(connectionId, path?.split("\0")), [connectionId, path, made]);
}

function names(connectionId: string, searchPath: readonly string[] | undefined): Names {
  const address = `/api/connections/${encodeURIComponent(connectionId)}`;
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();

  function ask<T>(route: "relations" | "table", body: object): Promise<T> {
    const key = `${route} ${JSON.stringify(body)}`;
    const found = kept.get(key);
    if (found !== undefined && performance.now() - found.at < freshMs) return found.answer as Promise<T>;
    const answer = post(`${address}/${route}`, body);
    kept.set(key, { at: performance.now(), answer });
    // What failed is asked again.
    answer.catch(() => kept.delete(key));
    return answer as Promise<T>;
  }

  const tree = () => ask<RelationTree>("relations", {});

  async function inSchema(schema: string): Promise<readonly RelationName[]> {
    const first = await tree();
    const opened =
      first.opened?.schema === schema ? first.opened : await ask<OpenedSchema>("relations", { schema });
    return opened.relations.map(({ name, kind }) => ({ schema, name, kind }));
  }

  async function path(): Promise<readonly string[]> {
    const { schemas, searchPath: usual } = await tree();
    const there = new Set(schemas.map(({ name }) => name));
    return (searchPath ?? usual).filter((schema) => there.has(schema));
  }

  /** In the order of the search path: of two of one name the first is meant. */
  async function unqualified(): Promise<readonly RelationName[]> {
    const found = new Map<string, RelationName>();
    for (const relations of await Promise.all((await path()).map(inSchema))) {
      for (const one of relations) if (!found.has(one.name)) found.set(one.name, one);
    }
    return [...found.values()];
  }

  return {
    schemas: async () => (await tree()).schemas.filter(({ system }) => !system).map(({ name }) => name),
    relations: (schema) => (schema === undefined ? unqualified() : inSchema(schema)),
    columns: async (schema, table) => {
      const meant = schema ?? (await unqualified()).find(({ name }) => name === table)?.schema;
      // In a schema of very many not all are listed.
      const place = meant ?? (await search(table));
      if (place === undefined) return [];
      const { columns } = await ask<TableFacts>("table", { schema: place, table });
      return columns.map(({ name, type }) => ({ name, type }));
    },
  };

  async function search(table: string): Promise<string | undefined> {
    const { found } = await ask<FoundRelations>("relations", { search: table });
    const order = await path();
    const places = found.filter(({ name }) => name === table).map(({ schema }) => schema);
    return order.find((schema) => places.includes(schema));
  }
}

async function post(address: string, body: object): Promise<unknown> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    cache: "no-store",
  });
  if (!answer.ok) throw new Error("not told");
  return answer.json();
}
