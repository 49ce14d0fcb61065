import type { ReactNode } from "react";
import type { Environment } from "#lib/settings/form-values.ts";
import type { ConnectionsQuery } from "./connections-query.ts";
import type { TlsState } from "./list-choices.ts";

/** A row as the browser shows it, in the reader's words. */
export interface RowView {
  readonly id: string;
  readonly name: string;
  /** Whether whoever looks may change and delete it. */
  readonly manages: boolean;
  readonly environment: Environment;
  readonly environmentName: string;
  /** `host:port`; empty where what it was taken over from could not be read. */
  readonly server: string;
  /** The database, or why there is no server. */
  readonly database: string;
  readonly tls: {
    readonly state: TlsState;
    readonly text: string;
    readonly mark?: string;
    readonly code?: string;
  };
  readonly certificate?: {
    readonly text: string;
    /** Of the last 90 days, 0 to 100. */
    readonly share: number;
    readonly tone: "danger" | "warn" | "success";
  };
  readonly tried?: { readonly ago: string; readonly at: string; readonly by?: string };
  readonly favourite: boolean;
  readonly group?: string;
  readonly tags: readonly string[];
}

/** What a row only shows (`row-facts.tsx`). */
export type RowFacts = Readonly<Record<"star" | "tls" | "days" | "tried" | "more", ReactNode>>;

/** A section of the list on one page. */
export interface SectionView {
  readonly kind: "favourites" | "group" | "rest" | "all";
  readonly name: string;
  readonly key: string;
  readonly folded: boolean;
  readonly count: number;
  readonly rows: readonly RowView[];
}

/** The list, as its page hands it to the browser. */
export interface ListView {
  readonly query: ConnectionsQuery;
  readonly sections: readonly SectionView[];
  /** How many match the search and the filters. */
  readonly matching: number;
  readonly groups: readonly string[];
  readonly tags: readonly string[];
}
