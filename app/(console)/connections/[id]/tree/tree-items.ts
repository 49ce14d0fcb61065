import type { TreeListItem } from "#components/tree-list.tsx";
import type { FoundRelations, Relation, RelationTree, SchemaSummary } from "#lib/browse/shapes.ts";
import type { SchemaContent } from "./use-relations.ts";

export type TreeItem =
  | (TreeListItem & { readonly is: "schema"; readonly schema: SchemaSummary })
  | (TreeListItem & { readonly is: "relation"; readonly schema: string; readonly relation: Relation })
  /** A line instead of relations: they are on their way, there are none, more than are listed, or they did not come. */
  | (TreeListItem & {
      readonly is: "note";
      readonly schema: string;
      readonly note: "loading" | "empty" | "capped" | "refused";
    });

/** The lines of a tree whose schemas are folded or not, the server's own schemas last. */
export function treeItems(
  { schemas }: RelationTree,
  unfolded: ReadonlySet<string>,
  content: ReadonlyMap<string, SchemaContent>,
): readonly TreeItem[] {
  const ordered = [...schemas.filter(({ system }) => !system), ...schemas.filter(({ system }) => system)];
  return ordered.flatMap((schema, index): readonly TreeItem[] => {
    const { name } = schema;
    const expanded = unfolded.has(name);
    const head: TreeItem = {
      is: "schema",
      id: schemaId(name),
      level: 1,
      name,
      position: index + 1,
      size: ordered.length,
      expanded,
      schema,
    };
    return expanded ? [head, ...contentItems(name, content.get(name))] : [head];
  });
}

/** The lines of a search: each with its schema, best first. */
export function foundItems({ found, capped }: FoundRelations): readonly TreeItem[] {
  const items = found.map(
    ({ schema, ...relation }, index): TreeItem => relationItem(schema, relation, index, found.length, 1),
  );
  return capped ? [...items, noteItem("", "capped", 1)] : items;
}

export function relationId(schema: string, name: string): string {
  return `r:${JSON.stringify([schema, name])}`;
}

function schemaId(name: string): string {
  return `s:${name}`;
}

function contentItems(schema: string, content: SchemaContent | undefined): readonly TreeItem[] {
  if (content === undefined || content === "loading") return [noteItem(schema, "loading")];
  if ("why" in content) return [noteItem(schema, "refused")];
  const { relations, capped } = content;
  if (relations.length === 0) return [noteItem(schema, "empty")];
  const items = relations.map((relation, index) =>
    relationItem(schema, relation, index, relations.length, 2),
  );
  return capped ? [...items, noteItem(schema, "capped")] : items;
}

function relationItem(
  schema: string,
  relation: Relation,
  index: number,
  size: number,
  level: number,
): TreeItem {
  const { name } = relation;
  return {
    is: "relation",
    id: relationId(schema, name),
    level,
    name,
    position: index + 1,
    size,
    schema,
    relation,
  };
}

function noteItem(schema: string, note: "loading" | "empty" | "capped" | "refused", level = 2): TreeItem {
  return { is: "note", id: `n:${schema}`, level, name: "", position: 1, size: 1, schema, note };
}
