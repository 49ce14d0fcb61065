"use client";

import { type ComponentProps, lazy, Suspense } from "react";
import type { PasteBox } from "./paste-box.tsx";

const Box = lazy(async () => ({ default: (await import("./paste-box.tsx")).PasteBox }));

/** The box of a console without a connection: the server writes it, and a list with connections does not send it. */
export function LatePasteBox(props: ComponentProps<typeof PasteBox>) {
  return (
    <Suspense fallback={null}>
      <Box {...props} />
    </Suspense>
  );
}
