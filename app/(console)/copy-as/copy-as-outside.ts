import type { Messages } from "#messages/load-messages.ts";

/** The few words of "Copy as" that a page needs before the dialog has fetched the others. */
export function copyAsOutside({ button, title, close, loading, failed, again }: Messages["copyAs"]) {
  return { button, title, close, loading, failed, again };
}
