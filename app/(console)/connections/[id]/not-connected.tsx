"use client";

import { type ComponentProps, lazy } from "react";
import type { NotConnectedView as View } from "./not-connected-view.tsx";

const NotConnectedView = lazy(async () => ({
  default: (await import("./not-connected-view.tsx")).NotConnectedView,
}));

/** Why a connection does not stand, with its fixes; loaded only where that is so. */
export function NotConnected(props: ComponentProps<typeof View>) {
  return <NotConnectedView {...props} />;
}
