"use client";

import { type ComponentProps, lazy, Suspense } from "react";
import type { CopyButton } from "#components/ui/copy-button.tsx";

const Button = lazy(async () => ({ default: (await import("#components/ui/copy-button.tsx")).CopyButton }));

/** The demo's: the server writes it, and the list of any other console does not send it. */
export function LateCopyButton(props: ComponentProps<typeof CopyButton>) {
  return (
    <Suspense fallback={null}>
      <Button {...props} />
    </Suspense>
  );
}
