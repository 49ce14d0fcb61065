import { useState } from "react";
import type { Answer } from "#app/_server/answer.ts";
import type { ProfileView } from "#lib/profiles/view.ts";
import { sameLabel } from "#lib/saved/label-limits.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { useToast } from "../../toasts.tsx";
import type { LabelAsk } from "../list/list-actions.ts";
import type { SaveAction } from "./use-saving.ts";

/** Where a connection belongs, and what else there is to belong to. */
export interface GivenLabels {
  /** Empty for none. */
  readonly group: string;
  readonly tags: readonly string[];
  readonly known: { readonly groups: readonly string[]; readonly tags: readonly string[] };
  /** Writes them: they stand beside the connection and change no revision of it. */
  readonly label: (ask: LabelAsk) => Promise<Answer<null>>;
}

/** Group and tags of the form's connection, as they stand in it. */
export interface Labels {
  readonly group: string;
  readonly tags: readonly string[];
  readonly known: GivenLabels["known"];
  readonly set: (to: { readonly group?: string; readonly tags?: readonly string[] }) => void;
}

/**
 * Keeps group and tags beside the form's values, and has a save write both.
 * @returns undefined for `labels` where none can be given; `save` is the one to call
 */
export function useLabels(
  given: GivenLabels | undefined,
  save: SaveAction,
  view: ProfileView | undefined,
): { readonly labels: Labels | undefined; readonly changed: boolean; readonly save: SaveAction } {
  const toast = useToast();
  const [kept, setKept] = useState({ group: given?.group ?? "", tags: given?.tags ?? [] });
  const [now, setNow] = useState(kept);
  if (given === undefined) return { labels: undefined, changed: false, save };
  const { known, label } = given;
  const group = spelling(now.group, known.groups);
  const addTags = now.tags.filter((tag) => !kept.tags.includes(tag));
  const removeTags = kept.tags.filter((tag) => !now.tags.includes(tag));
  const change = {
    ...(group !== kept.group && { group: group === "" ? null : group }),
    ...(addTags.length > 0 && { addTags }),
    ...(removeTags.length > 0 && { removeTags }),
  };
  const changed = Object.keys(change).length > 0;

  async function write(id: string): Promise<void> {
    const written = await label({ ids: [id], ...change });
    if (written.ok) setKept({ ...now, group });
    else toast({ tone: "danger", text: `${written.explained.title}. ${written.explained.fix}` });
  }

  return {
    labels: { ...now, known, set: (to) => setNow((before) => ({ ...before, ...to })) },
    changed,
    save: async (values, target) => {
      if (!changed) return save(values, target);
      // Where they alone have changed, the connection is left as it is, and what is open on it stays open.
      const isSaved = view !== undefined && view.unsaved !== true && target?.rev === view.rev;
      const answer =
        isSaved && isSame(values, view.values)
          ? ({ type: "saved", view } as const)
          : await save(values, target);
      if (answer.type === "saved") await write(answer.view.id);
      return answer;
    },
  };
}

/** A name as it is kept; one that is there already keeps its spelling. */
export function spelling(text: string, known: readonly string[]): string {
  const name = text.trim().replace(/ +/g, " ");
  return known.find((one) => sameLabel(one, name)) ?? name;
}

function isSame(values: FormValues, saved: FormValues): boolean {
  return (Object.keys(saved) as (keyof FormValues)[]).every(
    (name) => JSON.stringify(values[name]) === JSON.stringify(saved[name]),
  );
}
