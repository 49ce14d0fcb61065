"use client";

import { type ComponentProps, lazy } from "react";
import type { SeenButton } from "./[id]/moved/seen-button.tsx";
import type { UnlockBanner } from "./[id]/unlock/unlock-banner.tsx";
import type { DismissNote } from "./form/dismiss-note.tsx";

// Written by the server where they stand, in files of their own: hardly any page of a connection shows one of them.
const Banner = lazy(async () => ({
  default: (await import("./[id]/unlock/unlock-banner.tsx")).UnlockBanner,
}));
const Seen = lazy(async () => ({ default: (await import("./[id]/moved/seen-button.tsx")).SeenButton }));
const Dismiss = lazy(async () => ({ default: (await import("./form/dismiss-note.tsx")).DismissNote }));

/** `UnlockBanner`, fetched where it is shown. */
export function LateUnlockBanner(props: ComponentProps<typeof UnlockBanner>) {
  return <Banner {...props} />;
}

/** `SeenButton`, fetched where it is shown. */
export function LateSeenButton(props: ComponentProps<typeof SeenButton>) {
  return <Seen {...props} />;
}

/** `DismissNote`, fetched where it is shown. */
export function LateDismissNote(props: ComponentProps<typeof DismissNote>) {
  return <Dismiss {...props} />;
}
