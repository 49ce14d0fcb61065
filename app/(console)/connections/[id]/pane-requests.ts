import type { Place } from "./place.ts";

/** What a pane asks of those around it. */
export type PaneRequest =
  | { readonly to: "place"; readonly place: Place }
  /** The tree, searched for a text. */
  | { readonly to: "tree"; readonly text: string }
  /** A draft, in an SQL tab of its own. */
  | { readonly to: "draft"; readonly draft: string };

/** Who shows the panes, by connection. */
const heard = new Map<string, (request: PaneRequest) => void>();

/** Asks the connected view, from wherever in it. */
export function askPanes(connectionId: string, request: PaneRequest): void {
  heard.get(connectionId)?.(request);
}

/** @returns ends it */
export function onPaneRequest(connectionId: string, act: (request: PaneRequest) => void): () => void {
  heard.set(connectionId, act);
  return () => {
    if (heard.get(connectionId) === act) heard.delete(connectionId);
  };
}
