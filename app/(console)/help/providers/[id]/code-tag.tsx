import type { ReactNode } from "react";

/** What `<code>` in a message becomes. */
export const codeTag = {
  code: (text: ReactNode) => <code className="rounded-sm bg-sunken px-1 text-[0.9em]">{text}</code>,
};
