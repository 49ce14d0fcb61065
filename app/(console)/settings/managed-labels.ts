import "server-only";
import { workspace } from "#app/_server/workspace.ts";
import { sameLabel } from "#lib/saved/label-limits.ts";
import type { Label } from "#lib/saved/labels.ts";
import { type Actor, can } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

export type LabelKind = "group" | "tag";

/** A group or a tag, and on how many of one's connections it stands. */
export interface ManagedLabel {
  readonly kind: LabelKind;
  readonly name: string;
  readonly count: number;
}

/** The groups, then the tags, of all connections that this person manages; none where they cannot be read. */
export async function managedLabels(actor: Actor): Promise<readonly ManagedLabel[]> {
  const opened = await workspace();
  const managed = opened.ok ? await labelsManagedBy(opened.value, actor) : new Map<string, Label>();
  const counts = { group: new Map<string, number>(), tag: new Map<string, number>() };
  for (const { group, tags = [] } of managed.values()) {
    if (group !== undefined) counts.group.set(group, (counts.group.get(group) ?? 0) + 1);
    for (const tag of tags) counts.tag.set(tag, (counts.tag.get(tag) ?? 0) + 1);
  }
  return (["group", "tag"] as const).flatMap((kind) =>
    [...counts[kind]]
      .map(([name, count]) => ({ kind, name, count }))
      .sort((a, b) => byName.compare(a.name, b.name)),
  );
}

/** By connection id: where those belong that this person manages and that belong anywhere. */
export async function labelsManagedBy(
  { grants, labels, profiles }: Workspace,
  actor: Actor,
): Promise<ReadonlyMap<string, Label>> {
  const [listed, book, all] = [await profiles.list(), await grants.read(), await labels.all()];
  if (!listed.ok || !book.ok || !all.ok) return new Map();
  return new Map(
    listed.value.flatMap(({ id }) => {
      const label = all.value.get(id);
      const isManaged = can(actor, "connection:manage", { grants: book.value.of(id) });
      return label !== undefined && isManaged ? [[id, label] as const] : [];
    }),
  );
}

/** Whether a connection has it, in whatever spelling. */
export function hasLabel({ group, tags = [] }: Label, kind: LabelKind, name: string): boolean {
  if (kind === "tag") return tags.some((tag) => sameLabel(tag, name));
  return group !== undefined && sameLabel(group, name);
}

const byName = new Intl.Collator(undefined, { numeric: true });
