import type { ComponentType, ReactElement, ReactNode } from "react";

/** One entry of a menu: an act, or a link when it has `href`. */
export interface MenuItem {
  readonly label: string;
  /** Made already, where the server has drawn it. */
  readonly icon?:
    | ComponentType<{ readonly className?: string; readonly "aria-hidden"?: boolean }>
    | ReactElement;
  /** A path of this console. It is a real link: it opens in another tab like any other. */
  readonly href?: string;
  /** What it does; with `href`, what goes there without a full load. */
  readonly onSelect?: () => void;
  /** Removes or ends something. */
  readonly danger?: boolean;
  /** It stays in reach of the keyboard, and says so. Put the reason into `hint`. */
  readonly disabled?: boolean;
  /** Stands at its end: a key, a count, a reason. */
  readonly hint?: ReactNode;
  /** One of a choice, taken or not. */
  readonly checked?: boolean;
}

export interface MenuProps {
  /** The button's name, where its content is only a picture. */
  readonly label?: string;
  /** What the button shows. */
  readonly children: ReactNode;
  readonly className?: string;
  /** Entries; `"divider"` between groups. */
  readonly items: readonly (MenuItem | "divider")[];
  /** Stands above the entries and is no entry: whose menu it is. */
  readonly head?: ReactNode;
  /** The edge of the button that the menu keeps to; it turns round by itself where there is no room. */
  readonly align?: "start" | "end";
}
